// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
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
 * A request and its reply of the same size, over loopback to a peer that stands in for server and responder and allocates
 * nothing. The allocation that -prof gc tells is that of the whole JVM, and so the requester's.
 */
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the set-up before anything else
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestBenchmark {
    private static final int BATCH = 10_000;
    private static final int IN_FLIGHT = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Bytes of payload. */
    @Param("128")
    public int size;

    private LoopbackPeer responder;
    private Connection nc;
    private byte[] payload;
    private final Semaphore free = new Semaphore(IN_FLIGHT);

    /** Connects. */
    @Setup
    public void connect() throws IOException {
        responder = LoopbackPeer.responder();
        payload = new byte[size];
        nc = Nats.connect(Options.builder()
                .servers(responder.url())
                .closeTimeout(Duration.ZERO)
                .build());
    }

    /** One after the other. */
    @Benchmark
    public Message sequential() {
        return nc.request("bench.subject", payload, PATIENCE);
    }

    /** So many at a time. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void inFlight() {
        for (int i = 0; i < BATCH; i++) {
            free.acquireUninterruptibly();
            CompletableFuture<?> unused = nc.requestAsync("bench.subject", payload, PATIENCE)
                    .whenComplete((reply, failure) -> free.release());
        }
        free.acquireUninterruptibly(IN_FLIGHT);
        free.release(IN_FLIGHT);
    }

    /** Ends it. */
    @TearDown
    public void close() throws IOException {
        nc.close();
        responder.close();
    }
}
