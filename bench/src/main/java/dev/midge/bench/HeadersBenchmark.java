// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.midge.protocol.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Header blocks in and out. */
@SuppressWarnings("NullAway.Init") // JMH sets the parameter and calls the set-up before anything else
@State(Scope.Thread)
public class HeadersBenchmark extends CodecBenchmark {
    private static final int MAX_COUNT = 1000;

    /** Lines in the block. */
    @Param({"1", "4", "16"})
    public int lines;

    private final ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(4096, 4096);
    private String[] names;
    private byte[] block;
    private Headers headers;

    /** Makes the block. */
    @Setup
    public void setUp() {
        names = new String[lines];
        StringBuilder text = new StringBuilder("NATS/1.0\r\n");
        for (int i = 0; i < lines; i++) {
            names[i] = "Header-Number-" + i;
            text.append(names[i]).append(": 4bf92f3577b34da6\r\n");
        }
        block = text.append("\r\n").toString().getBytes(US_ASCII);
        headers = build();
    }

    /** Gives the buffer back. */
    @TearDown
    public void tearDown() {
        out.release();
    }

    /** What every message with headers costs whose headers nobody looks at. */
    @Benchmark
    public Headers receive() {
        return Headers.parse(block, MAX_COUNT);
    }

    /** The first look at one of them. */
    @Benchmark
    public @Nullable String parse() {
        return Headers.parse(block, MAX_COUNT).get(names[lines - 1]);
    }

    /** Checked and encoded. */
    @Benchmark
    public Headers build() {
        Headers.Builder builder = Headers.builder();
        for (String name : names) {
            builder.add(name, "4bf92f3577b34da6");
        }
        return builder.build();
    }

    /** Into a message. */
    @Benchmark
    public ByteBuf write() {
        headers.writeTo(out.clear());
        return out;
    }
}
