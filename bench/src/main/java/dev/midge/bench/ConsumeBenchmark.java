// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.OptionsBuilder;
import dev.midge.jetstream.ConsumeOptions;
import dev.midge.jetstream.Consumption;
import dev.midge.jetstream.JetStream;
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
 * Messages of a consumer, consumed with a handler and acknowledged, beside the same number delivered by a plain
 * subscription, all over loopback from a peer that allocates nothing. An operation is one message, and with acknowledgements it is
 * over when the peer has them. That time has the peer's threads in it, which share the processors with the client's;
 * {@code clientCpu} is what the threads of the client took for a message, in nanoseconds. The allocation that -prof gc
 * tells is that of the whole JVM.
 */
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the set-up before anything else
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ConsumeBenchmark {
    private static final int BATCH = 10_000;

    /** Bytes of payload. */
    @Param("128")
    public int size;

    /** What is measured; {@code plainFrames} is a plain subscription to the very frames of a consumer. */
    @Param({"plain", "plainFrames", "consume", "consumeAndAck"})
    public String mode;

    /** Where the handler runs: {@code own} is the connection's executor, {@code inline} the event loop itself. */
    @Param("own")
    public String executor = "own";

    private LoopbackPeer peer;
    private Connection nc;
    private Consumption run;
    private final Semaphore delivered = new Semaphore(0);
    private int count;

    /** Connects and consumes. */
    @Setup
    public void connect() throws IOException {
        boolean plain = mode.startsWith("plain");
        peer = switch (mode) {
            case "plain" -> LoopbackPeer.source("orders.new", size, BATCH);
            case "plainFrames" -> LoopbackPeer.deliverer(size, BATCH);
            default -> LoopbackPeer.consumer(size, BATCH);
        };
        OptionsBuilder options = Options.builder().servers(peer.url()).closeTimeout(Duration.ZERO);
        if (executor.equals("inline")) {
            options.executor(Runnable::run);
        }
        nc = Nats.connect(options.build());
        if (plain) {
            nc.subscribe("orders.new", message -> count());
            return;
        }
        ConsumeOptions consume = ConsumeOptions.builder().maxMessages(BATCH).build();
        boolean acks = mode.equals("consumeAndAck");
        run = JetStream.of(nc).stream("ORDERS").consumer("worker").consume(consume, message -> {
            if (acks) {
                message.ack();
            }
            count();
        });
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
    public void deliver(ClientCpu cpu) {
        peer.send();
        delivered.acquireUninterruptibly();
        if (mode.equals("consumeAndAck")) {
            peer.awaitAnswers();
        }
        cpu.handled(BATCH);
    }

    /** Ends it. */
    @TearDown
    public void close() throws IOException {
        if (run != null) {
            run.stop();
        }
        nc.close();
        peer.close();
    }
}
