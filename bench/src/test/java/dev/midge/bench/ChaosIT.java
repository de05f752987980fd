// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short {@code bench/midge chaos}; the leak check is on it as on every test. */
class ChaosIT {
    /** Machines that run tests are busy with other things too. */
    private static final Duration MACHINE = Duration.ofSeconds(15);

    @ParameterizedTest
    @EnumSource
    @DisplayName("R-A1, R-A2, R-A7, R-B1, R-B2: a cluster whose nodes are killed in turn")
    void killsNodesInTurnAndAccountsForEveryMessage(NatsServerVersion version) throws Exception {
        ChaosRun run = new ChaosRun(version, Duration.ofSeconds(9), Duration.ofSeconds(3), 10, 10, 4_000, MACHINE);

        ChaosReport report = run.execute();

        assertThat(report.violations()).isEmpty();
        assertThat(report.kills).isEqualTo(3);
        // Each node was killed, so everybody has lost a server once at least.
        assertThat(report.reconnects()).isGreaterThanOrEqualTo(20);
        assertThat(report.accepted()).isGreaterThan(10_000);
        assertThat(report.received()).isGreaterThan(5_000);
    }
}
