// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.midge.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Time for one frame into a pooled direct chunk, beside a plain copy of the same bytes into the same chunk. */
@State(Scope.Thread)
public class EncodeBenchmark extends CodecBenchmark {
    private static final int FRAMES = 64;
    private static final int CHUNK = 64 << 10;

    @Param({"16", "128", "1024", "16384"})
    public int payload;

    /** How many subjects take turns: 1 is the case that the encoder remembers. */
    @Param({"1", "16"})
    public int subjects;

    private final FrameEncoder encoder = new FrameEncoder();
    private final byte[] headers = ServerFrames.HEADERS.getBytes(US_ASCII);
    private ByteBuf chunk = Unpooled.EMPTY_BUFFER;
    private byte[] body = {};
    private String[] subject = {};
    private byte[][] pubFrames = {};
    private byte[][] hpubFrames = {};

    @Setup(Level.Trial)
    public void setUp() {
        chunk = PooledByteBufAllocator.DEFAULT.directBuffer(CHUNK, CHUNK);
        body = new byte[payload];
        subject = new String[subjects];
        pubFrames = new byte[subjects][];
        hpubFrames = new byte[subjects][];
        for (int i = 0; i < subjects; i++) {
            subject[i] = "orders.europe.new." + (char) ('a' + i);
            encoder.pub(chunk, subject[i], null, body, 0, payload);
            pubFrames[i] = written();
            encoder.hpub(chunk, subject[i], null, headers, body, 0, payload);
            hpubFrames[i] = written();
        }
    }

    private byte[] written() {
        byte[] bytes = new byte[chunk.readableBytes()];
        chunk.readBytes(bytes);
        chunk.clear();
        return bytes;
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        chunk.release();
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public ByteBuf pub() {
        ByteBuf out = chunk.clear();
        for (int i = 0; i < FRAMES; i++) {
            room(out, payload + 64);
            encoder.pub(out, subject[i & (subjects - 1)], null, body, 0, payload);
        }
        return out;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public ByteBuf copyOfPub() {
        ByteBuf out = chunk.clear();
        for (int i = 0; i < FRAMES; i++) {
            room(out, payload + 64);
            out.writeBytes(pubFrames[i & (subjects - 1)]);
        }
        return out;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public ByteBuf hpub() {
        ByteBuf out = chunk.clear();
        for (int i = 0; i < FRAMES; i++) {
            room(out, payload + 128);
            encoder.hpub(out, subject[i & (subjects - 1)], null, headers, body, 0, payload);
        }
        return out;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public ByteBuf copyOfHpub() {
        ByteBuf out = chunk.clear();
        for (int i = 0; i < FRAMES; i++) {
            room(out, payload + 128);
            out.writeBytes(hpubFrames[i & (subjects - 1)]);
        }
        return out;
    }

    private static void room(ByteBuf out, int length) {
        if (out.writableBytes() < length) {
            out.clear();
        }
    }
}
