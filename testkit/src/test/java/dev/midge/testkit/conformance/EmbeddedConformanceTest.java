// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R-F11: EmbeddedServer answers as nats-server 2.15.2 does. Needs no binary, so it runs with the unit tests. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EmbeddedConformanceTest {
    @Test
    void answersAsNatsServerDoes() {
        try (ServerUnderTest server = ServerUnderTest.embedded()) {
            Report report = ServerConformance.run(server);
            assertThat(report.results())
                    .allSatisfy(result ->
                            assertThat(result.outcome()).as(result.id()).isEqualTo(result.expected()));
            assertThat(report.differing()).isZero();
        }
    }
}
