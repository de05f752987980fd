// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Connection.publish into a sink on loopback: the calling thread, the event loop and the sink share the machine, so the
 * time is that of the slowest of them. The allocation that -prof gc tells is that of the whole JVM.
 */
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the set-up before anything else
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PublishBenchmark {
    /** Bytes of payload. */
    @Param({"16", "128", "1024", "16384"})
    public int size;

    private LoopbackPeer sink;
    private Connection nc;
    private byte[] payload;

    /** Connects. */
    @Setup
    public void connect() throws IOException {
        sink = LoopbackPeer.sink();
        payload = new byte[size];
        nc = Nats.connect(Options.builder()
                .servers(sink.url())
                .closeTimeout(Duration.ZERO)
                .build());
    }

    /** One message. */
    @Benchmark
    public void publish() {
        nc.publish("bench.subject", payload);
    }

    /** Ends it. */
    @TearDown
    public void close() throws IOException {
        nc.close();
        sink.close();
    }
}
