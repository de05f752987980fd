// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short {@code bench/midge chaos --jetstream}; the leak check is on it as on every test. */
@Timeout(300) // elections, on machines that do other things too
class StreamChaosIT {
    /** Machines that run tests are busy with other things too. */
    private static final Duration MACHINE = Duration.ofSeconds(40);

    @ParameterizedTest
    @EnumSource
    @DisplayName("R-E1, R-E5: a stream whose leader is killed twice")
    void killsLeadersAndAccountsForEveryMessage(NatsServerVersion version) throws Exception {
        StreamChaosRun run = new StreamChaosRun(
                version, Duration.ofSeconds(6), Duration.ofSeconds(5), 5, 50, Duration.ofSeconds(1), MACHINE);

        StreamChaosReport report = run.execute();

        assertThat(report.violations()).isEmpty();
        assertThat(report.kills).isGreaterThanOrEqualTo(1);
        assertThat(report.confirmed)
                .isGreaterThanOrEqualTo(2 * 5); // each once at the beginning, and behind the first kill
        assertThat(report.received).isGreaterThanOrEqualTo(4 * report.confirmed);
    }
}
