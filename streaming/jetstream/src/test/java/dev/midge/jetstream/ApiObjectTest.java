// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What objects of the API are in JSON, and what they are not. */
class ApiObjectTest {
    @Test
    void whatIsNotSetIsNotWritten() {
        assertThat(StreamConfig.builder("S").build().toJson()).isEqualTo("{\"name\":\"S\"}");
        assertThat(ConsumerConfig.builder().build().toJson()).isEqualTo("{\"ack_policy\":\"explicit\"}");
        assertThat(Placement.builder().build().toJson()).isEqualTo("{}");
    }

    /** Servers from 2.12 on refuse what they do not know, though it be false. */
    @Test
    void whatSaysTheSameAsNoneIsNotWritten() {
        StreamConfig config = StreamConfig.builder("S")
                .allowBatched(true)
                .allowBatched(false)
                .maxAge(Duration.ofSeconds(1))
                .maxAge(Duration.ZERO)
                .subjects("a")
                .subjects()
                .firstSeq(7)
                .firstSeq(0)
                .metadata(Map.of())
                .description("")
                .mirror(null)
                .build();
        assertThat(config.toJson()).isEqualTo("{\"name\":\"S\"}");
        assertThat(config).isEqualTo(StreamConfig.builder("S").build());
    }

    @Test
    void durationsAreNanosecondsAndTimesRfc3339() {
        ConsumerConfig config = ConsumerConfig.builder()
                .deliverPolicy(DeliverPolicy.BY_START_TIME)
                .optStartTime(Instant.parse("2026-01-02T03:04:05.000000006Z"))
                .backoff(Duration.ofNanos(1), Duration.ofHours(1))
                .build();
        assertThat(config.toJson())
                .isEqualTo("{\"ack_policy\":\"explicit\",\"deliver_policy\":\"by_start_time\","
                        + "\"opt_start_time\":\"2026-01-02T03:04:05.000000006Z\",\"backoff\":[1,3600000000000]}");
        assertThat(ConsumerConfig.fromJson(config.toJson())).isEqualTo(config);
    }

    @Test
    void timesOfOtherOffsetsAndGosZero() {
        StreamState state =
                state("{\"first_ts\":\"2026-01-02T05:04:05.5+02:00\",\"last_ts\":\"0001-01-01T00:00:00Z\"}");
        assertThat(state.firstTs()).isEqualTo(Instant.parse("2026-01-02T03:04:05.5Z"));
        assertThat(state.lastTs()).isNull();
    }

    /** Go's counts are unsigned: the number is kept, and shown as the largest that there is. */
    @Test
    void unsignedNumbers() {
        StreamState state = state("{\"messages\":18446744073709551615,\"deleted\":[1,9223372036854775808]}");
        assertThat(state.messages()).isEqualTo(Long.MAX_VALUE);
        assertThat(state.deleted()).containsExactly(1L, Long.MAX_VALUE);
        assertThat(state.toJson()).isEqualTo("{\"messages\":18446744073709551615,\"deleted\":[1,9223372036854775808]}");
    }

