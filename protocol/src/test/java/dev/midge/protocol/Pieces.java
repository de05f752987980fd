// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.util.List;

/** Hands bytes to a decoder in the kinds of buffers and the pieces that a socket may deliver them in. */
final class Pieces {
    /** What a receive buffer can be. */
    enum Kind {
        HEAP {
            @Override
            ByteBuf wrap(byte[] bytes, int from, int to) {
                return Unpooled.wrappedBuffer(bytes, from, to - from);
            }
        },
        /** With bytes before and behind the readable ones, which must not matter. */
        DIRECT {
            @Override
            ByteBuf wrap(byte[] bytes, int from, int to) {
                // not from an allocator: its paranoid leak detection would record a stack trace for each read
                return new UnpooledDirectByteBuf(UnpooledByteBufAllocator.DEFAULT, to - from + 4, to - from + 4)
                        .writeShort('\r' << 8 | '\n')
                        .writeBytes(bytes, from, to - from)
                        .writeShort('\r' << 8 | '\n')
                        .setIndex(2, 2 + to - from);
            }
        },
        /** Of two halves. */
        COMPOSITE {
            @Override
            ByteBuf wrap(byte[] bytes, int from, int to) {
                int middle = (from + to) / 2;
                // likewise
                return new CompositeByteBuf(UnpooledByteBufAllocator.DEFAULT, false, 2)
                        .addComponent(true, Unpooled.wrappedBuffer(bytes, from, middle - from))
                        .addComponent(true, Unpooled.wrappedBuffer(bytes, middle, to - middle));
            }
        };

        abstract ByteBuf wrap(byte[] bytes, int from, int to);
    }

    private Pieces() {}

    /** A buffer with the bytes [from, to), which the decoder must read to its end and not release. */
    static void feed(FrameDecoder decoder, FrameSink sink, Kind kind, byte[] bytes, int from, int to) {
        ByteBuf in = kind.wrap(bytes, from, to);
        try {
            decoder.decode(in, sink);
            assertThat(in.isReadable()).isFalse();
        } finally {
            assertThat(in.refCnt()).isEqualTo(1);
            in.release();
        }
    }

    /** All bytes at once. */
    static void feed(FrameDecoder decoder, FrameSink sink, byte[] bytes) {
        feed(decoder, sink, Kind.DIRECT, bytes, 0, bytes.length);
    }

    /** All of the text, one byte for each character, at once. */
    static void feed(FrameDecoder decoder, FrameSink sink, String latin1) {
        feed(decoder, sink, latin1.getBytes(ISO_8859_1));
    }

    /** In pieces of the given size. */
    static void feedInPieces(FrameDecoder decoder, FrameSink sink, Kind kind, byte[] bytes, int size) {
        for (int i = 0; i < bytes.length; i += size) {
            feed(decoder, sink, kind, bytes, i, Math.min(bytes.length, i + size));
        }
    }

    /** What comes out of a decoder of its own when the bytes are cut at this index; nothing may be left behind. */
    static List<String> framesOfSplit(Kind kind, byte[] bytes, int index) {
        CountingAllocator allocator = new CountingAllocator();
        Recorder recorder = new Recorder();
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
            feed(decoder, recorder, kind, bytes, 0, index);
            feed(decoder, recorder, kind, bytes, index, bytes.length);
        }
        assertThat(allocator.live()).isZero();
        return recorder.frames;
    }

    /** Likewise in pieces of the given size. */
    static List<String> framesOfPieces(Kind kind, byte[] bytes, int size) {
        CountingAllocator allocator = new CountingAllocator();
        Recorder recorder = new Recorder();
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
            feedInPieces(decoder, recorder, kind, bytes, size);
        }
        assertThat(allocator.live()).isZero();
        return recorder.frames;
    }
}
