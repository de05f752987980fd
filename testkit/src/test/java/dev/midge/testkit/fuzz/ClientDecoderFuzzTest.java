// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.FrameDecoder;
import dev.midge.protocol.FrameSink;
import dev.midge.protocol.Headers;
import dev.midge.protocol.Info;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.ProtocolException;
import dev.midge.protocol.ProtocolLimits;
import dev.midge.protocol.ServerError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The client's decoder, with traffic of real servers that was damaged: it finds frames, waits for more, or throws a
 * ProtocolException, and makes the same of the same bytes however they come. What it finds in HMSG and INFO is read
 * too.
 */
class ClientDecoderFuzzTest extends FuzzedTarget {
    /** Small enough for damaged lengths to get over them. */
    private static final ProtocolLimits SMALL = ProtocolLimits.DEFAULTS
            .withMaxControlLine(200)
            .withMaxInfoLine(1024)
            .withMaxPayload(4000)
            .withMaxHeaderBytes(300)
            .withMaxHeaderCount(5);

    private static final List<String> WORDS = List.of(
            "MSG ",
            "HMSG ",
            "PING\r\n",
            "PONG\r\n",
            "INFO ",
            "+OK\r\n",
            "-ERR ",
            "msg\t",
            "hmsg ",
            "\r\n",
            "\n",
            "\r",
            " ",
            "\t",
            "0",
            "1",
            "9",
            "12",
            "4000",
            "4001",
            "2147483647",
            "4294967296",
            "9223372036854775808",
            "-1",
            "a.b",
            "NATS/1.0\r\n\r\n",
            "NATS/1.0 503\r\n\r\n",
            "A: b\r\n",
            ":",
            "{}",
            "{\"max_payload\":",
            "\"",
            "\\u00",
            "\0",
            "\u00ff",
            "MSG a 1 2\r\nhi\r\n",
            "HMSG a 1 12 14\r\nNATS/1.0\r\n\r\nhi\r\n",
            "'Stale Connection'\r\n");

    private static final Mutator MUTATOR = new Mutator("to-client", WORDS);

    ClientDecoderFuzzTest() {
        super("client's decoder", 5_000);
    }

    @Test
    void recordingsAreGood() {
        for (byte[] recording : MUTATOR.recordings()) {
            Outcome outcome = new Outcome();
            outcome.decode(ProtocolLimits.DEFAULTS, List.of(Unpooled.wrappedBuffer(recording)), null);
            assertThat(outcome.failed).isFalse();
            assertThat(outcome.frames).hasSizeGreaterThan(20);
        }
    }

    @Override
    protected void execute(Random random) {
        byte[] bytes = MUTATOR.next(random);
        ProtocolLimits limits = random.nextInt(3) == 0 ? ProtocolLimits.DEFAULTS : SMALL;
        Outcome whole = new Outcome();
        whole.decode(limits, List.of(Unpooled.wrappedBuffer(bytes)), null);
        Outcome pieces = new Outcome();
        ByteBuf direct = new UnpooledDirectByteBuf(UnpooledByteBufAllocator.DEFAULT, bytes.length, bytes.length);
        try {
            pieces.decode(limits, pieces(bytes, direct.writeBytes(bytes), random), random);
            assertThat(direct.refCnt()).isEqualTo(1);
        } finally {
            direct.release();
        }
        assertThat(pieces.failed).as("fails in pieces and as a whole").isEqualTo(whole.failed);
        assertThat(pieces.frames).isEqualTo(whole.frames);
    }

    /** On the heap and outside, in turn. */
    private static List<ByteBuf> pieces(byte[] bytes, ByteBuf direct, Random random) {
        int most = Mutator.pieceSize(random);
        List<ByteBuf> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(most));
            pieces.add(
                    random.nextBoolean()
                            ? Unpooled.wrappedBuffer(bytes, from, to - from)
                            : direct.slice(from, to - from));
            from = to;
        }
        return pieces;
    }

    /** What a decoder makes of bytes. */
    private static final class Outcome implements FrameSink {
        final List<String> frames = new ArrayList<>();
        boolean failed;
        private @Nullable FrameDecoder pausing;
        private @Nullable Random random;
        private boolean paused;
        private int triesBehindFailure = 3;

        /** With a Random the decoder is paused at some frames. */
        void decode(ProtocolLimits limits, List<ByteBuf> pieces, @Nullable Random chance) {
            TrackingAllocator allocator = new TrackingAllocator();
            random = chance;
            try (FrameDecoder decoder = new FrameDecoder(limits, allocator)) {
                pausing = decoder;
                for (int i = 0; i < pieces.size() && triesBehindFailure > 0; i++) {
                    decode(decoder, pieces.get(i));
                    triesBehindFailure -= failed ? 1 : 0;
                }
            }
            allocator.assertAllReleased();
        }

        private void decode(FrameDecoder decoder, ByteBuf piece) {
            try {
                do {
                    paused = false;
                    decoder.resume();
                    decoder.decode(piece, this);
                } while (paused || piece.isReadable());
                assertThat(failed).as("goes on behind a failure").isFalse();
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(2000);
                failed = true;
            }
        }

        private void found(String frame) {
            frames.add(frame);
            if (random != null && pausing != null && random.nextInt(4) == 0) {
                paused = true;
                pausing.pause();
            }
        }

        @Override
        public void onMessage(MessageView message) {
            byte[] headers = message.copyHeaders();
            found(message.subject() + " " + message.sid() + " " + message.replyTo() + " "
                    + new String(headers, ISO_8859_1) + "|" + new String(message.copyPayload(), ISO_8859_1)
                    + (headers.length == 0
                            ? ""
                            : readable(() -> Headers.parse(headers, 100).toString())));
        }

        @Override
        public void onInfo(String json) {
            found("INFO " + json + readable(() -> Info.parse(json).toString()));
        }

        /** What it says, or that it says nothing that can be read. */
        private static String readable(Supplier<String> reading) {
            try {
                return reading.get();
            } catch (NatsException e) {
                return " unreadable";
            }
        }

        @Override
        public void onPing() {
            found("PING");
        }

        @Override
        public void onPong() {
            found("PONG");
        }

        @Override
        public void onOk() {
            found("+OK");
        }

        @Override
        public void onError(String text) {
            found("-ERR " + text + " " + ServerError.parse(text));
        }
    }
}
