// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionStatus;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.Reconnect;
import dev.midge.testkit.base.NatsCluster;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One run of {@link Chaos}. Each publisher and each subscriber is a connection of its own. Publishers number their
 * messages and send them to the subscribers in turn, so each subscriber hears every publisher, and knows the order.
 *
 * @param length for how long servers are killed
 * @param every from one kill to the next; a third of it later the server is started again
 * @param rate messages a second of all publishers together
 * @param machine what the machine may take to bring somebody back, beside the waits that were asked for
 */
record ChaosRun(
        NatsServerVersion version,
        Duration length,
        Duration every,
        int publishers,
        int subscribers,
        int rate,
        Duration machine) {
    /** Until all is connected, everything has arrived, and so on: what takes longer has failed. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How many messages each publisher sends each subscriber behind the last kill: all of them have to arrive. */
    private static final int FINAL_MESSAGES = 50;

    static final Reconnect RECONNECT = Reconnect.builder().build();

    ChaosReport execute() throws InterruptedException {
        try (NatsCluster cluster = NatsCluster.builder().version(version).start()) {
            List<ChaosSubscriber> hearing = new ArrayList<>();
            List<ChaosPublisher> talking = new ArrayList<>();
            try {
                for (int i = 0; i < subscribers; i++) {
                    hearing.add(new ChaosSubscriber(i, publishers, events -> connect(cluster, events)));
                }
                for (int i = 0; i < publishers; i++) {
                    talking.add(
                            new ChaosPublisher(i, subscribers, rate / publishers, events -> connect(cluster, events)));
                }
                return run(cluster, hearing, talking);
            } finally {
                talking.forEach(ChaosPublisher::stop);
                talking.forEach(publisher -> publisher.connection().close());
                hearing.forEach(subscriber -> subscriber.connection().close());
            }
        }
    }

    private static Connection connect(NatsCluster cluster, ChaosEvents events) {
        return Nats.connect(Options.builder()
                .servers(cluster.urls())
                .reconnect(RECONNECT)
                .listener(events)
                .build());
    }

    private ChaosReport run(NatsCluster cluster, List<ChaosSubscriber> hearing, List<ChaosPublisher> talking)
            throws InterruptedException {
        ChaosReport report = new ChaosReport(this);
        talking.forEach(ChaosPublisher::start);
        long start = System.nanoTime();
        report.kills = killInTurn(cluster, start);
        report.nanos = System.nanoTime() - start;
        talking.forEach(ChaosPublisher::stop);
        cluster.awaitRoutes();
        List<Connection> connections = new ArrayList<>();
        talking.forEach(publisher -> connections.add(publisher.connection()));
        hearing.forEach(subscriber -> connections.add(subscriber.connection()));
        report.expect(
                "all are connected in the end",
                within(() -> connections.stream()
                        .allMatch(connection -> connection.status() == ConnectionStatus.CONNECTED)));
        report.expect("all subscribers get messages of all publishers in the end", endWell(hearing, talking));
        talking.forEach(publisher -> publisher.connection().close());
        hearing.forEach(subscriber -> subscriber.connection().close());
        report.expect(
                "Closed is the last event of all",
                within(() -> talking.stream()
                                .allMatch(publisher -> publisher.events().closed())
                        && hearing.stream()
                                .allMatch(subscriber -> subscriber.events().closed())));
        report.expect(
                "each message that Statistics call discarded was reported by an event",
                within(() -> talking.stream()
                        .allMatch(publisher -> publisher.events().discarded()
                                == publisher.connection().statistics().outDiscarded())));
        talking.forEach(report::add);
        hearing.forEach(report::add);
        return report;
    }

    /** One node after the other is killed, and started again while the others run. */
    private int killInTurn(NatsCluster cluster, long start) throws InterruptedException {
        long step = every.toNanos() / 3;
        int kills = 0;
        sleepUntil(start + step);
        for (long at = start + step; at - start < length.toNanos(); at += every.toNanos()) {
            NatsServer node = cluster.node(kills % cluster.nodes().size());
            node.kill();
            kills++;
            sleepUntil(at + step);
            node.restart();
            sleepUntil(at + every.toNanos());
        }
        return kills;
    }

    private static void sleepUntil(long nanoTime) throws InterruptedException {
        long left = nanoTime - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    /**
     * Interest in subjects travels between servers, so a round that was lost in part may be followed by another: what
     * counts is that it gets through to all in the end.
     */
    private boolean endWell(List<ChaosSubscriber> hearing, List<ChaosPublisher> talking) {
        return within(() -> {
            for (ChaosPublisher publisher : talking) {
                publisher.publish(FINAL_MESSAGES * subscribers);
                publisher.connection().flush(PATIENCE);
            }
            return within(
                    Duration.ofSeconds(5),
                    () -> hearing.stream()
                            .allMatch(subscriber -> talking.stream()
                                    .allMatch(publisher -> subscriber.last(publisher.index())
                                            == publisher.lastFor(subscriber.index()))));
        });
    }

    private static boolean within(BooleanSupplier condition) {
        return within(PATIENCE, condition);
    }

    private static boolean within(Duration time, BooleanSupplier condition) {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return true;
    }

    @Override
    public String toString() {
        return String.format(
                "three nodes of %s, %d publishers and %d subscribers at %,d messages/s, a node killed every %d s for %d s",
                version, publishers, subscribers, rate, every.toSeconds(), length.toSeconds());
    }
}
