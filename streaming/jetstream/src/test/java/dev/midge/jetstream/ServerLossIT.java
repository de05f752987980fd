// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.NatsTimeoutException;
import dev.midge.protocol.NatsException;
import dev.midge.testkit.base.NatsCluster;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R-E1, R-E5: consumptions when servers are killed, shut down, and leaders change. */
@Timeout(400) // clusters of real servers elect leaders, on machines that do other things too
class ServerLossIT {
    /** How long a cluster may be without a leader. */
    private static final Duration ELECTION = Duration.ofSeconds(90);

    private final Queue<Long> consumed = new ConcurrentLinkedQueue<>();
    private final Queue<Long> ordered = new ConcurrentLinkedQueue<>();
    private long stored;

    private static ConsumeOptions options() {
        return ConsumeOptions.builder()
                .maxMessages(20)
                .idleHeartbeat(Duration.ofMillis(500))
                .build();
    }

    private static OrderedOptions orderedOptions() {
        return OrderedOptions.builder()
                .maxMessages(20)
                .idleHeartbeat(Duration.ofMillis(500))
                .build();
    }

    /** Messages that are stored for sure: what is not confirmed is published again, with the same id. */
    private void publish(Connection nc, int count) {
        for (int i = 0; i < count; i++) {
            dev.midge.client.Message message = dev.midge.client.Message.to("s.a")
                    .header("Nats-Msg-Id", "m" + ++stored)
                    .data(String.valueOf(stored))
                    .build();
            Patience.until("message " + stored + " is stored", ELECTION, () -> {
                try {
                    return nc.request(message, Duration.ofSeconds(2)).text().contains("\"seq\":");
                } catch (NatsTimeoutException e) {
                    return false;
                } catch (NatsException e) { // no leader, no server
                    return false;
                }
            });
        }
    }

    private void awaitAll() {
        Patience.until(() -> "all of " + stored + ", there are " + new TreeSet<>(consumed).size(), ELECTION, () -> {
            Set<Long> distinct = new TreeSet<>(consumed);
            return distinct.size() == stored;
        });
        Patience.until(
                () -> "all of " + stored + " in order, there are " + ordered.size(),
                ELECTION,
                () -> ordered.size() >= stored);
        assertThat(ordered)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, stored).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R-E1, R-E5: the server is killed, and shut down, and comes back")
    void oneServer(NatsServerVersion version) {
        try (NatsServer server =
                        NatsServer.builder().version(version).jetStream().start();
                Connection nc = Patience.connect(server.url())) {
            JetStream js = Patience.jetStream(nc);
            Stream stream =
                    js.createStream(StreamConfig.builder("S").subjects("s.>").build());
            Consumer consumer = stream.createConsumer(ConsumerConfig.builder()
                    .durable("w")
                    .ackWait(Duration.ofSeconds(2))
                    .build());
            try (Consumption run = consume(consumer);
                    Consumption all = read(stream)) {
                for (int round = 0; round < 3; round++) {
                    publish(nc, 20);
                    if (round % 2 == 0) {
                        server.kill();
                    } else {
                        server.stop();
                    }
                    server.restart();
                    publish(nc, 20);
                }
                awaitAll();
                assertThat(run.isActive()).isTrue();
                assertThat(all.isActive()).isTrue();
            }
        }
    }

    private Consumption consume(Consumer consumer) {
        return consumer.consume(options(), message -> {
            consumed.add(Long.parseLong(message.text()));
            message.ack();
        });
    }

    private Consumption read(Stream stream) {
        return stream.ordered(orderedOptions())
                .consume(message -> ordered.add(message.metadata().streamSequence()));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R-E1, R-E5: leaders step down, and are killed, in a cluster of three")
    void cluster(NatsServerVersion version) {
        try (NatsCluster cluster =
                        NatsCluster.builder().version(version).jetStream().start();
                Connection nc = Nats.connect(Patience.options(cluster.urls()[0])
                        .servers(cluster.urls())
                        .build())) {
            JetStream js = Patience.jetStream(nc);
            // until the cluster has a leader, and that knows of the others; without one nobody answers
            JetStream impatient = JetStream.of(
                    nc,
                    JetStreamOptions.builder().timeout(Duration.ofSeconds(3)).build());
            String[] problem = {""};
            Patience.until(() -> "a stream: " + problem[0], ELECTION, () -> {
                try {
                    impatient.createStream(StreamConfig.builder("S")
                            .subjects("s.>")
                            .numReplicas(3)
                            .build());
                    return true;
                } catch (NatsException e) {
                    problem[0] = String.valueOf(e);
                    return false;
                }
            });
            Stream stream = js.stream("S");
            Consumer consumer = stream.createConsumer(ConsumerConfig.builder()
                    .durable("w")
                    .ackWait(Duration.ofSeconds(2))
                    .build());
            try (Consumption run = consume(consumer);
                    Consumption all = read(stream)) {
                publish(nc, 20);
                consumer.stepDownLeader();
                publish(nc, 20);
                stream.stepDownLeader();
                publish(nc, 20);
                awaitAll();
                String leader = leader(consumer);
                NatsServer node = cluster.node(leader.charAt(leader.length() - 1) - '0');
                node.kill();
                publish(nc, 20);
                node.restart();
                publish(nc, 20);
                awaitAll();
                assertThat(run.isActive()).isTrue();
                assertThat(all.isActive()).isTrue();
            }
        }
    }

    private static String leader(Consumer consumer) {
        String[] leader = {""};
        Patience.until("a leader of the consumer", ELECTION, () -> {
            ClusterInfo info = consumer.info().cluster();
            leader[0] = info == null || info.leader() == null ? "" : info.leader();
            return !leader[0].isEmpty();
        });
        return leader[0];
    }
}
