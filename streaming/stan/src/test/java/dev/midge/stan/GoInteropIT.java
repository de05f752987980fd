// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.testkit.base.NatsStreamingServer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages from stan.go, and to it. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class GoInteropIT {
    private static final int COUNT = 20;

    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void build() throws Exception {
        GoProgram.build();
    }

    @Test
    void receivesFromIt() throws Exception {
        try (NatsStreamingServer server = NatsStreamingServer.start();
                Connection nc = Patience.connect(server.url());
                StanConnection sc = Patience.connect(nc, "java-client");
                GoProgram program = GoProgram.start("publish", server.url(), "c", String.valueOf(COUNT))) {
            assertThat(program.said("OK")).isEmpty();
            program.end();
            Inbox inbox = new Inbox();
            sc.subscribe(
                    "c", StanSubscribeOptions.builder().deliverAllAvailable().build(), inbox);
            for (int i = 1; i <= COUNT; i++) {
                StanMessage message = inbox.next();
                assertThat(message.text()).isEqualTo("go " + i);
                assertThat(message.sequence()).isEqualTo(i);
            }
        }
    }

    @Test
    void isReceivedByIt() throws Exception {
        try (NatsStreamingServer server = NatsStreamingServer.start();
                Connection nc = Patience.connect(server.url());
                StanConnection sc = Patience.connect(nc, "java-client");
                GoProgram program = GoProgram.start("subscribe", server.url(), "c", String.valueOf(COUNT))) {
            assertThat(program.said("READY")).isEmpty();
            for (int i = 1; i <= COUNT; i++) {
                sc.publish("c", "java " + i);
            }
            for (int i = 1; i <= COUNT; i++) {
                assertThat(program.said("GOT")).isEqualTo(i + " java " + i);
            }
            program.end();
        }
    }
}
