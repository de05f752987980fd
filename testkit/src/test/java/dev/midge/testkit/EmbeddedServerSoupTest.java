// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * R-F11: whatever clients send, and wherever they stop, the server serves the others, and nothing is left. The leak check
 * also finds exceptions that nobody expected.
 */
class EmbeddedServerSoupTest {
    private static final int CLIENTS = 1_500;

    private static final String[] WORDS = {
        "PUB",
        "HPUB",
        "SUB",
        "UNSUB",
        "PING\r\n",
        "PONG\r\n",
        "INFO {}\r\n",
        "-ERR 'x'\r\n",
        "+OK\r\n",
        "HMSG",
        "pub",
        "CONNECT {}\r\n",
        "CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true,\"protocol\":1}\r\n",
        "CONNECT {\"user\":\"u\",\"pass\":\"p\",\"echo\":false}\r\n",
        "SUB a 1\r\n",
        "SUB > q 2\r\n",
        "SUB *.> 3\r\n",
        "UNSUB 1 2\r\n",
        "UNSUB 2\r\n",
        "PUB a 2\r\nxx\r\n",
        "PUB a.b r 2\r\nxx\r\n",
        "HPUB a 12 14\r\nNATS/1.0\r\n\r\nxx\r\n",
        "HPUB a r 0 2\r\nxx\r\n",
        "PUB a 1048576\r\n",
        "PUB a 999999999\r\n",
        "a",
        "a.b",
        "1",
        "2",
        "0",
        " ",
        " ",
        "\t",
        "\r\n",
        "\r\n",
        "\n",
        "\r",
        "{\"verbose\":1}",
        "[[[[[[",
        "\0",
        "\u00ff",
        "xx"
    };

    private static String soup(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(60); i >= 0; i--) {
            text.append(WORDS[random.nextInt(WORDS.length)]);
        }
        // One bit is wrong in every third.
        if (random.nextInt(3) == 0) {
            int at = random.nextInt(text.length());
            text.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(8)));
        }
        return text.substring(0, random.nextInt(2) == 0 ? text.length() : random.nextInt(text.length() + 1));
    }

    private static void cook(EmbeddedServer server) {
        for (int seed = 0; seed < CLIENTS; seed++) {
            Random random = new Random(seed);
            try (WireClient client = WireClient.connect(server.port())) {
                client.sayInPieces(1 + random.nextInt(200), soup(random));
            }
        }
        Until.isTrue("all are gone", () -> server.connections() == 0);
        assertThat(server.subscriptions()).isZero();
    }

    @Test
    void openServer() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                .pingInterval(Duration.ofMillis(5))
                .maxPending(100_000)
                .start()) {
            cook(server);
            try (WireClient client = WireClient.connect(server.port())) {
                client.say("SUB a 1\r\nPUB a 1\r\nx\r\n");
            }
        }
    }

    @Test
    void serverWithUsers() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                .user(EmbeddedUser.of("u", "p")
                        .allowPublish("a")
                        .denySubscribe("a.b", "*.a q")
                        .allowResponses(1, Duration.ofMillis(1)))
                .noAuthUser("u")
                .authTimeout(Duration.ofSeconds(30))
                .maxPayload(100)
                .maxControlLine(100)
                .start()) {
            cook(server);
            try (WireClient client = WireClient.connect(server.port(), "")) {
                client.stays();
            }
        }
    }
}
