// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.Reconnect;
import dev.midge.testkit.base.NatsServer;
import dev.midge.transport.HostResolver;
import io.netty.util.internal.PlatformDependent;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What many idle connections of one JVM to one server cost, and how they come back when it is started again: {@code
 * bench/midge connections [--count N] [--seconds N]}. The exit code is 1 when that is more than it may be.
 */
public final class Connections implements AutoCloseable {
    private static final int MAX_THREADS = 2;
    private static final long MAX_HEAP = 24 << 10;
    private static final long MAX_DIRECT = 40 << 10;
    private static final Duration MAX_RETURN = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PARALLEL = 50;

    /** For what is loaded and made once for all. */
    private static final int FIRST = 10;

    /** All lose the server at once, so it is the jitter of the first wait that spreads them: over 4 s. */
    private static final Reconnect SPREAD =
            Reconnect.builder().wait(Duration.ofSeconds(4)).jitter(1).build();

    private final NatsServer server;
    private final int count;
    private final Queue<Long> attempts = new ConcurrentLinkedQueue<>();
    private final AtomicInteger back = new AtomicInteger();
    private final List<Connection> connections = new ArrayList<>();

    /** What each connection costs. */
    record Cost(int moreThreads, long heapEach, long directEach) {}

    /** How they came back: how many, how long it took for all, and how their attempts were spread. */
    record Return(int back, double seconds, double secondsAway, int attempts, int mostWithinWindow) {}

    Connections(NatsServer server, int count) {
        this.server = server;
        this.count = count;
    }

    /** The entry point. */
    public static void main(String[] args) throws Exception {
        Map<String, String> options = BenchServer.options("connections", args, "--count");
        int count = Integer.parseInt(options.getOrDefault("--count", "1000"));
        boolean well;
        try (NatsServer server = NatsServer.start();
                Connections run = new Connections(server, count)) {
            System.out.println(count + " idle connections to " + server);
            well = print(run.measure());
            well &= print(run.restart(), count);
        }
        System.out.println("result          " + (well ? "OK" : "NOT OK"));
        System.exit(well ? 0 : 1);
    }

    private static boolean print(Cost cost) {
        int threads = cost.moreThreads();
        boolean well =
                print("threads", threads <= MAX_THREADS, threads + " more than a few have, at most " + MAX_THREADS);
        well &= print("heap", cost.heapEach() <= MAX_HEAP, cost.heapEach() + " B each, at most " + MAX_HEAP);
        well &= print(
                "direct memory", cost.directEach() <= MAX_DIRECT, cost.directEach() + " B each, at most " + MAX_DIRECT);
        return well;
    }

    private static boolean print(Return back, int count) {
        boolean all = print(
                "all back",
                back.back() >= count && back.seconds() <= MAX_RETURN.toSeconds(),
                String.format(
                        "%d after %.1f s, at most %d s; the server was away for %.1f s",
                        back.back(), back.seconds(), MAX_RETURN.toSeconds(), back.secondsAway()));
        boolean spread = print(
                "attempts",
                back.mostWithinWindow() * 10 <= back.attempts(),
                String.format(
                        "%d, of them at most %d within %d ms, at most %d",
                        back.attempts(), back.mostWithinWindow(), WINDOW.toMillis(), back.attempts() / 10));
        return all && spread;
    }

    private static boolean print(String what, boolean good, String text) {
        System.out.printf("%-15s %s%s%n", what, text, good ? "" : "   <- NOT OK");
        return good;
    }

    /** A name is resolved at each attempt, so this is where attempts are seen. */
    private CompletableFuture<Connection> connect() {
        HostResolver resolver = host -> {
            attempts.add(System.nanoTime());
            return List.of(InetAddress.getLoopbackAddress());
        };
        return Nats.connectAsync(Options.builder()
                .servers("nats://localhost:" + server.port())
                .resolver(resolver)
                .connectTimeout(PATIENCE)
                .reconnect(SPREAD)
                .listener(event -> {
                    if (event instanceof ConnectionEvent.Reconnected) {
                        back.incrementAndGet();
                    }
                })
                .build());
    }

    private void connect(int more) {
        for (int left = more; left > 0; left -= PARALLEL) {
            List<CompletableFuture<Connection>> opening = new ArrayList<>();
            for (int i = 0; i < Math.min(left, PARALLEL); i++) {
                opening.add(connect());
            }
            opening.forEach(connection -> connections.add(connection.join()));
        }
    }

    /** Opens them and looks what they have taken when all have answered. */
    Cost measure() {
        connect(FIRST);
        flush();
        int threads = threads();
        long heap = heap();
        long direct = PlatformDependent.usedDirectMemory();
        connect(count);
        flush();
        return new Cost(
                threads() - threads, (heap() - heap) / count, (PlatformDependent.usedDirectMemory() - direct) / count);
    }

    private void flush() {
        connections.forEach(connection -> connection.flush(PATIENCE));
    }

    /** Kills the server, starts it again on its port, and waits for all, 30 s at most. */
    Return restart() {
        attempts.clear();
        long start = System.nanoTime();
        server.kill();
        server.restart();
        long up = System.nanoTime();
        while (back.get() < connections.size() && System.nanoTime() - start < PATIENCE.toNanos()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long[] times = attempts.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Return(back.get(), seconds, (up - start) / 1e9, times.length, mostWithin(times));
    }

    private static int mostWithin(long[] times) {
        int most = 0;
        for (int first = 0, last = 0; last < times.length; last++) {
            while (times[last] - times[first] >= WINDOW.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    private static int threads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("nats-")
                        && !thread.getName().startsWith("nats-handler"))
                .count();
    }

    /** What is in use behind collections that free nothing more. */
    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        long[] used = new long[5];
        for (int i = 0; i < used.length; i++) {
            System.gc();
            used[i] = runtime.totalMemory() - runtime.freeMemory();
        }
        return Arrays.stream(used).min().orElse(0);
    }

    @Override
    public void close() {
        List<CompletableFuture<Void>> closing =
                connections.stream().map(Connection::closeAsync).toList();
        closing.forEach(CompletableFuture::join);
    }
}
