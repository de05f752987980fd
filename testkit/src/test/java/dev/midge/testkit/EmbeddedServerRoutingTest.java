// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** R-F11: who gets which message. */
@EmbeddedServerTest
class EmbeddedServerRoutingTest {
    private static WireClient client(EmbeddedServer server) {
        return WireClient.connect(server.port(), "");
    }

    @Test
    void wildcardsMatchTokens(EmbeddedServer server) {
        String[][] expected = {
            {"a", "1 2 9"}, {"a.b", "1 3 4 5"}, {"a.b.c", "1 3 6 7"}, {"b", "1 2"}, {"x.b", "1 4"}, {"a.b.c.d", "1 3 8"}
        };
        String[] subjects = {">", "*", "a.>", "*.b", "a.b", "a.*.c", "a.b.*", "a.*.*.>", "a"};
        try (WireClient client = client(server)) {
            for (int i = 0; i < subjects.length; i++) {
                client.say("SUB " + subjects[i] + " " + (i + 1) + "\r\n");
            }
            for (String[] pair : expected) {
                client.say("PUB " + pair[0] + " 0\r\n\r\nPING\r\n");
                Set<String> sids = new HashSet<>();
                for (String line = client.line(); !line.equals("PONG\r\n"); line = client.line()) {
                    sids.add(line.split(" ", -1)[2]);
                    client.hears("\r\n");
                }
                assertThat(sids).as(pair[0]).containsExactlyInAnyOrder(pair[1].split(" ", -1));
            }
        }
    }

    @Test
    void oneOfEachQueueGroupGetsAMessage(EmbeddedServer server) {
        try (WireClient from = client(server);
                WireClient one = client(server);
                WireClient two = client(server)) {
            one.say("SUB jobs.* g 1\r\nSUB jobs.a h 2\r\nSUB jobs.> 3\r\n").stays();
            two.say("SUB jobs.a g 1\r\nSUB jobs.a h 2\r\n").stays();
            int count = 200;
            from.say("PUB jobs.a 1\r\nx\r\n".repeat(count)).stays();
            int[] first = countSids(one);
            int[] second = countSids(two);
            assertThat(first[1] + second[1]).isEqualTo(count);
            assertThat(first[2] + second[2]).isEqualTo(count);
            assertThat(first[3]).isEqualTo(count);
            assertThat(first[1]).isBetween(1, count - 1);
            assertThat(first[2]).isBetween(1, count - 1);
        }
    }

    private static int[] countSids(WireClient client) {
        int[] counts = new int[4];
        client.say("PING\r\n");
        for (String line = client.line(); !line.equals("PONG\r\n"); line = client.line()) {
            counts[Integer.parseInt(line.split(" ", -1)[2])]++;
            client.hears("x\r\n");
        }
        return counts;
    }

    /** A member that may not get it, or is gone, leaves it to another one. */
    @Test
    void queueGroupPassesOverWhoCannotGetIt(EmbeddedServer server) {
        try (WireClient from = WireClient.connect(server.port(), ",\"echo\":false");
                WireClient to = client(server)) {
            from.say("SUB a g 1\r\n").stays();
            to.say("SUB a g 2\r\n").stays();
            from.say("PUB a 0\r\n\r\n".repeat(50)).stays();
            to.hears("MSG a 2 0\r\n\r\n".repeat(50)).stays();
        }
    }

    @Test
    void changesOfSubscriptionsCountAtOnce(EmbeddedServer server) {
        try (WireClient client = client(server)) {
            for (int i = 0; i < 20; i++) {
                client.say(
                                "PUB a 0\r\n\r\nSUB a 1\r\nPUB a 0\r\n\r\nSUB * 2\r\nUNSUB 1\r\nPUB a 0\r\n\r\nUNSUB 2\r\nPUB a 0\r\n\r\n")
                        .hears("MSG a 1 0\r\n\r\nMSG a 2 0\r\n\r\n")
                        .stays();
            }
        }
    }

    @Test
    void subscriptionsEndWithTheirConnection(EmbeddedServer server) {
        try (WireClient client = client(server)) {
            try (WireClient other = client(server)) {
                other.say("SUB a 1\r\nSUB b q 2\r\n").stays();
                assertThat(server.subscriptions()).isEqualTo(2);
            }
            Until.isTrue("its subscriptions are gone", () -> server.subscriptions() == 0);
            client.say("SUB r 1\r\nPUB a r 0\r\n\r\n")
                    .hears("HMSG r 1 33 33\r\nNATS/1.0 503\r\nNats-Subject: a\r\n\r\n\r\n")
                    .stays();
        }
    }

    @Test
    void largeMessagesArriveAsTheyAre(EmbeddedServer server) {
        StringBuilder text = new StringBuilder();
        while (text.length() < 1 << 20) {
            text.append(text.length()).append(' ');
        }
        String body = text.substring(0, 1 << 20);
        try (WireClient from = client(server);
                WireClient to = client(server)) {
            to.say("SUB a.* 1\r\n").stays();
            for (int piece : new int[] {1 << 20, 65_535, 1_000}) {
                from.sayInPieces(piece, "PUB a.b c 1048576\r\n" + body + "\r\n").stays();
                to.hears("MSG a.b 1 c 1048576\r\n" + body + "\r\n");
            }
            to.stays();
        }
    }

    @Test
    void whoHasSaidAllHearsTheRest(EmbeddedServer server) throws IOException {
        hearTheRest(server.port());
    }

    /** More than sockets hold waits for a client that says no more, and only then listens. */
    static void hearTheRest(int port) throws IOException {
        String body = "x".repeat(100_000);
        try (WireClient client = WireClient.connect(port, "")) {
            client.say("SUB a 1\r\n");
            for (int i = 0; i < 200; i++) {
                client.say("PUB a 100000\r\n" + body + "\r\n");
            }
            client.socket().shutdownOutput();
            for (int i = 0; i < 200; i++) {
                client.hears("MSG a 1 100000\r\n" + body + "\r\n");
            }
            client.ends();
        }
    }

    @Test
    void messagesOfOneClientStayInOrder(EmbeddedServer server) {
        try (WireClient from = client(server);
                WireClient to = client(server)) {
            to.say("SUB a.* 1\r\nSUB *.b 2\r\n").stays();
            StringBuilder said = new StringBuilder();
            StringBuilder heard = new StringBuilder();
            for (int i = 0; i < 20_000; i++) {
                said.append("PUB a.c 5\r\n").append(10_000 + i).append("\r\n");
                heard.append("MSG a.c 1 5\r\n").append(10_000 + i).append("\r\n");
            }
            Thread speaker = new Thread(() -> from.say(said.toString()));
            speaker.start();
            to.hears(heard.toString()).stays();
        }
    }
}
