// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.testkit.base.LeakCheck;
import dev.midge.testkit.base.NatsStreamingServer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes and subscribes through a real streaming server with a file store, which is killed every few seconds and started again a
 * third of that later; then looks whether every message that was acknowledged was delivered to each durable: {@code bench/midge
 * chaos --stan [--minutes N] [--rate N] [--every SECONDS]}. The exit code is 1 when one was not, or anything is left behind.
 *
 * @param length for how long the server is killed
 * @param every from one kill to the next
 * @param rate messages a second of all publishers together
 */
record StanChaos(Duration length, Duration every, int publishers, int subscribers, int rate) {
    /** Until each durable has everything. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What came of it. */
    record Report(
            int kills,
            long sent,
            long acked,
            long unknown,
            long notStored,
            long deliveries,
            long reconnects,
            int sessionsLost,
            List<String> missing) {
        void print(PrintStream out) {
            out.printf("ran           %d kills, %,d reconnects, %d sessions lost%n", kills, reconnects, sessionsLost);
            out.printf(
                    "published     %,d: %,d acknowledged, %,d of unknown outcome, %,d not stored%n",
                    sent, acked, unknown, notStored);
            out.printf("delivered     %,d to all durables together, repeated ones included%n", deliveries);
            out.printf("missing       %s%n", missing.isEmpty() ? "none" : missing);
        }
    }

    /** The entry point. */
    public static void main(String[] args) throws Throwable {
        Map<String, String> options = BenchServer.options("chaos --stan", args, "--minutes", "--rate", "--every");
        StanChaos run = new StanChaos(
                Duration.ofSeconds(Math.round(60 * Double.parseDouble(options.getOrDefault("--minutes", "1")))),
                Duration.ofSeconds(Long.parseLong(options.getOrDefault("--every", "6"))),
                5,
                5,
                Integer.parseInt(options.getOrDefault("--rate", "1000")));
        System.out.println(run);
        Report[] report = new Report[1];
        String left = "nothing";
        try {
            LeakCheck.verify("the run", () -> report[0] = run.execute());
        } catch (AssertionError leaks) {
            left = String.valueOf(leaks.getMessage());
        }
        if (report[0] != null) {
            report[0].print(System.out);
        }
        boolean well = report[0] != null && report[0].missing().isEmpty() && left.equals("nothing");
        System.out.println("left behind   " + left);
        System.out.println("result        " + (well ? "OK" : "NOT OK"));
        System.exit(well ? 0 : 1);
    }

    Report execute() throws InterruptedException {
        List<StanChaosPublisher> talking = new ArrayList<>();
        List<StanChaosSubscriber> hearing = new ArrayList<>();
        try (NatsStreamingServer server =
                NatsStreamingServer.builder().fileStore().start()) {
            try {
                for (int i = 0; i < subscribers; i++) {
                    hearing.add(new StanChaosSubscriber(server.url(), i));
                }
                for (int i = 0; i < publishers; i++) {
                    talking.add(new StanChaosPublisher(server.url(), i, rate / publishers));
                }
                talking.forEach(StanChaosPublisher::start);
                int kills = killAndRestart(server);
                for (StanChaosPublisher publisher : talking) {
                    publisher.stop();
                }
                return report(kills, talking, hearing);
            } finally {
                talking.forEach(StanChaosClient::close);
                hearing.forEach(StanChaosClient::close);
            }
        }
    }

    private int killAndRestart(NatsStreamingServer server) {
        long kills = length.toNanos() / every.toNanos();
        long begin = System.nanoTime();
        for (long round = 1; round <= kills; round++) {
            long next = begin + round * every.toNanos();
            parkUntil(next - every.toNanos() / 3);
            server.kill();
            parkUntil(next);
            server.restart();
        }
        return (int) kills;
    }

    private static void parkUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static Report report(int kills, List<StanChaosPublisher> talking, List<StanChaosSubscriber> hearing) {
        Set<String> acked = new HashSet<>();
        talking.forEach(publisher -> acked.addAll(publisher.acked()));
        List<String> missing = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (StanChaosSubscriber subscriber : hearing) {
            while (!subscriber.received().containsAll(acked) && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            Set<String> left = new HashSet<>(acked);
            left.removeAll(subscriber.received());
            left.stream().limit(5).forEach(text -> missing.add(text + " at " + hearing.indexOf(subscriber)));
        }
        List<StanChaosClient> all = new ArrayList<>(talking);
        all.addAll(hearing);
        return new Report(
                kills,
                talking.stream().mapToLong(StanChaosPublisher::sent).sum(),
                acked.size(),
                talking.stream().mapToLong(StanChaosPublisher::unknown).sum(),
                talking.stream().mapToLong(StanChaosPublisher::notStored).sum(),
                hearing.stream().mapToLong(StanChaosSubscriber::deliveries).sum(),
                all.stream().mapToLong(StanChaosClient::reconnects).sum(),
                all.stream().mapToInt(StanChaosClient::sessionsLost).sum(),
                missing);
    }

    @Override
    public String toString() {
        return String.format(
                "a streaming server with a file store, %d publishers and %d durable subscribers at %,d messages/s, killed every"
                        + " %d s for %d s",
                publishers, subscribers, rate, every.toSeconds(), length.toSeconds());
    }
}
