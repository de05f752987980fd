// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the sink may do while it is called: pause, and throw. */
class FrameDecoderSinkTest {
    private static List<Vectors.Vector> conversation() {
        List<Vectors.Vector> all = new ArrayList<>(Vectors.small());
        for (int length : new int[] {600, 0, 5000, 3000, 10, 9000, 1}) {
            all.add(Vectors.ofSize(length, null));
            all.add(Vectors.ofSize(length, Vectors.NO_HEADERS));
        }
        return all;
    }

    /** Calls a decoder's pause at each frame. */
    private static final class Pausing extends Recorder {
        private final FrameDecoder decoder;

        Pausing(FrameDecoder decoder) {
            this.decoder = decoder;
        }

        @Override
        public void onMessage(MessageView m) {
            super.onMessage(m);
            decoder.pause();
        }

        @Override
        public void onInfo(String json) {
            super.onInfo(json);
            decoder.pause();
        }

        @Override
        public void onPing() {
            super.onPing();
            decoder.pause();
        }

        @Override
        public void onPong() {
            super.onPong();
            decoder.pause();
        }

        @Override
        public void onOk() {
            super.onOk();
            decoder.pause();
        }

        @Override
        public void onError(String text) {
            super.onError(text);
            decoder.pause();
        }
    }

    @Test
    void pauseAtEachFrameLosesNothing() {
        List<Vectors.Vector> all = conversation();
        byte[] bytes = Vectors.join(all);
        for (int size : new int[] {bytes.length, 10_000, 4096, 1000, 100, 7, 1}) {
            CountingAllocator allocator = new CountingAllocator();
            try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
                Pausing sink = new Pausing(decoder);
                for (int i = 0; i < bytes.length; i += size) {
                    ByteBuf in = Unpooled.wrappedBuffer(bytes, i, Math.min(size, bytes.length - i));
                    oneFrameAtATime(decoder, in, sink);
                }
                assertThat(sink.frames).isEqualTo(Vectors.frames(all));
            }
            assertThat(allocator.live()).isZero();
        }
    }

    private static void oneFrameAtATime(FrameDecoder decoder, ByteBuf in, Recorder sink) {
        for (int before = sink.frames.size(); ; before++) {
            decoder.resume();
            decoder.decode(in, sink);
            int after = sink.frames.size();
            if (after == before) {
                assertThat(in.isReadable()).isFalse();
                return;
            }
            assertThat(after).isEqualTo(before + 1);
            decoder.decode(in, sink);
            assertThat(sink.frames).hasSize(after);
        }
    }

    @Test
    void whatIsHeldComesOutAtResumeWithoutNewInput() {
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, new CountingAllocator())) {
            Pausing sink = new Pausing(decoder);
            ByteBuf in = Unpooled.copiedBuffer("PING\r\nPONG\r\n+OK\r\nPI", ISO_8859_1);
            decoder.decode(in, sink);
            assertThat(sink.frames).containsExactly(Recorder.PING);
            decoder.resume();
            decoder.decode(Unpooled.EMPTY_BUFFER, sink);
            assertThat(sink.frames).containsExactly(Recorder.PING, Recorder.PONG);
            assertThat(in.isReadable()).isFalse();
            Pieces.feed(decoder, sink, "");
            decoder.resume();
            decoder.decode(Unpooled.EMPTY_BUFFER, sink);
            decoder.resume();
            Pieces.feed(decoder, sink, "NG\r\n");
            assertThat(sink.frames).containsExactly(Recorder.PING, Recorder.PONG, Recorder.OK, Recorder.PING);
        }
    }

    @Test
    void whatTheSinkThrowsLeavesTheDecoderBehindTheFrame() {
        List<Vectors.Vector> all = conversation();
        byte[] bytes = Vectors.join(all);
        for (RuntimeException thrown :
                new RuntimeException[] {new IllegalStateException("x"), new ProtocolException("y")}) {
            for (int size : new int[] {bytes.length, 4096, 1000, 7, 1}) {
                CountingAllocator allocator = new CountingAllocator();
                Recorder recorder = new Recorder();
                try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
                    FrameSink sink = throwing(recorder, thrown);
                    for (int i = 0; i < bytes.length; i += size) {
                        ByteBuf in = Unpooled.wrappedBuffer(bytes, i, Math.min(size, bytes.length - i));
                        throwAtEachFrame(decoder, in, sink, recorder, thrown);
                    }
                }
                assertThat(recorder.frames).isEqualTo(Vectors.frames(all));
                assertThat(allocator.live()).isZero();
            }
        }
    }

    private static void throwAtEachFrame(
            FrameDecoder decoder, ByteBuf in, FrameSink sink, Recorder recorder, RuntimeException thrown) {
        while (true) {
            int before = recorder.frames.size();
            try {
                decoder.decode(in, sink);
                assertThat(recorder.frames).hasSize(before);
                return;
            } catch (RuntimeException e) {
                assertThat(e).isSameAs(thrown);
                assertThat(recorder.frames).hasSize(before + 1);
            }
        }
    }

    private static FrameSink throwing(Recorder recorder, RuntimeException thrown) {
        return new FrameSink() {
            @Override
            public void onMessage(MessageView m) {
                recorder.onMessage(m);
                throw thrown;
            }

            @Override
            public void onInfo(String json) {
                recorder.onInfo(json);
                throw thrown;
            }

            @Override
            public void onPing() {
                recorder.onPing();
                throw thrown;
            }

            @Override
            public void onPong() {
                recorder.onPong();
                throw thrown;
            }

            @Override
            public void onOk() {
                recorder.onOk();
                throw thrown;
            }

            @Override
            public void onError(String text) {
                recorder.onError(text);
                throw thrown;
            }
        };
    }

    @Test
    void aPausedDecoderReadsNothing() {
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, new CountingAllocator())) {
            decoder.pause();
            ByteBuf in = Unpooled.copiedBuffer("PING\r\n", ISO_8859_1);
            decoder.decode(in, new Recorder());
            assertThat(in.readableBytes()).isEqualTo(6);
            Recorder recorder = new Recorder();
            decoder.resume();
            decoder.decode(in, recorder);
            assertThat(recorder.frames).containsExactly(Recorder.PING);
        }
    }

    @Test
    void anErrorBehindGoodFramesDoesNotSwallowThem() {
        Recorder recorder = new Recorder();
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, new CountingAllocator())) {
            assertThatThrownBy(() -> Pieces.feed(decoder, recorder, "PING\r\nPONG\r\nMSG a 1 1\r\nx\r\nPANG\r\n"))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageEndingWith("\"PANG\\r\\n\"");
        }
        assertThat(recorder.frames)
                .containsExactly(Recorder.PING, Recorder.PONG, Recorder.message("a", 1, null, "", "x"));
    }
}
