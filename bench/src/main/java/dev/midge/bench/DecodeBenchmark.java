// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.protocol.FrameDecoder;
import dev.midge.protocol.FrameSink;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.ProtocolLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ByteProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Time for one frame out of direct receive buffers of up to 64 KiB, beside what merely finds each CRLF and skips each
 * payload: the length is all that the baselines read of a line, and they keep nothing over the end of a buffer.
 */
@State(Scope.Thread)
public class DecodeBenchmark extends CodecBenchmark {
    private static final int FRAMES = 1024;

    /** What a read from a busy socket brings at most. */
    private static final int RECEIVE_BUFFER = 64 << 10;

    @Param({"MSG", "HMSG"})
    public String kind = "";

    @Param({"0", "16", "128", "1024", "16384"})
    public int payload;

    private final Sum sink = new Sum();
    private final Sum payloadSink = new Sum() {
        @Override
        public void onMessage(MessageView m) {
            ByteBuf body = m.payload();
            sum += m.sid() + (body.isReadable() ? body.getByte(body.readerIndex()) : 0);
        }
    };
    private final FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, PooledByteBufAllocator.DEFAULT);

    /** Holds whole frames; read so many times that it makes {@link #FRAMES} of them. */
    private ByteBuf whole = Unpooled.EMPTY_BUFFER;

    private int rounds;

    /** The same bytes, each piece in a buffer of its own: pieces of up to twice the size of a frame, 64 KiB at most. */
    private ByteBuf[] pieces = {};

    /** Takes of a message what routing it takes. */
    private static class Sum implements FrameSink {
        long sum;

        @Override
        public void onMessage(MessageView m) {
            sum += m.sid() + m.payloadLength();
        }

        @Override
        public void onInfo(String json) {
            throw new IllegalStateException(json);
        }

        @Override
        public void onPing() {
            throw new IllegalStateException();
        }

        @Override
        public void onPong() {
            throw new IllegalStateException();
        }

        @Override
        public void onOk() {
            throw new IllegalStateException();
        }

        @Override
        public void onError(String text) {
            throw new IllegalStateException(text);
        }
    }

    @Setup(Level.Trial)
    public void setUp() {
        boolean headers = kind.equals("HMSG");
        int frames = FRAMES;
        byte[] bytes = new ServerFrames(42).frames(headers, payload, frames);
        while (bytes.length > RECEIVE_BUFFER && frames > 1) {
            frames /= 2;
            bytes = new ServerFrames(42).frames(headers, payload, frames);
        }
        rounds = FRAMES / frames;
        whole = direct(bytes, 0, bytes.length);
        List<ByteBuf> cut = new ArrayList<>();
        int largest = Math.min(RECEIVE_BUFFER, 2 * bytes.length / frames);
        Random random = new Random(43);
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(largest));
            cut.add(direct(bytes, from, to));
            from = to;
        }
        pieces = cut.toArray(ByteBuf[]::new);
    }

    private static ByteBuf direct(byte[] bytes, int from, int to) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(to - from).writeBytes(bytes, from, to - from);
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        decoder.close();
        whole.release();
        for (ByteBuf piece : pieces) {
            piece.release();
        }
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long whole() {
        ByteBuf in = whole;
        for (int round = 0; round < rounds; round++) {
            decoder.decode(in.readerIndex(0), sink);
        }
        return sink.sum;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long split() {
        ByteBuf[] all = pieces;
        for (int round = 0; round < rounds; round++) {
            for (ByteBuf in : all) {
                decoder.decode(in.readerIndex(0), sink);
            }
        }
        return sink.sum;
    }

    /** As {@link #whole}, with a sink that looks at the first byte of each payload where it lies. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long wholeAndPayload() {
        ByteBuf in = whole;
        for (int round = 0; round < rounds; round++) {
            decoder.decode(in.readerIndex(0), payloadSink);
        }
        return payloadSink.sum;
    }

    /** With Netty's search for a byte. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long baselineIndexOf() {
        ByteBuf in = whole;
        long sum = 0;
        for (int round = 0; round < rounds; round++) {
            int end = in.writerIndex();
            for (int i = 0; i < end; ) {
                int lineFeed = in.indexOf(i, end, (byte) '\n');
                int length = lengthBefore(in, lineFeed - 1);
                sum += length;
                i = lineFeed + 1 + length + 2;
            }
        }
        return sum;
    }

    /** With Netty's loop over bytes. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long baselineForEachByte() {
        ByteBuf in = whole;
        long sum = 0;
        for (int round = 0; round < rounds; round++) {
            int end = in.writerIndex();
            for (int i = 0; i < end; ) {
                int lineFeed = in.forEachByte(i, end - i, ByteProcessor.FIND_LF);
                int length = lengthBefore(in, lineFeed - 1);
                sum += length;
                i = lineFeed + 1 + length + 2;
            }
        }
        return sum;
    }

    /** The number at the end of a line. */
    private static int lengthBefore(ByteBuf in, int carriageReturn) {
        int value = 0;
        int unit = 1;
        int i = carriageReturn - 1;
        for (byte b = in.getByte(i); b != ' '; b = in.getByte(--i)) {
            value += (b - '0') * unit;
            unit *= 10;
        }
        return value;
    }
}
