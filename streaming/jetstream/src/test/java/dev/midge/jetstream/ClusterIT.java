// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.auth.Auth;
import dev.midge.testkit.base.NatsCluster;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams of three replicas: their leaders make way, peers are taken out, and what is published meanwhile is stored once. */
@Timeout(600)
class ClusterIT {
    private static final String CONFIG = "system_account: SYS\n"
            + "accounts { SYS { users: [{user: sys, password: sys}] },"
            + " A { jetstream: enabled, users: [{user: a, password: a}] } }";

    /** For an answer that does not come because there is no leader just then: it is asked again. */
    private static final Duration SOON = Duration.ofSeconds(2);

    /** Servers that start, or have lost their leader, vote first, perhaps more than once. */
    private static final Duration ELECTIONS = Duration.ofSeconds(100);

    private static NatsCluster cluster(NatsServerVersion version) {
        return NatsCluster.builder().version(version).jetStream().config(CONFIG).start();
    }

    private static Connection connect(NatsCluster cluster, String user) {
        return Nats.connect(Patience.options(cluster.node(0).url())
                .auth(Auth.userPassword(user, user.toCharArray()))
                .build());
    }

    private static JetStream jetStream(Connection nc) {
        return JetStream.of(
                nc,
                JetStreamOptions.builder()
                        .timeout(SOON)
                        .publishRetries(-1, Duration.ofMillis(50))
                        .build());
    }

    /** What the cluster does as soon as it has leaders. */
    private static <T> T eventually(String what, Callable<@Nullable T> call) {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        Patience.until(what, ELECTIONS, () -> {
            try {
                result.set(call.call());
                return result.get() != null;
            } catch (JetStreamException | NatsTimeoutException e) {
                return false;
            }
        });
        return Objects.requireNonNull(result.get());
    }

    private static Stream stream(JetStream js, int replicas) {
        StreamConfig config =
                StreamConfig.builder("S").subjects("s.>").numReplicas(replicas).build();
        return eventually("a stream of " + replicas, () -> js.createStream(config));
    }

    private static @Nullable String leader(@Nullable ClusterInfo cluster) {
        return cluster == null ? null : cluster.leader();
    }

    /** Has a leader step down until there is another one. */
    private static void awayFrom(String first, Callable<@Nullable String> leader, Runnable stepDown) {
        String other = eventually("another leader than " + first, () -> {
            String now = leader.call();
            if (first.equals(now)) {
                stepDown.run();
                return null;
            }
            return now;
        });
        assertThat(other).isNotEqualTo(first);
    }

    /** Empty while there is no leader. */
    private static Set<String> peers(Stream stream) {
        ClusterInfo cluster = stream.info().cluster();
        String leader = leader(cluster);
        Set<String> peers = new TreeSet<>();
        if (cluster != null && leader != null) {
            cluster.replicas().forEach(peer -> peers.add(peer.name()));
            peers.add(leader);
        }
        return peers;
    }

    @ParameterizedTest
    @EnumSource
    void leadersMakeWay(NatsServerVersion version) {
        try (NatsCluster cluster = cluster(version);
                Connection nc = connect(cluster, "a");
                Connection system = connect(cluster, "sys")) {
            JetStream js = jetStream(nc);
            Stream stream = stream(js, 3);
            String first = eventually("a leader", () -> leader(stream.info().cluster()));
            awayFrom(first, () -> leader(stream.info().cluster()), stream::stepDownLeader);
            if (version.isAtLeast(NatsServerVersion.V2_15_2)) {
                eventually("a leader by choice", () -> {
                    if (!first.equals(leader(stream.info().cluster()))) {
                        stream.stepDownLeader(
                                Placement.builder().preferred(first).build());
                    }
                    return first.equals(leader(stream.info().cluster())) ? true : null;
                });
            }

            Consumer consumer = eventually(
                    "a consumer",
                    () -> stream.createOrUpdateConsumer(
                            ConsumerConfig.builder().durable("w").build()));
            String before =
                    eventually("its leader", () -> leader(consumer.info().cluster()));
            awayFrom(before, () -> leader(consumer.info().cluster()), consumer::stepDownLeader);

            JetStream meta = jetStream(system);
            eventually("a step-down of the meta leader", () -> {
                meta.stepDownMetaLeader();
                return true;
            });
            eventually(
                    "another meta leader",
                    () -> js.createOrUpdateStream(
                            StreamConfig.builder("T").subjects("t").build()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerIsTakenOut(NatsServerVersion version) {
        try (NatsCluster cluster = cluster(version);
                Connection nc = connect(cluster, "a")) {
            Stream stream = stream(jetStream(nc), 2);
            Set<String> before = eventually("two peers", () -> {
                Set<String> now = peers(stream);
                return now.size() == 2 ? now : null;
            });
            String out = before.iterator().next();
            eventually("the end of a peer", () -> {
                Set<String> now = peers(stream);
                if (now.contains(out)) {
                    stream.removePeer(out);
                }
                return now.isEmpty() ? null : true;
            });
            Set<String> after = eventually("two others", () -> {
                Set<String> now = peers(stream);
                return now.size() == 2 && !now.contains(out) ? now : null;
            });
            assertThat(after).doesNotContain(out).hasSize(2);
        }
    }

    /** R-E7: an outcome that is not known is made known by publishing again with the same message id. */
    @ParameterizedTest
    @EnumSource
    void storedOnceWhileLeadersChange(NatsServerVersion version) {
        int messages = 150;
        try (NatsCluster cluster = cluster(version);
                Connection nc = connect(cluster, "a")) {
            JetStream js = jetStream(nc);
            Stream stream = stream(js, 3);
            for (int i = 1; i <= messages; i++) {
                Message message = Message.to("s.a").data("m" + i).build();
                PublishOptions once =
                        PublishOptions.builder().messageId("m" + i).build();
                eventually("an ack", () -> js.publish(message, once));
                if (i % 40 == 0) {
                    eventually("a step-down", () -> {
                        stream.stepDownLeader();
                        return true;
                    });
                }
            }
            eventually("all of them", () -> stream.info().state().messages() == messages ? true : null);
            assertThat(eventually("the last", () -> stream.message(messages)).text())
                    .isEqualTo("m" + messages);
        }
    }
}
