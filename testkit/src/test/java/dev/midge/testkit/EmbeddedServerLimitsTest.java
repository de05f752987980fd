// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.Info;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** R-F11: every limit, what is said when it is passed, and whether the connection stays. */
class EmbeddedServerLimitsTest {
    @Test
    void payload() {
        try (EmbeddedServer server = EmbeddedServer.builder().maxPayload(10).start();
                WireClient client = WireClient.silent(server.port())) {
            assertThat(Info.parse(client.info()).maxPayload()).isEqualTo(10);
            client.say("PUB a 10\r\n0123456789\r\n").hears("+OK\r\n");
            client.say("PUB a 11\r\n01234567890\r\n")
                    .hears("-ERR 'Maximum Payload Violation'\r\n")
                    .ends();
        }
    }

    /** The server swallows what the client goes on sending: it is not reset before it has heard the error. */
    @Test
    void payloadThatIsSentNevertheless() {
        try (EmbeddedServer server = EmbeddedServer.start();
                WireClient client = WireClient.connect(server.port(), "")) {
            client.say("PUB a 2000000\r\n").hears("-ERR");
            client.sayInPieces(2_000_000, "x".repeat(2_000_000) + "\r\nPING\r\n")
                    .hears(" 'Maximum Payload Violation'\r\n")
                    .ends();
        }
    }

    @Test
    void controlLine() {
        try (EmbeddedServer server = EmbeddedServer.builder().maxControlLine(20).start();
                WireClient client = WireClient.connect(server.port())) {
            client.say("CONNECT {\"verbose\":false}\r\n").stays();
            client.say("SUB 123456789012345678 1\r\n").stays();
            client.say("SUB 1234567890123456789 1\r\n")
                    .hears("-ERR 'maximum control line exceeded'\r\n")
                    .ends();
        }
    }

    @Test
    void subscriptions() {
        try (EmbeddedServer server =
                        EmbeddedServer.builder().maxSubscriptions(3).start();
                WireClient client = WireClient.connect(server.port())) {
            client.say("SUB a 1\r\nSUB a 2\r\nSUB a 3\r\nSUB a 4\r\nSUB a 3\r\nUNSUB 1\r\nSUB b 5\r\nPUB b 0\r\n\r\n")
                    .hears("+OK\r\n".repeat(3)
                            + "-ERR 'maximum subscriptions exceeded'\r\n".repeat(2)
                            + "+OK\r\n".repeat(3)
                            + "MSG b 5 0\r\n\r\n")
                    .stays();
            assertThat(server.subscriptions()).isEqualTo(3);
        }
    }

    @Test
    void tokens() {
        try (EmbeddedServer server =
                        EmbeddedServer.builder().maxSubjectTokens(3).start();
                WireClient client = WireClient.connect(server.port(), "")) {
            client.say("SUB a.b.c 1\r\nSUB a.b.c.d 2\r\n")
                    .hears("-ERR 'Permissions Violation for Subscription to \"a.b.c.d\", too many tokens'\r\n")
                    .stays();
        }
    }

    @Test
    void connections() {
        try (EmbeddedServer server = EmbeddedServer.builder().maxConnections(1).start()) {
            try (WireClient first = WireClient.connect(server.port());
                    WireClient second = WireClient.connect(server.port())) {
                second.hears("-ERR 'maximum connections exceeded'\r\n").ends();
                first.stays();
                assertThat(server.connections()).isEqualTo(1);
            }
            Until.isTrue("the first one is gone", () -> server.connections() == 0);
            try (WireClient third = WireClient.connect(server.port())) {
                third.stays();
            }
        }
    }

    @Test
    void noHeaders() {
        try (EmbeddedServer server = EmbeddedServer.builder().headers(false).start();
                WireClient client = WireClient.silent(server.port())) {
            assertThat(Info.parse(client.info()).headers()).isFalse();
            client.say("CONNECT {\"headers\":true,\"verbose\":false}\r\n").stays();
            client.say("HPUB a 12 12\r\n").ends();
        }
    }

    /** The one who sends headers and the one who gets the message need not both understand them. */
    @Test
    void headersAreLeftOutForClientsWithout() {
        try (EmbeddedServer server = EmbeddedServer.start();
                WireClient from = WireClient.connect(server.port(), "");
                WireClient to = WireClient.connect(server.port())) {
            to.say("CONNECT {\"verbose\":false}\r\nSUB a 1\r\n").stays();
            from.say("HPUB a r 012 0015\r\nNATS/1.0\r\n\r\nxyz\r\n").stays();
            to.hears("MSG a 1 r 3\r\nxyz\r\n").stays();
        }
    }

    @Test
    void pendingBytes() throws IOException {
        try (EmbeddedServer server =
                        EmbeddedServer.builder().maxPending(1_000_000).start();
                WireClient slow = WireClient.connect(server.port(), "");
                WireClient fast = WireClient.connect(server.port(), "")) {
            slow.say("SUB a 1\r\n").stays();
            int sent = 0;
            while (server.subscriptions() == 1) {
                fast.say("PUB a 100000\r\n" + "x".repeat(100_000) + "\r\n").stays();
                assertThat(++sent).as("messages until the slow one is closed").isLessThan(1000);
            }
            // What it had been sent before is in its socket, then comes the end without a word.
            assertThat(slow.countToEnd()).isLessThan(sent * 100_020);
            Until.isTrue("it is counted no more", () -> server.connections() == 1);
        }
    }

    @Test
    void writeDeadline() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .writeDeadline(Duration.ofMillis(100))
                        .start();
                WireClient slow = WireClient.connect(server.port(), "");
                WireClient fast = WireClient.connect(server.port(), "")) {
            slow.say("SUB a 1\r\n").stays();
            int sent = 0;
            while (server.subscriptions() == 1) {
                if (sent < 300) {
                    fast.say("PUB a 100000\r\n" + "x".repeat(100_000) + "\r\n");
                    sent++;
                }
                fast.stays();
            }
            assertThat(slow.countToEnd()).isLessThan(sent * 100_020);
        }
    }

    /**
     * R-B6: who sends faster than another one receives is slowed down, and all of it arrives. A publisher is held up for
     * 10 ms at a time, and so would pass maxPending in the end where the reader stands still: here it waits before that.
     */
    @Test
    void fastPublisherWaitsForSlowSubscriber() {
        int count = 5_000; // far more than may wait for the slow one
        int ahead = 3_200; // 32 MB, of 33.5 that may
        AtomicInteger heard = new AtomicInteger();
        String body = "x".repeat(10_000);
        try (EmbeddedServer server =
                        EmbeddedServer.builder().maxPending(32 << 20).start();
                WireClient slow = WireClient.connect(server.port(), "");
                WireClient fast = WireClient.connect(server.port(), "")) {
            slow.say("SUB a 1\r\n").stays();
            Thread publisher = new Thread(() -> {
                for (int i = 0; i < count; i++) {
                    int enough = i - ahead;
                    Until.isTrue("the slow one has heard some", () -> heard.get() >= enough);
                    fast.say("PUB a 10000\r\n" + body + "\r\n");
                }
            });
            publisher.start();
            for (int i = 0; i < count; i++) {
                slow.hears("MSG a 1 10000\r\n" + body + "\r\n");
                heard.incrementAndGet();
            }
            slow.stays();
            fast.stays();
        }
    }
}
