// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads around every size at which the decoder changes its way of keeping them, cut everywhere. */
class FrameDecoderBodyTest {
    private static final Vectors.Vector PING = Vectors.vector("PING\r\n", Recorder.PING);

    /** 0, 16: with the line in the window. 512: from here on bodies count as large. 4096: the window. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 16, 220, 230, 256, 509, 510, 511, 512, 513, 1024, 4050, 4062, 4094, 4096, 4106})
    void cutAnywhere(int length) {
        for (String headers : new @Nullable String[] {null, Vectors.NO_HEADERS}) {
            // the second one of a row is read in another mood than the first
            List<Vectors.Vector> row =
                    List.of(Vectors.ofSize(length, headers), PING, Vectors.ofSize(length, headers), PING);
            byte[] bytes = Vectors.join(row);
            List<String> frames = Vectors.frames(row);
            Pieces.Kind oneKind = length < 1000 ? Pieces.Kind.DIRECT : Pieces.Kind.HEAP;
            for (int i = 0; i <= bytes.length; i++) {
                assertThat(Pieces.framesOfSplit(oneKind, bytes, i)).isEqualTo(frames);
            }
            for (int size = 1; size < bytes.length; size += Math.max(1, size / 3)) {
                for (Pieces.Kind kind : Pieces.Kind.values()) {
                    assertThat(Pieces.framesOfPieces(kind, bytes, size)).isEqualTo(Vectors.frames(row));
                }
            }
        }
    }

    /** Wherever a frame starts in the window and whatever its size: in the window, over its end, or not in it. */
    @Test
    void everySizeAroundTheWindow() {
        for (int length = FrameDecoder.WINDOW - 60; length <= FrameDecoder.WINDOW + 20; length++) {
            List<Vectors.Vector> row = new ArrayList<>();
            for (int pings = 0; pings < 20; pings++) {
                row.add(Vectors.ofSize(length, null));
                for (int i = 0; i < pings; i++) {
                    row.add(PING);
                }
            }
            byte[] bytes = Vectors.join(row);
            for (int size : new int[] {100, 1000, 4096, 6000, bytes.length}) {
                assertThat(Pieces.framesOfPieces(Pieces.Kind.DIRECT, bytes, size))
                        .isEqualTo(Vectors.frames(row));
            }
        }
    }

    @Test
    void aLargeOneCutAnywhere() {
        byte[] bytes = Vectors.join(List.of(Vectors.ofSize(70_000, null), PING));
        ByteBuf payload = Unpooled.copiedBuffer(Vectors.payload(70_000), ISO_8859_1);
        // not the usual one, whose many looks at each message would take minutes here
        Recorder sink = new Recorder() {
            @Override
            public void onMessage(MessageView m) {
                frames.add(m.subject() + (m.payload().equals(payload) ? " intact" : " damaged"));
            }
        };
        CountingAllocator allocator = new CountingAllocator();
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
            ByteBuf in = Unpooled.wrappedBuffer(bytes);
            for (int i = 0; i <= bytes.length; i++) {
                decoder.decode(in.setIndex(0, i), sink);
                decoder.decode(in.setIndex(i, bytes.length), sink);
                assertThat(sink.frames).containsExactly("some.subject intact", Recorder.PING);
                sink.frames.clear();
            }
        }
        assertThat(allocator.live()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aLargeOneInPieces(Pieces.Kind kind) {
        List<Vectors.Vector> row =
                List.of(Vectors.ofSize(70_000, null), PING, Vectors.ofSize(70_000, "h".repeat(5000)));
        byte[] bytes = Vectors.join(row);
        for (int size : new int[] {1, 2, 511, 1024, 4096, 4097, 65_536}) {
            assertThat(Pieces.framesOfPieces(kind, bytes, size)).isEqualTo(Vectors.frames(row));
        }
    }

    @Test
    void aMebibyteInPiecesTakesOneBufferOfItsSize() {
        Vectors.Vector message = Vectors.ofSize(1 << 20, null);
        CountingAllocator allocator = new CountingAllocator();
        List<Long> liveInSink = new ArrayList<>();
        Recorder recorder = new Recorder() {
            @Override
            public void onMessage(MessageView m) {
                super.onMessage(m);
                liveInSink.add(allocator.live());
            }
        };
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
            for (int round = 1; round <= 3; round++) {
                Pieces.feedInPieces(decoder, recorder, Pieces.Kind.HEAP, message.bytes(), 1024);
                assertThat(allocator.capacities).hasSize(round).containsOnly((1 << 20) + 2);
                assertThat(allocator.live()).isZero();
            }
        }
        assertThat(recorder.frames).hasSize(3).containsOnly(message.frame());
        assertThat(liveInSink).containsOnly(1L);
    }

    @Test
    void whatHasArrivedWholeIsUsedWhereItLies() {
        CountingAllocator allocator = new CountingAllocator();
        List<Vectors.Vector> row = new ArrayList<>();
        for (int length : new int[] {10, 512, 4096, 10_000, 3, 100_000, 2000, 2000, 0, 5000}) {
            row.add(Vectors.ofSize(length, null));
        }
        Recorder recorder = new Recorder();
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
            Pieces.feed(decoder, recorder, Vectors.join(row));
        }
        assertThat(recorder.frames).isEqualTo(Vectors.frames(row));
        assertThat(allocator.capacities).isEmpty();
    }

    @Test
    void closeReleasesAnIncompleteBody() {
        CountingAllocator allocator = new CountingAllocator();
        Recorder recorder = new Recorder();
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
            Pieces.feed(decoder, recorder, "MSG a 1 100000\r\nhello");
            assertThat(allocator.live()).isEqualTo(1);
        }
        assertThat(allocator.live()).isZero();
        assertThat(recorder.frames).isEmpty();
    }

    @Test
    void closeEndsReadingAlsoFromTheSink() {
        CountingAllocator allocator = new CountingAllocator();
        FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator);
        Recorder recorder = new Recorder() {
            @Override
            public void onError(String text) {
                super.onError(text);
                decoder.close();
            }
        };
        ByteBuf in = Unpooled.copiedBuffer("PING\r\n-ERR 'x'\r\nPING\r\nMSG a 1 100000\r\n", ISO_8859_1);
        decoder.decode(in, recorder);
        decoder.decode(in, recorder);
        decoder.decode(Unpooled.copiedBuffer("PONG\r\n", ISO_8859_1), recorder);
        assertThat(recorder.frames).containsExactly(Recorder.PING, Recorder.error("'x'"));
        assertThat(allocator.capacities).isEmpty();
        decoder.close();
        in.release();
    }
}
