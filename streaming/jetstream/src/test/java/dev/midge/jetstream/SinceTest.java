// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.Info;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which release each field needs, and which server is of it. */
class SinceTest {
    @ParameterizedTest
    @CsvSource({
        "2.9.10, 0, V2_10, false",
        "2.10.0, 0, V2_10, true",
        "2.10.3, 0, V2_10_4, false",
        "2.10.4-RC.1, 0, V2_10_4, true",
        "2.11.0, 0, V2_10_4, true",
        "2.10.29, 0, V2_11, false",
        "2.11.0, 0, V2_11, true",
        "2.11.0-RC.1, 0, V2_11, true",
        "2.12.1, 2, V2_12, true",
        "2.12.1, 2, V2_14, false",
        "2.15.2, 5, V2_15, true",
        "3.0.0, 0, V2_15, true",
        "v2.15.2, 5, V2_14, true",
        "main, 4, V2_14, true",
        "main, 4, V2_15, false",
        "main, 0, V2_10, true",
    })
    void serversByVersionAndLevel(String version, int level, Since since, boolean expected) {
        Info info = Info.parse("{\"version\":\"" + version + "\",\"api_lvl\":" + level + "}");
        assertThat(since.isIn(info)).isEqualTo(expected);
    }

    @Test
    void oldFieldsNeedNothing() {
        assertThat(StreamConfig.builder("S")
                        .subjects("a")
                        .maxAge(Duration.ofHours(1))
                        .allowDirect(true)
                        .republish(Republish.of("a", "b"))
                        .mirror(null)
                        .compression(StoreCompression.NONE)
                        .persistMode(PersistMode.DEFAULT)
                        .build()
                        .need())
                .isNull();
        assertThat(ConsumerConfig.builder().durable("w").build().need()).isNull();
    }

    @Test
    void theNewestOfAllCounts() {
        assertThat(need(StreamConfig.builder("S").metadata(Map.of("a", "b")))).isEqualTo("metadata 2.10");
        assertThat(need(StreamConfig.builder("S").metadata(Map.of("a", "b")).allowMsgTtl(true)))
                .isEqualTo("allow_msg_ttl 2.11 (API level 1)");
        assertThat(need(StreamConfig.builder("S").allowAtomic(true).allowMsgTtl(true)))
                .isEqualTo("allow_atomic 2.12 (API level 2)");
        assertThat(need(StreamConfig.builder("S").persistMode(PersistMode.ASYNC)))
                .isEqualTo("persist_mode 2.12 (API level 2)");
        assertThat(need(StreamConfig.builder("S").allowBatched(true))).isEqualTo("allow_batched 2.14 (API level 4)");
    }

    @Test
    void fieldsWithinCountToo() {
        StreamSource source =
                StreamSource.builder("O").consumer(SourceConsumer.of("c", "d")).build();
        assertThat(need(StreamConfig.builder("S").mirror(source))).isEqualTo("mirror.consumer 2.14 (API level 4)");
        assertThat(need(StreamConfig.builder("S").sources(StreamSource.of("A"), source)))
                .isEqualTo("sources.consumer 2.14 (API level 4)");
        assertThat(need(StreamConfig.builder("S").consumerLimits(ConsumerLimits.of(Duration.ZERO, 1))))
                .isEqualTo("consumer_limits.max_ack_pending 2.10");
    }

    @Test
    void consumers() {
        assertThat(need(ConsumerConfig.builder().filterSubjects("a", "b"))).isEqualTo("filter_subjects 2.10");
        assertThat(need(ConsumerConfig.builder().pauseUntil(Instant.EPOCH)))
                .isEqualTo("pause_until 2.11 (API level 1)");
        assertThat(need(ConsumerConfig.builder().priorityGroups("g").priorityPolicy(PriorityPolicy.OVERFLOW)))
                .isEqualTo("priority_groups 2.11 (API level 1)");
        assertThat(need(ConsumerConfig.builder().priorityGroups("g").priorityPolicy(PriorityPolicy.PRIORITIZED)))
                .isEqualTo("priority_policy 2.12 (API level 2)");
        assertThat(need(ConsumerConfig.builder().deliverSubject("d").ackPolicy(AckPolicy.FLOW_CONTROL)))
                .isEqualTo("ack_policy 2.14 (API level 4)");
    }

    private static String need(StreamConfigBuilder builder) {
        return text(builder.build());
    }

    private static String need(ConsumerConfigBuilder builder) {
        return text(builder.build());
    }

    private static String text(ApiObject config) {
        ApiObject.Need need = Objects.requireNonNull(config.need());
        return need.field() + " " + need.since();
    }
}
