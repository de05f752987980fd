// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.internal.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What servers sent is understood, and written as it came (R-E9). */
class RecordedTest {
    static List<Recorded.One> all() {
        return Recorded.ALL;
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyFieldIsKnownAndWrittenBack(Recorded.One one) {
        ApiObject object = one.parse();
        Map<String, @Nullable Object> written = Json.parse(object.toJson().getBytes(UTF_8));

        assertThat(unknown(object)).isEmpty();
        assertThat(normal(written)).isEqualTo(normal(one.tree()));
        assertThat(new ArrayList<>(written.keySet()))
                .isEqualTo(one.tree().entrySet().stream()
                        .filter(entry -> entry.getValue() != null)
                        .map(Map.Entry::getKey)
                        .toList());
        assertThat(one.parse()).isEqualTo(object).hasSameHashCodeAs(object);
    }

    /** A configuration that was read can be built again: no rule of ours refuses what a server has accepted. */
    @ParameterizedTest
    @MethodSource("all")
    void configurationsCanBeBuiltAgain(Recorded.One one) {
        ApiObject object = one.parse();
        if (object instanceof StreamInfo info) {
            assertThat(info.config().toBuilder().build()).isEqualTo(info.config());
        } else if (object instanceof ConsumerInfo info) {
            assertThat(info.config().toBuilder().build()).isEqualTo(info.config());
        }
    }

    @Test
    void aStreamInDetail() {
        StreamInfo info = stream("2.15.2", "ORDERS", 1);
        StreamConfig config = info.config();
        StreamState state = info.state();

        assertThat(config.description()).isEqualTo("of <customers> & \"us\"");
        assertThat(config.subjects()).containsExactly("orders.>", "o.*");
        assertThat(config.retention()).isEqualTo(RetentionPolicy.LIMITS);
        assertThat(config.discard()).isEqualTo(DiscardPolicy.NEW);
        assertThat(config.compression()).isEqualTo(StoreCompression.S2);
        assertThat(config.maxAge()).isEqualTo(Duration.ofHours(1));
        assertThat(config.firstSeq()).isEqualTo(10);
        assertThat(config.consumerLimits()).isEqualTo(ConsumerLimits.of(Duration.ofSeconds(1000), 500));
        assertThat(config.subjectTransform()).isEqualTo(SubjectTransform.of("o.*", "orders.{{wildcard(1)}}"));
        assertThat(config.republish()).isEqualTo(Republish.of("o.*", "re.{{wildcard(1)}}", true));
        assertThat(config.metadata()).containsEntry("team", "ü").containsEntry("_nats.req.level", "4");
        assertThat(config.allowMsgTtl() && config.allowAtomic() && config.allowBatched())
                .isTrue();
        assertThat(config.subjectDeleteMarkerTtl()).isEqualTo(Duration.ofSeconds(5));
        assertThat(state.messages()).isEqualTo(5);
        assertThat(state.firstSeq()).isEqualTo(10);
        assertThat(state.deleted()).containsExactly(12L);
        assertThat(state.subjects())
                .containsOnly(Map.entry("orders.0", 2L), Map.entry("orders.1", 2L), Map.entry("orders.2", 1L));
        assertThat(state.firstTs()).isBefore(requireNonNull(state.lastTs()));
        assertThat(requireNonNull(info.created())).isBefore(requireNonNull(info.ts()));
    }

    @Test
    void aPullConsumerInDetail() {
        ConsumerConfig config = consumer("2.15.2", "w").config();

        assertThat(config.durable()).isEqualTo("w");
        assertThat(config.ackPolicy()).isEqualTo(AckPolicy.EXPLICIT);
        assertThat(config.backoff()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(config.ackWait()).as("the server takes the first of backoff").isEqualTo(Duration.ofSeconds(1));
        assertThat(config.filterSubjects()).containsExactly("orders.1", "orders.2");
        assertThat(config.pauseUntil()).isEqualTo(Instant.parse("2099-01-01T00:00:00.000000001Z"));
        assertThat(config.priorityPolicy()).isEqualTo(PriorityPolicy.PINNED_CLIENT);
        assertThat(config.priorityGroups()).containsExactly("g");
        assertThat(config.maxWaiting()).isEqualTo(512);
        assertThat(consumer("2.15.2", "w").paused()).isTrue();
        assertThat(consumer("2.9.10", "w").config().filterSubject()).isEqualTo("orders.1");
    }

    @Test
    void aPushConsumerInDetail() {
        ConsumerConfig config = consumer("2.9.10", "p").config();

        assertThat(config.deliverPolicy()).isEqualTo(DeliverPolicy.BY_START_TIME);
        assertThat(config.optStartTime()).isEqualTo(Instant.parse("2024-01-02T03:04:05.123456789Z"));
        assertThat(config.ackPolicy()).isEqualTo(AckPolicy.NONE);
        assertThat(config.replayPolicy()).isEqualTo(ReplayPolicy.ORIGINAL);
        assertThat(config.deliverGroup()).isEqualTo("q");
        assertThat(config.idleHeartbeat()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.flowControl() && config.headersOnly() && config.memStorage())
                .isTrue();
        assertThat(config.rateLimitBps()).isEqualTo(8_000_000_000L);
        assertThat(config.durable()).isNull();
    }

    @Test
    void replicasOfACluster() {
        ClusterInfo cluster =
                requireNonNull(stream("2.15.2-cluster", "ORDERS", 1).cluster());

        assertThat(cluster.name()).isEqualTo("east");
        assertThat(cluster.raftGroup()).startsWith("S-R3F-");
        assertThat(cluster.replicas()).hasSize(2).allMatch(peer -> !peer.offline());
        assertThat(cluster.replicas()).extracting(PeerInfo::name).doesNotContain(cluster.leader());
        assertThat(cluster.leaderSince()).isNotNull();
        assertThat(cluster.desired()).isNull();
    }

    private static StreamInfo stream(String version, String name, int skip) {
        return objects(version, StreamInfo.class)
                .filter(info -> info.config().name().equals(name))
                .skip(skip)
                .findFirst()
                .orElseThrow();
    }

    private static ConsumerInfo consumer(String version, String name) {
        return objects(version, ConsumerInfo.class)
                .filter(info -> info.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static <A extends ApiObject> java.util.stream.Stream<A> objects(String version, Class<A> type) {
        return Recorded.ALL.stream()
                .filter(one -> one.source().startsWith(version + " "))
                .map(Recorded.One::parse)
                .filter(type::isInstance)
                .map(type::cast);
    }

    /** The unknown fields of an object and of those within it. */
    private static List<String> unknown(ApiObject object) {
        List<String> names = new ArrayList<>(object.unknown().keySet());
        object.held().values().forEach(value -> {
            if (value instanceof ApiObject inner) {
                names.addAll(unknown(inner));
            } else if (value instanceof List<?> list) {
                list.forEach(element -> names.addAll(element instanceof ApiObject inner ? unknown(inner) : List.of()));
            }
        });
        return names;
    }

    /** Times as such, as they have more than one text; without nulls, which count as absent. */
    private static @Nullable Object normal(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> normal = new LinkedHashMap<>();
            map.forEach((name, value) -> {
                if (value != null) {
                    normal.put(name, normal(value));
                }
            });
            return normal;
        }
        if (tree instanceof List<?> list) {
            return list.stream().map(RecordedTest::normal).toList();
        }
        return tree instanceof String text && text.matches("\\d{4}-\\d\\d-\\d\\dT.*") ? Instant.parse(text) : tree;
    }
}
