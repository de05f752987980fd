// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.Subscription;
import java.io.IOException;
import java.time.Duration;
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
 * From the socket to the user's code, all threads included: a source sends a batch over loopback, an operation is one
 * message of it delivered. The allocation that -prof gc tells is that of the whole JVM, the source allocates nothing.
 */
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the set-up before anything else
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DeliveryBenchmark {
    private static final int BATCH = 10_000;

    /** Bytes of payload. */
    @Param({"16", "128", "1024"})
    public int size;

    /** To whom. */
    @Param({"handler", "direct", "pull"})
    public String mode;

    private LoopbackPeer source;
    private Connection nc;
    private Subscription sub;
    private final Semaphore delivered = new Semaphore(0);
    private int count;

    /** Connects and subscribes. */
    @Setup
    public void connect() throws IOException {
        source = LoopbackPeer.source("bench.subject", size, BATCH);
        nc = Nats.connect(Options.builder()
                .servers(source.url())
                .closeTimeout(Duration.ZERO)
                .build());
        sub = switch (mode) {
            case "handler" -> nc.subscribe("bench.subject", message -> count());
            case "direct" -> nc.direct().subscribe("bench.subject", view -> count());
            default -> nc.subscribe("bench.subject");
        };
    }

    private void count() {
        if (++count == BATCH) {
            count = 0;
            delivered.release();
        }
    }

    /** A batch. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void deliver() {
        source.send();
        if (mode.equals("pull")) {
            for (int i = 0; i < BATCH; i++) {
                sub.next(Duration.ofSeconds(10));
            }
        } else {
            delivered.acquireUninterruptibly();
        }
    }

    /** Ends it. */
    @TearDown
    public void close() throws IOException {
        nc.close();
        source.close();
    }
}
