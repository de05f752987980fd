// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R-C7: drains with real servers. */
@NatsServerTest
class DrainIT {
    private static final Duration LONG = Session.LONG;

    private final NatsServer server;

    DrainIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void workersLeave() throws Exception {
        WorkersLeave.run(server.url());
    }

    /** What the Java client answers true to. */
    @Test
    void fiveUnread() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription subscription = nc.subscribe("five");
            for (int i = 0; i < 5; i++) {
                nc.publish("five", "x");
            }
            nc.flush(LONG);
            Eventually.isTrue("five messages", () -> subscription.pendingMessages() == 5);
            assertThat(subscription.drain(Duration.ofMillis(200))).isEqualTo(new DrainResult(false, 5, true));
            nc.publish("five", "not for it");
            nc.flush(LONG);
            assertThat(subscription.pendingMessages()).isEqualTo(5);
        }
    }

    /** R-A7. */
    @Test
    void aProgramEndsWithItsDrain() throws Exception {
        ChildJvm.Output output = ChildJvm.run(DrainingProgram.class, List.of(), server.url());
        assertThat(output.out()).isEqualTo("handled 100\n" + new DrainResult(true, 0, false) + "\n");
    }
}
