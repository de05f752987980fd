// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.NatsServer;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A smaller {@code bench/midge connections}. How attempts are spread is for virtual time: ServerPool's tests. */
class ConnectionsIT {
    private static final int COUNT = 300;

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

    /** Paranoid leak detection makes records of all accesses to buffers, which would be measured too. */
    @BeforeEach
    void withoutLeakRecords() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void withLeakRecords() {
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    @DisplayName("R-A1, R-A10: many idle connections cost little, and all come back")
    void manyConnectionsCostLittleAndComeBack() {
        try (NatsServer server = NatsServer.start();
                Connections connections = new Connections(server, COUNT)) {
            Connections.Cost cost = connections.measure();
            assertThat(cost.moreThreads()).isLessThanOrEqualTo(2);
            assertThat(cost.heapEach()).isLessThanOrEqualTo(24 << 10);
            assertThat(cost.directEach()).isLessThanOrEqualTo(40 << 10);
            assertThat(connections.restart().back()).isGreaterThanOrEqualTo(COUNT);
        }
    }
}
