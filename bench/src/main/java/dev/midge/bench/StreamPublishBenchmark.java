// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.PublishAck;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A message to a stream and its ack, over loopback to a peer that stands in for server and stream and allocates nothing.
 * The allocation that -prof gc tells is that of the whole JVM, and so the publisher's.
 */
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the set-up before anything else
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamPublishBenchmark {
    private static final int BATCH = 10_000;

    /** Bytes of payload. */
    @Param("128")
    public int size;

    private LoopbackPeer stream;
    private Connection nc;
    private JetStream js;
    private byte[] payload;

    /** Connects. */
    @Setup
    public void connect() throws IOException {
        stream = LoopbackPeer.stream();
        payload = new byte[size];
        nc = Nats.connect(Options.builder()
                .servers(stream.url())
                .closeTimeout(Duration.ZERO)
                .build());
        js = JetStream.of(nc);
    }

    /** One after the other. */
    @Benchmark
    public PublishAck sequential() {
        return js.publish("bench.subject", payload);
    }

    /** As many at a time as the window has. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public PublishAck inFlight() {
        CompletableFuture<PublishAck> last = js.publishAsync("bench.subject", payload);
        for (int i = 1; i < BATCH; i++) {
            last = js.publishAsync("bench.subject", payload);
        }
        return last.join(); // they are acked in their order
    }

    /** Ends it. */
    @TearDown
    public void close() throws IOException {
        nc.close();
        stream.close();
    }
}
