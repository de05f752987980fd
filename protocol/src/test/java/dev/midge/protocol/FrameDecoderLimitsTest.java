// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** What is exactly at a limit passes, what is one byte over it does not, and however it is cut. */
class FrameDecoderLimitsTest {
    private static final ProtocolLimits LIMITS = ProtocolLimits.DEFAULTS
            .withMaxControlLine(64)
            .withMaxInfoLine(5000)
            .withMaxPayload(100)
            .withMaxHeaderBytes(40);

    private static String msg(int lineLength) {
        return "MSG " + "s".repeat(lineLength - 10) + " 1 0\r\n\r\n";
    }

    private static String info(int lineLength) {
        return "INFO " + "i".repeat(lineLength - 7) + "\r\n";
    }

    private static String message(int headerLength, int payloadLength) {
        return "HMSG a 1 " + headerLength + " " + (headerLength + payloadLength) + "\r\n" + "x".repeat(headerLength)
                + "y".repeat(payloadLength) + "\r\n";
    }

    @Test
    void atTheLimit() {
        for (String frame : new String[] {
            msg(64), info(5000), message(40, 60), message(12, 88), "MSG a 1 100\r\n" + "x".repeat(100) + "\r\n"
        }) {
            for (int size = 1; size <= frame.length(); size++) {
                Recorder recorder = new Recorder();
                try (FrameDecoder decoder = new FrameDecoder(LIMITS, new CountingAllocator())) {
                    Pieces.feedInPieces(decoder, recorder, Pieces.Kind.HEAP, frame.getBytes(ISO_8859_1), size);
                }
                assertThat(recorder.frames).hasSize(1);
            }
        }
    }

    @Test
    void overTheLimit() {
        refused(msg(65), "a line of 65 bytes or more where 64 are allowed: \"MSG sss");
        refused(info(5001), "a line of 5001 bytes or more where 5000 are allowed: \"INFO iii");
        refused(message(41, 0), "a header block of 41 bytes where 40 are allowed: \"HMSG a 1 41 41\"");
        refused(message(40, 61), "a message of 101 bytes where 100 are allowed: \"HMSG a 1 40 101\"");
        refused("MSG a 1 101\r\n", "a message of 101 bytes where 100 are allowed: \"MSG a 1 101\"");
    }

    private static void refused(String frame, String text) {
        for (int size = 1; size <= frame.length(); size++) {
            int piece = size;
            try (FrameDecoder decoder = new FrameDecoder(LIMITS, new CountingAllocator())) {
                assertThatThrownBy(() -> Pieces.feedInPieces(
                                decoder, new Recorder(), Pieces.Kind.HEAP, frame.getBytes(ISO_8859_1), piece))
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageStartingWith(text.replaceAll("of \\d+ bytes or.*", "of "));
            }
        }
        try (FrameDecoder decoder = new FrameDecoder(LIMITS, new CountingAllocator())) {
            assertThatThrownBy(() -> Pieces.feed(decoder, new Recorder(), frame))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageStartingWith(text);
        }
    }

    @Test
    void anEndlessLineIsRefusedAtTheLimitAndNotHeld() {
        try (FrameDecoder decoder = new FrameDecoder(LIMITS, new CountingAllocator())) {
            ByteBuf in = Unpooled.copiedBuffer("INFO " + "i".repeat(4995), ISO_8859_1);
            decoder.decode(in, new Recorder());
            assertThatThrownBy(() -> decoder.decode(Unpooled.copiedBuffer("i", ISO_8859_1), new Recorder()))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageStartingWith("a line of 5001 bytes or more where 5000 are allowed: \"INFO iii")
                    .hasMessageEndingWith("i\"... (5001 bytes)");
        }
    }

    @Test
    void aPayloadOverTheLimitTakesNoBuffer() {
        CountingAllocator allocator = new CountingAllocator();
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
            assertThatThrownBy(() -> Pieces.feed(decoder, new Recorder(), "MSG a 1 67108865\r\n"))
                    .isInstanceOf(ProtocolException.class);
            assertThat(allocator.capacities).isEmpty();
        }
    }
}
