// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.conformance.ClientConformance;
import dev.midge.testkit.conformance.Outcome;
import dev.midge.testkit.conformance.Report;
import org.junit.jupiter.api.Test;

/** What Midge says to a server, and makes of what it hears: the client half of docs/conformance.md. R-A1, R-B1, R-B7. */
class ConformanceTest {
    @Test
    void saysWhatAClientShould() {
        Report report = ClientConformance.run("Midge", MidgeUnderTest::new);
        assertThat(report.results())
                .hasSizeGreaterThan(80)
                .allSatisfy(
                        result -> assertThat(result.outcome()).as(result.id()).isEqualTo(new Outcome.Passed()));
    }
}