    @Test
    void valuesOfTheFuture() {
        StreamConfig config = StreamConfig.fromJson(
                "{\"name\":\"S\",\"storage\":\"tape\",\"gone\":null,\"deep\":{\"a\":[1.50,[]]},\"subjects\":null}");
        assertThat(config.storage()).isEqualTo(StorageType.UNKNOWN);
        assertThat(config.subjects()).isEmpty();
        assertThat(config.unknown()).containsOnlyKeys("gone", "deep");
        assertThat(config.toBuilder().maxMsgs(1).build().toJson())
                .isEqualTo(
                        "{\"name\":\"S\",\"storage\":\"tape\",\"gone\":null,\"deep\":{\"a\":[1.50,[]]},\"max_msgs\":1}");
        assertThatThrownBy(() -> config.unknown().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> StreamConfig.builder("S").storage(StorageType.UNKNOWN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("storage is UNKNOWN: stands for what a newer server sent; leave the field as it is");
    }

    @Test
    void absentObjectsAreEmptyOrNull() {
        ConsumerInfo info = ConsumerInfo.SCHEMA.parse("{}".getBytes(UTF_8));
        assertThat(info.config().ackPolicy()).isEqualTo(AckPolicy.NONE);
        assertThat(info.delivered().streamSeq()).isZero();
        assertThat(info.cluster()).isNull();
        assertThat(info.created()).isNull();
        assertThat(info.name()).isEmpty();
        assertThat(info.priorityGroups()).isEmpty();
    }

    @Test
    void aMovingStream() {
        ClusterInfo cluster =
                ClusterInfo.SCHEMA.parse(("{\"name\":\"a\",\"desired\":{\"created\":\"2026-01-02T03:04:05Z\","
                                + "\"replicas\":[{\"name\":\"n1\",\"peer\":\"p\",\"offline\":true}],"
                                + "\"origin\":{\"replicas\":3,\"placement\":{\"cluster\":\"b\"},\"retention\":\"interest\"},"
                                + "\"status\":{\"description\":\"d\",\"type\":\"catchup\",\"err\":\"e\"}}}")
                        .getBytes(UTF_8));
        DesiredCluster desired = Objects.requireNonNull(cluster.desired());
        assertThat(desired.replicas().get(0).offline()).isTrue();
        assertThat(desired.origin()).extracting(DesiredOrigin::retention).isEqualTo(RetentionPolicy.INTEREST);
        assertThat(desired.origin()).extracting(DesiredOrigin::placement).isEqualTo(Placement.inCluster("b"));
        assertThat(desired.status()).extracting(DesiredStatus::type).isEqualTo(MigrationStatus.CATCHUP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"max_msgs\":\"5\"} | stream config field max_msgs must be a whole number of 64 bits, not 5",
                "{\"max_msgs\":1.5} | stream config field max_msgs must be a whole number of 64 bits, not 1.5",
                "{\"max_age\":\"1s\"} | stream config field max_age must be a whole number of nanoseconds, not 1s",
                "{\"max_msg_size\":2147483648} | stream config field max_msg_size must be a whole number of 32 bits, not 2147483648",
                "{\"subjects\":[1]} | stream config field subjects must be a list, each a text, not [1]",
                "{\"sealed\":1} | stream config field sealed must be true or false, not 1",
                "{\"metadata\":{\"a\":1}} | stream config field metadata must be an object, each member a text, not {a=1}",
                "{\"retention\":1} | stream config field retention must be a text, not 1",
                "{\"mirror\":[]} | stream config field mirror must be an object, not []",
                "{\"mirror\":{\"opt_start_time\":\"now\"}} | stream source field opt_start_time must be a time as of RFC 3339, not now",
            })
    void wrongTypesAreNamed(String json, String message) {
        assertThatThrownBy(() -> StreamConfig.fromJson(json))
                .isExactlyInstanceOf(JetStreamException.class)
                .hasMessage(message);
    }

    @Test
    void equalByFieldsNotByOrder() {
        StreamConfig one = StreamConfig.fromJson("{\"name\":\"S\",\"max_msgs\":1}");
        StreamConfig other = StreamConfig.fromJson("{\"max_msgs\":1,\"name\":\"S\"}");
        assertThat(one)
                .isEqualTo(other)
                .hasSameHashCodeAs(other)
                .isNotEqualTo(one.toBuilder().maxMsgs(2).build());
        assertThat(one).hasToString("stream config {\"name\":\"S\",\"max_msgs\":1}");
        assertThat(ExternalStream.ofDomain("hub").api()).isEqualTo("$JS.hub.API");
    }

    @Test
    void changingABuilderLaterChangesNothing() {
        StreamConfigBuilder builder = StreamConfig.builder("S").subjects(List.of("a"));
        StreamConfig config = builder.build();
        builder.subjects("b").maxMsgs(9);
        assertThat(config.subjects()).containsExactly("a");
        assertThat(config.maxMsgs()).isEqualTo(-1);
    }

    private static StreamState state(String json) {
        return StreamState.SCHEMA.parse(json.getBytes(UTF_8));
    }
}
