// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A short {@code bench/midge chaos --stan}; the leak check is on it as on every test. */
class StanChaosIT {
    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void everyAcknowledgedMessageIsDeliveredToEachDurable() throws Exception {
        StanChaos.Report report = new StanChaos(Duration.ofSeconds(9), Duration.ofSeconds(3), 5, 5, 500).execute();

        assertThat(report.missing()).isEmpty();
        assertThat(report.kills()).isEqualTo(3);
        assertThat(report.acked()).isPositive();
        assertThat(report.acked() + report.unknown() + report.notStored())
                .as("each publish was settled")
                .isEqualTo(report.sent());
        assertThat(report.deliveries()).isGreaterThanOrEqualTo(5 * report.acked());
    }
}
