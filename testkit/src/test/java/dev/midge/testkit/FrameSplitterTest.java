// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameSplitterTest {
    private static final List<String> TO_SERVER = List.of(
            "CONNECT {\"verbose\":false}\r\n",
            "PING\r\n",
            "pong\r\n",
            "SUB foo.* 1\r\n",
            "sub\tfoo q  2 \r\n",
            "UNSUB 1 5\r\n",
            "PUB foo 0\r\n\r\n",
            "PUB foo bar 5\r\nhello\r\n",
            "Pub 12 34 11 \r\nPUB a 1\r\nx\n\r\n",
            "HPUB foo 12 14\r\nNATS/1.0\r\n\r\nhi\r\n",
            "PING\n");

    private static final List<String> TO_CLIENT = List.of(
            "INFO {\"server_id\":\"x\"} \r\n",
            "+OK\r\n",
            "-ERR 'Unknown Protocol Operation'\r\n",
            "-err\t'x'\r\n",
            "MSG foo 1 3\r\nabc\r\n",
            "MSG foo 1 r 0\r\n\r\n",
            "HMSG foo 1 r 12 12\r\nNATS/1.0\r\n\r\n\r\n",
            "PING \r\n",
            "PONG\r\n");

    /** The frames, as "KIND text", and "rest" with what was opaque or incomplete. */
    private static List<String> split(boolean towardsServer, int piece, String latin1) {
        FrameSplitter splitter = new FrameSplitter(towardsServer, 200, false);
        byte[] bytes = latin1.getBytes(ISO_8859_1);
        List<String> frames = new ArrayList<>();
        int begin = 0;
        for (int from = 0; from < bytes.length; ) {
            assertThat(splitter.isAtFrameStart()).isEqualTo(from == begin && !splitter.isOpaque());
            int to = Math.min(bytes.length, (from / piece + 1) * piece);
            int end = splitter.scan(bytes, from, to);
            assertThat(end).isBetween(from + 1, to);
            from = end;
            if (splitter.isLineComplete()) {
                assertThat(new String(splitter.line(), 0, splitter.lineLength(), ISO_8859_1))
                        .isEqualTo(latin1.substring(begin, end));
            }
            if (splitter.isFrameEnded()) {
                assertThat(splitter.frameLength()).isEqualTo(end - begin);
                frames.add(splitter.kind() + " " + latin1.substring(begin, end));
                begin = end;
            }
        }
        if (begin < bytes.length) {
            frames.add((splitter.isOpaque() ? "opaque " : "incomplete ") + latin1.substring(begin));
        }
        return frames;
    }

    private static List<String> named(List<String> frames) {
        return frames.stream()
                .map(frame -> switch (frame.charAt(0)) {
                    case '+' -> "OK " + frame;
                    case '-' -> "ERR " + frame;
                    default -> frame.split("\\s", 2)[0].toUpperCase(Locale.ROOT) + " " + frame;
                })
                .toList();
    }

    @Test
    void findsAllKindsOfFramesHoweverTheyArePieced() {
        for (boolean towardsServer : new boolean[] {true, false}) {
            List<String> frames = towardsServer ? TO_SERVER : TO_CLIENT;
            String all = String.join("", frames);
            for (int piece = 1; piece <= all.length(); piece++) {
                assertThat(split(towardsServer, piece, all)).isEqualTo(named(frames));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001\u0002",
                "GET / HTTP/1.1\r\n",
                "\r\nPING\r\n",
                "PINGPONG\r\n",
                "MSG a 1 1\r\nx\r\n",
                "PUB a x\r\n",
                "PUB a -1\r\n",
                "PUB a 99999999999\r\n",
                "PUB\r\n"
            })
    void everythingElseIsOpaqueForGood(String bytes) {
        for (int piece : new int[] {1, 2, 3, 1000}) {
            String all = "PING\r\n" + bytes + "PING\r\nPUB a 1\r\nx\r\n";
            assertThat(split(true, piece, all)).containsExactly("PING PING\r\n", "opaque " + all.substring(6));
        }
    }

    @Test
    void aLineOverTheLimitIsOpaque() {
        String fits = "SUB " + "a".repeat(194) + "\r\n";
        assertThat(split(true, 50, fits + "PING" + fits)).containsExactly("SUB " + fits, "opaque PING" + fits);
        String tooLong = "SUB a" + "a".repeat(194) + "\r\n";
        assertThat(split(true, 50, tooLong)).containsExactly("opaque " + tooLong);
    }

    @Test
    void whatIsIncompleteIsKnownToBe() {
        assertThat(split(true, 3, "PING\r\nPUB a 10\r\n12345"))
                .containsExactly("PING PING\r\n", "incomplete PUB a 10\r\n12345");
        assertThat(split(true, 3, "PING\r\nPU")).containsExactly("PING PING\r\n", "incomplete PU");
    }
}
