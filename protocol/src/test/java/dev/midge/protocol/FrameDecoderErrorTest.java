// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no server may send: a ProtocolException that shows the bytes, wherever they are cut, and nothing after it. */
class FrameDecoderErrorTest {
    private static final ProtocolLimits LIMITS = ProtocolLimits.DEFAULTS
            .withMaxControlLine(64)
            .withMaxInfoLine(1024)
            .withMaxPayload(100)
            .withMaxHeaderBytes(40);

    /** @param quoted what the exception must show of it at least */
    record Malformed(String bytes, String quoted) {}

    static List<Malformed> malformed() {
        return List.of(
                // verbs
                new Malformed("X", "\"X"),
                new Malformed("\r\n", "\"\\r"),
                new Malformed("\n", "\"\\n\""),
                new Malformed(" PING\r\n", "\" "),
                new Malformed("\0", "\"\\x00"),
                new Malformed("\u00ff\u00fe", "\"\\xff"),
                new Malformed("HTTP/1.1 400 Bad Request\r\n", "\"HT"),
                new Malformed("PUB a 0\r\n\r\n", "\"PU"),
                new Malformed("OK\r\n", "\"O"),
                new Malformed("ERR 'x'\r\n", "\"E"),
                new Malformed("PINGPONG\r\n", "\"PINGPONG\\r\\n\""),
                new Malformed("PING PONG\r\n", "\"PING PONG\\r\\n\""),
                new Malformed("+OK 1\r\n", "\"+OK 1\\r\\n\""),
                new Malformed("PIN\r\n", "\"PIN\\r"),
                new Malformed("P\r\n", "\"P\\r"),
                new Malformed("M\r\n", "\"M\\r"),
                new Malformed("INFO\r\n", "\"INFO\\r\\n\""),
                new Malformed("INFO{}\r\n", "\"INFO{}\\r\\n\""),
                new Malformed("-ERR\r\n", "\"-ERR\\r\\n\""),
                new Malformed("-ERROR 'x'\r\n", "\"-ERROR 'x'\\r\\n\""),
                // line ends
                new Malformed("PING\n", "\"PING\\n\""),
                new Malformed("PING\r\r\n", "\"PING\\r\\r\\n\""),
                new Malformed("MSG a 1 2\nhi\r\n", "\"MSG a 1 2\\n\""),
                new Malformed("-ERR 'a\nb'\r\n", "\"-ERR 'a\\n\""),
                new Malformed("MSG a 1 2\rxhi\r\n", "\"MSG a 1 2\\rxhi\""),
                new Malformed("HMSG a 1 12 12\r\r\n", "\"HMSG a 1 12 12\\r\""),
                // arguments of MSG
                new Malformed("MSG\r\n", "\"MSG\""),
                new Malformed("MSG \r\n", "\"MSG \""),
                new Malformed("MSGa 1 0\r\n\r\n", "\"MSGa 1 0\""),
                new Malformed("MSG a\r\n", "\"MSG a\""),
                new Malformed("MSG a \r\n", "\"MSG a \""),
                new Malformed("MSG a 1\r\n", "\"MSG a 1\""),
                new Malformed("MSG a 1 \r\n", "\"MSG a 1 \""),
                new Malformed("MSG  1 0\r\n\r\n", "\"MSG  1 0\""),
                new Malformed("HMSG  1 12 12\r\n", "\"HMSG  1 12 12\""),
                new Malformed("MSG a x 2\r\nhi\r\n", "\"MSG a x 2\""),
                new Malformed("MSG a 1x 2\r\nhi\r\n", "\"MSG a 1x 2\""),
                new Malformed("MSG a -1 2\r\nhi\r\n", "\"MSG a -1 2\""),
                new Malformed("MSG a +1 2\r\nhi\r\n", "\"MSG a +1 2\""),
                new Malformed("MSG a 1 r\r\n", "\"MSG a 1 r\""),
                new Malformed("MSG a 1 r x\r\n", "\"MSG a 1 r x\""),
                new Malformed("MSG a 1 r -2\r\n", "\"MSG a 1 r -2\""),
                new Malformed("MSG a 1 -0\r\n\r\n", "\"MSG a 1 -0\""),
                new Malformed("MSG a 1 2x\r\nhi\r\n", "\"MSG a 1 2x\""),
                new Malformed("MSG a 1 r 2 3\r\nhi\r\n", "\"MSG a 1 r 2 3\""),
                new Malformed("MSG a 1 0x10\r\n", "\"MSG a 1 0x10\""),
                new Malformed("MSG a 1000000000000000000 2\r\nhi\r\n", "\"MSG a 1000000000000000000 2\""),
                new Malformed("MSG a 18446744073709551617 2\r\nhi\r\n", "\"MSG a 18446744073709551617 2\""),
                new Malformed("MSG a 1 4294967298\r\nhi\r\n", "\"MSG a 1 4294967298\""),
                new Malformed("MSG a 1 1000000000\r\nhi\r\n", "\"MSG a 1 1000000000\""),
                // control characters
                new Malformed("MSG a\0b 1 2\r\nhi\r\n", "\"MSG a\\x00b 1 2\""),
                new Malformed("MSG a\u007fb 1 2\r\nhi\r\n", "\"MSG a\\x7fb 1 2\""),
                new Malformed("MSG a 1 r\u0001 2\r\nhi\r\n", "\"MSG a 1 r\\x01 2\""),
                new Malformed("MSG a 1 2\u000b\r\nhi\r\n", "\"MSG a 1 2\\x0b\""),
                new Malformed("MSG a\r1 2\r\nhi\r\n", "\"MSG a\\r1 2\""),
                // arguments of HMSG
                new Malformed("HMSG\r\n", "\"HMSG\""),
                new Malformed("HMSG a 1 12\r\n", "\"HMSG a 1 12\""),
                new Malformed("HMSG a 1 r 12\r\n", "\"HMSG a 1 r 12\""),
                new Malformed("HMSG a 1 r x 12\r\n", "\"HMSG a 1 r x 12\""),
                new Malformed("HMSG a 1 r 12x 12\r\n", "\"HMSG a 1 r 12x 12\""),
                new Malformed("HMSG a 1 r 12 12 12\r\n", "\"HMSG a 1 r 12 12 12\""),
                new Malformed("HMSG a 1 11 20\r\n", "\"HMSG a 1 11 20\""),
                new Malformed("HMSG a 1 0 20\r\n", "\"HMSG a 1 0 20\""),
                new Malformed("HMSG a 1 14 13\r\n", "\"HMSG a 1 14 13\""),
                new Malformed("HMSG a 1 -1 20\r\n", "\"HMSG a 1 -1 20\""),
                new Malformed("HMSG a 1 9999999999 20\r\n", "\"HMSG a 1 9999999999 20\""),
                // over a limit
                new Malformed("MSG a 1 101\r\n", "\"MSG a 1 101\""),
                new Malformed("HMSG a 1 12 101\r\n", "\"HMSG a 1 12 101\""),
                new Malformed("HMSG a 1 41 80\r\n", "\"HMSG a 1 41 80\""),
                new Malformed("MSG " + "s".repeat(60) + " 1 0\r\n\r\n", "\"MSG sssss"),
                new Malformed("-ERR '" + "e".repeat(2000), "\"-ERR 'eee"),
                new Malformed("INFO {" + "i".repeat(2000), "\"INFO {iii"),
                // behind the body
                new Malformed("MSG a 1 2\r\nhi!\r\n", "\"hi!\\r\""),
                new Malformed("MSG a 1 2\r\nhi\n\n\n", "\"hi\\n\\n\""),
                new Malformed("MSG a 1 2\r\nhi\r\r", "\"hi\\r\\r\""),
                new Malformed("MSG a 1 0\r\nPING\r\n", "\"PI\""),
                new Malformed("MSG a 1 20\r\n01234567890123456789xy", "\"67890123456789xy\""),
                new Malformed("HMSG a 1 12 12\r\nNATS/1.0\r\n\r\nPING\r\n", "\"NATS/1.0\\r\\n\\r\\nPI\""));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void isRefusedWhereverItIsCut(Malformed malformed) {
        // with a frame before it, and with more behind it than would be needed to complete what it announces
        byte[] bytes = ("PING\r\n" + malformed.bytes + " ".repeat(200)).getBytes(ISO_8859_1);
        int end = 6 + malformed.bytes.length();
        for (int i = 0; i <= end; i++) {
            refused(malformed, bytes, i, bytes.length, bytes.length);
            refused(malformed, bytes, i, end, end);
        }
        for (int size = 1; size < 10; size++) {
            refused(malformed, bytes, 0, size, end);
        }
    }

    /** Gives [0, first), then pieces of [first, end), and expects exactly one frame and then the exception, twice. */
    private static void refused(Malformed malformed, byte[] bytes, int first, int size, int end) {
        CountingAllocator allocator = new CountingAllocator();
        Recorder recorder = new Recorder();
        try (FrameDecoder decoder = new FrameDecoder(LIMITS, allocator)) {
            ProtocolException thrown = catchThrowableOfType(ProtocolException.class, () -> {
                Pieces.feed(decoder, recorder, Pieces.Kind.DIRECT, bytes, 0, first);
                for (int i = first; i < end; i += size) {
                    Pieces.feed(decoder, recorder, Pieces.Kind.DIRECT, bytes, i, Math.min(end, i + size));
                }
            });
            assertThat(thrown)
                    .as("cut at %d into %d up to %d", first, size, end)
                    .isNotNull();
            assertThat(thrown.getMessage()).contains(malformed.quoted).hasSizeLessThan(400);
            assertThat(allocator.live()).isZero();
            assertThatThrownBy(() -> Pieces.feed(decoder, recorder, "PING\r\n"))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining(malformed.quoted);
            assertThatThrownBy(() -> decoder.decode(Unpooled.EMPTY_BUFFER, recorder))
                    .isInstanceOf(ProtocolException.class);
        }
        assertThat(recorder.frames).containsExactly(Recorder.PING);
    }

    /** Nothing that comes later could make a frame of it. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "G", " ", "\r", "\0", "*", "$", "Q", "MA", "HMM", "PIG", "+K", "-O", "IM", "PUB"})
    void aWrongVerbIsRefusedWithoutWaitingForTheLine(String bytes) {
        try (FrameDecoder decoder = new FrameDecoder(LIMITS, new CountingAllocator())) {
            assertThatThrownBy(() -> Pieces.feed(decoder, new Recorder(), bytes))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageStartingWith("not a frame that a server sends: \"");
        }
    }

    @Test
    void theTextSaysWhatIsWrong() {
        says("MSG a 1\r\n", "not a MSG line");
        says("HMSG a 1\r\n", "not a HMSG line");
        says("HMSG a 1 11 80\r\n", "a header block of 11 bytes in a message of 80");
        says("HMSG a 1 30 20\r\n", "a header block of 30 bytes in a message of 20");
        says("PANG\r\n", "not a frame that a server sends");
        says("PING\n", "a line does not end with CR LF");
        says("MSG a 1 1\r\nxyz", "the body of a message does not end with CR LF");
    }

    private static void says(String bytes, String what) {
        try (FrameDecoder decoder = new FrameDecoder(LIMITS, new CountingAllocator())) {
            assertThatThrownBy(() -> Pieces.feed(decoder, new Recorder(), bytes))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageStartingWith(what + ": \"");
        }
    }
}
