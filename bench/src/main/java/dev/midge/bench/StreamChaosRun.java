// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static dev.midge.bench.StreamChaosWait.succeeds;
import static dev.midge.bench.StreamChaosWait.within;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.jetstream.ClusterInfo;
import dev.midge.jetstream.ConsumerConfig;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.Stream;
import dev.midge.jetstream.StreamConfig;
import dev.midge.testkit.base.NatsCluster;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code bench/midge chaos --jetstream}: a stream of three replicas whose leader is killed again and again, five
 * publishers, and five consumers, each on a connection of its own: one of a durable consumer, two that share another, and two
 * that read in order.
 *
 * @param length for how long leaders are killed
 * @param every from one kill to the next; a third of it later the server is started again
 * @param rate messages a second of each publisher, at most
 * @param machine what the machine may take beside two heartbeats
 */
record StreamChaosRun(
        NatsServerVersion version,
        Duration length,
        Duration every,
        int publishers,
        int rate,
        Duration heartbeat,
        Duration machine) {
    private static final String STREAM = "CHAOS";
    private static final String[] DURABLES = {"alone", "shared", "shared", "", ""};

    StreamChaosReport execute() throws InterruptedException {
        StreamChaosReport report = new StreamChaosReport();
        List<StreamChaosPublisher> talking = new ArrayList<>();
        List<StreamChaosConsumer> hearing = new ArrayList<>();
        try (NatsCluster cluster =
                        NatsCluster.builder().version(version).jetStream().start();
                Connection nc = connect(cluster)) {
            try {
                Stream stream = create(nc);
                for (int i = 0; i < DURABLES.length; i++) {
                    String name = DURABLES[i].isEmpty() ? "ordered " + i : DURABLES[i] + " " + i;
                    hearing.add(new StreamChaosConsumer(
                            name, STREAM, DURABLES[i], publishers, heartbeat, connect(cluster)));
                }
                for (int i = 0; i < publishers; i++) {
                    talking.add(new StreamChaosPublisher(i, rate, connect(cluster)));
                }
                talking.forEach(StreamChaosPublisher::start);
                kill(cluster, stream, talking, hearing, report);
                for (StreamChaosPublisher publisher : talking) {
                    publisher.stop();
                }
                new StreamChaosAccount(stream, talking, hearing, report).settle(2);
            } finally {
                hearing.forEach(consumer -> consumer.run().stop());
                for (StreamChaosPublisher publisher : talking) {
                    publisher.stop();
                    publisher.connection().close();
                }
                hearing.forEach(consumer -> consumer.connection().close());
            }
        }
        return report;
    }

    private static Connection connect(NatsCluster cluster) {
        return Nats.connect(Options.builder()
                .servers(cluster.urls())
                .connectTimeout(Duration.ofSeconds(30))
                .build());
    }

    private static Stream create(Connection nc) {
        JetStream js = JetStream.of(nc);
        StreamConfig config =
                StreamConfig.builder(STREAM).subjects("chaos.>").numReplicas(3).build();
        // until the cluster has a leader, and that knows of the others
        within(() -> succeeds(() -> js.createStream(config)));
        for (String durable : new String[] {"alone", "shared"}) {
            ConsumerConfig consumer = ConsumerConfig.builder()
                    .durable(durable)
                    .ackWait(Duration.ofSeconds(5))
                    .maxAckPending(20_000)
                    .build();
            within(() -> succeeds(() -> js.stream(STREAM).createConsumer(consumer)));
        }
        return js.stream(STREAM);
    }

    /** The leader is killed, and started again, and everybody gets messages again. */
    private void kill(
            NatsCluster cluster,
            Stream stream,
            List<StreamChaosPublisher> talking,
            List<StreamChaosConsumer> hearing,
            StreamChaosReport report)
            throws InterruptedException {
        StreamChaosStalls stalls = new StreamChaosStalls(hearing, report);
        awaitFlow(talking, stalls, "at the beginning", report);
        stalls.forget(); // the first elections
        long start = System.nanoTime();
        while (System.nanoTime() - start < length.toNanos()) {
            long begun = System.nanoTime();
            NatsServer node = cluster.node(leader(stream));
            node.kill();
            report.kills++;
            TimeUnit.NANOSECONDS.sleep(every.toNanos() / 3);
            node.restart();
            cluster.awaitRoutes();
            leader(stream);
            awaitFlow(talking, stalls, "after kill " + report.kills, report);
            long left = every.toNanos() - (System.nanoTime() - begun);
            if (left > 0) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
        }
        report.line(String.format(
                "ran           %d s: %d kills of the leader", seconds(System.nanoTime() - start), report.kills));
        stalls.report(heartbeat.multipliedBy(2).plus(machine));
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }

    /** Waits until the stream and the durable consumers have leaders; the node of that of the stream. */
    private static int leader(Stream stream) {
        String[] leader = {""};
        within(() -> succeeds(() -> {
                    leader[0] = name(stream.info().cluster());
                    for (String durable : List.of(DURABLES[0], DURABLES[1])) {
                        if (name(stream.consumer(durable).info().cluster()).isEmpty()) {
                            leader[0] = "";
                        }
                    }
                })
                && !leader[0].isEmpty());
        return leader[0].charAt(leader[0].length() - 1) - '0';
    }

    private static String name(@Nullable ClusterInfo info) {
        String name = info == null ? null : info.leader();
        return name == null ? "" : name;
    }

    /** Waits until the stream takes messages, for all that consume then, and for all that publish. */
    private static void awaitFlow(
            List<StreamChaosPublisher> talking, StreamChaosStalls stalls, String when, StreamChaosReport report) {
        long[] before =
                talking.stream().mapToLong(StreamChaosPublisher::confirmed).toArray();
        within(() -> confirming(talking, before) > 0);
        stalls.measure(highest(talking), when);
        report.expect("all publishers go on " + when, within(() -> confirming(talking, before) == talking.size()));
    }

    private static long confirming(List<StreamChaosPublisher> talking, long[] before) {
        return talking.stream()
                .filter(publisher -> publisher.confirmed() > before[publisher.index()])
                .count();
    }

    private static long highest(List<StreamChaosPublisher> talking) {
        return talking.stream()
                .mapToLong(StreamChaosPublisher::lastSequence)
                .max()
                .orElse(0);
    }

    @Override
    public String toString() {
        return String.format(
                "three nodes of %s, a stream of three replicas, %d publishers at %,d messages/s each, 5 consumers of which 2"
                        + " read in order, the leader killed every %d s for %d s",
                version, publishers, rate, every.toSeconds(), length.toSeconds());
    }
}
