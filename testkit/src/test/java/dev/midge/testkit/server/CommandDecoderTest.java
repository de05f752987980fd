// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bytes in, commands out, however the bytes are cut. */
class CommandDecoderTest {
    private static final int MAX_CONTROL_LINE = 100;

    private static final String STREAM = String.join(
            "",
            "CONNECT {\"a\":1}\r\n",
            "SUB a.* q 1\r\n",
            "PUB a.b 5\r\nhello\r\n",
            "PUB a.b r 0\n\r\n",
            "hpub\t a.c  r\t12 0014 \r\nNATS/1.0\r\n\r\nxy\r\n",
            "UNSUB 1 2\r\n",
            "PING\r\n",
            "pong junk\n",
            "INFO{}\n",
            "+ok\r\n",
            "HMSG x\r\n\r\n",
            "SUB \r\n",
            "PUB x 3\r\r\n");

    private static List<String> decode(String text, int... pieces) {
        return SpokenCommands.of(Arguments.bytes(text), MAX_CONTROL_LINE, pieces);
    }

    @Test
    void findsCommands() {
        assertThat(decode(STREAM, STREAM.length()))
                .containsExactly(
                        "CONNECT {\"a\":1}",
                        "SUB a.* q 1",
                        "line of 5",
                        "message a.b headers 0 5 body hello\r\n",
                        "line of 0",
                        "message a.b reply-to r headers 0 0 body \r\n",
                        "line of 14",
                        "message a.c reply-to r headers 12 0014 body NATS/1.0\r\n\r\nxy\r\n",
                        "UNSUB 1 2",
                        "PING",
                        "PONG",
                        "INFO {}",
                        "message  headers 0  body \r\n",
                        "SUB \r",
                        "BAD_ARGUMENTS");
    }

    @Test
    void everySplitMakesNoDifference() {
        String stream = STREAM.substring(0, STREAM.indexOf("SUB \r"));
        List<String> whole = decode(stream, stream.length());
        for (int first = 1; first < stream.length(); first++) {
            assertThat(decode(stream, first, stream.length()))
                    .as("cut at " + first)
                    .isEqualTo(whole);
            for (int second = 1; second < stream.length() - first; second += 7) {
                assertThat(decode(stream, first, second, stream.length()))
                        .as("cut at " + first + " and " + second + " behind it")
                        .isEqualTo(whole);
            }
        }
        assertThat(decode(stream, 1)).isEqualTo(whole);
    }

    @Test
    void nothingIsDecodedBehindAFault() {
        for (String wrong : new String[] {"FOO", "PUX", "PUB a 1\r\nxy", "SUBx", "SUB " + "a".repeat(101), "\n"}) {
            String text = wrong + "\r\nPING\r\nPING\r\n";
            List<String> heard = decode(text, text.length());
            assertThat(heard).as(wrong).doesNotContain("PING");
            assertThat(decode(text, 1)).as(wrong).isEqualTo(heard);
        }
    }

    /** A seed for each: what is random is what is sent and how it is cut, and the whole tells what is right. */
    @Test
    void garbageIsDecodedOrRefusedAlike() {
        String[] words = {
            "PUB",
            "HPUB",
            "SUB",
            "UNSUB",
            "PING",
            "PONG",
            "CONNECT",
            "INFO",
            "-ERR",
            "+OK",
            "HMSG",
            "pub",
            "a",
            "a.b",
            "1",
            "2",
            "0",
            "12",
            "-1",
            "99999999999",
            " ",
            " ",
            " ",
            "\t",
            "\r\n",
            "\r\n",
            "\r\n",
            "\n",
            "\r",
            "{}",
            "xx",
            "NATS/1.0\r\n\r\n",
            "\0",
            "\u00ff",
            "a".repeat(60)
        };
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i >= 0; i--) {
                text.append(words[random.nextInt(words.length)]);
            }
            List<String> whole = decode(text.toString(), text.length());
            int[] pieces =
                    IntStream.generate(() -> 1 + random.nextInt(9)).limit(400).toArray();
            assertThat(decode(text.toString(), pieces)).as("seed " + seed).isEqualTo(whole);
        }
    }

    @Test
    void linesThatNeverEndAreRefused() {
        assertThat(decode("PUB " + " ".repeat(10_000), 10)).isEmpty();
        assertThat(decode("PING" + "x".repeat(10_000), 10)).isEmpty();
        assertThat(decode("SUB " + "x".repeat(10_000), 10)).containsExactly("CONTROL_LINE_TOO_LONG");
    }
}
