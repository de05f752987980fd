// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.SubscribeOptions;
import dev.midge.micro.Service;
import java.io.IOException;
import java.time.Duration;
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
 * What an endpoint of a service costs beside a plain subscription that answers: a batch of requests comes over loopback,
 * an operation is one of them answered, all threads included.
 */
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the set-up before anything else
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ServiceBenchmark {
    private static final int BATCH = 1000;
    private static final int SIZE = 128;

    /** Who answers. */
    @Param({"subscription", "endpoint"})
    public String by;

    private LoopbackPeer requester;
    private Connection nc;

    /** Connects and subscribes. */
    @Setup
    public void connect() throws IOException {
        requester = LoopbackPeer.requester("bench", SIZE, BATCH);
        nc = Nats.connect(Options.builder()
                .servers(requester.url())
                .pingInterval(Duration.ofDays(1)) // it takes answers only
                .closeTimeout(Duration.ZERO)
                .build());
        if (by.equals("endpoint")) {
            Service.builder("bench", "1.0.0")
                    .start(nc)
                    .addEndpoint("bench", request -> request.respond(request.data()));
        } else {
            nc.subscribe(
                    "bench", SubscribeOptions.builder().queue("q").build(), message -> message.respond(message.data()));
        }
    }

    /** A batch. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void answer() {
        requester.send();
        requester.awaitAnswers();
    }

    /** Ends it. */
    @TearDown
    public void close() throws IOException {
        nc.close();
        requester.close();
    }
}
