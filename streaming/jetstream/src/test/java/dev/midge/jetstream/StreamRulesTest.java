// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every server refuses of a stream fails at build time, with field, value and rule. */
class StreamRulesTest {
    private record Bad(String message, Consumer<StreamConfigBuilder> change) {
        @Override
        public String toString() {
            return message;
        }
    }

    static Stream<Bad> bad() {
        StreamSource origin = StreamSource.of("O");
        String onlyOnce = "subjects is \"a.*\": must be there only once";
        return Stream.of(
                new Bad("max_age is PT0.099S: must be at least 100 ms", b -> b.maxAge(Duration.ofMillis(99))),
                new Bad("max_age is PT-1S: must not be negative, nor more than", b -> b.maxAge(Duration.ofSeconds(-1))),
                new Bad("max_age is PT", b -> b.maxAge(Duration.ofSeconds(Long.MAX_VALUE))),
                new Bad("duplicate_window is PT0.01S: must be", b -> b.duplicateWindow(Duration.ofMillis(10))),
                new Bad(
                        "duplicate_window is PT2S: must not be more than max_age, PT1S",
                        b -> b.maxAge(Duration.ofSeconds(1)).duplicateWindow(Duration.ofSeconds(2))),
                new Bad("max_msgs is -2: must be at least -1, which is no limit", b -> b.maxMsgs(-2)),
                new Bad("max_msg_size is -2: must be at least -1", b -> b.maxMsgSize(-2)),
                new Bad("first_seq is -1: must be at least 0", b -> b.firstSeq(-1)),
                new Bad("num_replicas is 6: must be 1 to 5, or 0 for the default", b -> b.numReplicas(6)),
                new Bad(onlyOnce, b -> b.subjects("a.*", "b", "a.*")),
                new Bad("subjects: subject \"a..b\"", b -> b.subjects("a..b")),
                new Bad("subjects: subject \"a b\"", b -> b.subjects("a b")),
                new Bad("subjects: subject \"a.>.b\"", b -> b.subjects("a.>.b")),
                new Bad("description is \"xxxx", b -> b.description("x".repeat(4097))),
                new Bad(
                        "metadata is \"131073 bytes\": must not be over 131072 bytes",
                        b -> b.metadata(Map.of("k", "x".repeat(131072)))),
                new Bad(
                        "deny_purge is true: must not be with allow_rollup_hdrs",
                        b -> b.denyPurge(true).allowRollupHdrs(true)),
                new Bad(
                        "discard_new_per_subject is true: needs discard new",
                        b -> b.discardNewPerSubject(true).maxMsgsPerSubject(1)),
                new Bad(
                        "discard_new_per_subject is true: needs discard new",
                        b -> b.discardNewPerSubject(true).discard(DiscardPolicy.NEW)),
                new Bad(
                        "subject_delete_marker_ttl is PT0.5S: must be at least 1 s",
                        b -> b.subjectDeleteMarkerTtl(Duration.ofMillis(500))),
                new Bad(
                        "subject_delete_marker_ttl is PT1S: must be",
                        b -> b.mirror(origin).subjectDeleteMarkerTtl(Duration.ofSeconds(1))),
                new Bad(
                        "allow_msg_counter is true: needs limits",
                        b -> b.allowMsgCounter(true).retention(RetentionPolicy.WORKQUEUE)),
                new Bad(
                        "allow_msg_counter is true: needs limits",
                        b -> b.allowMsgCounter(true).allowMsgTtl(true)),
                new Bad(
                        "allow_msg_schedules is true: must not be with discard new",
                        b -> b.allowMsgSchedules(true).discard(DiscardPolicy.NEW)),
                new Bad(
                        "persist_mode is ASYNC: needs file storage",
                        b -> b.persistMode(PersistMode.ASYNC).storage(StorageType.MEMORY)),
                new Bad(
                        "persist_mode is ASYNC: needs file storage",
                        b -> b.persistMode(PersistMode.ASYNC).numReplicas(3)),
                new Bad(
                        "mirror is \"O\": must not be with subjects",
                        b -> b.mirror(origin).subjects("a")),
                new Bad(
                        "mirror is \"O\": must not be with subjects",
                        b -> b.mirror(origin).sources(origin)),
                new Bad(
                        "mirror is \"O\": must not be with subjects",
                        b -> b.mirror(origin).allowBatched(true)),
                new Bad(
                        "placement is ",
                        b -> b.placement(Placement.builder().preferred("n1").build())));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refused(Bad bad) {
        assertThatThrownBy(() -> {
                    StreamConfigBuilder builder = StreamConfig.builder("S");
                    bad.change().accept(builder);
                    builder.build();
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(bad.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a b", "a*", ">", "a/b", "a\\b", "a\tb", "a\u0000", "a\u007f"})
    void badNames(String name) {
        assertThatThrownBy(() -> StreamConfig.builder(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("name is \"")
                .hasMessageEndingWith("\": must be 1 to 255 bytes without blanks, control characters and . * > / \\");
        assertThatThrownBy(() -> ConsumerConfig.builder().durable(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StreamSource.of(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void goodNames() {
        assertThatCode(() -> StreamConfig.builder("x".repeat(255)).build()).doesNotThrowAnyException();
        assertThatCode(() -> StreamConfig.builder("Ä_-$:1").build()).doesNotThrowAnyException();
        assertThatThrownBy(() -> StreamConfig.builder("x".repeat(256))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StreamConfig.builder("ä".repeat(128))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sources() {
        StreamSource.Builder source = StreamSource.builder("O");
        assertThatThrownBy(() -> source.filterSubject("a b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("filter_subject: subject \"a b\"");
        assertThatThrownBy(() -> source.optStartTime(Instant.MAX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("must be in the years 1 to 9999");
        source.filterSubject("a").subjectTransforms(SubjectTransform.of("a", "b"));
        assertThatThrownBy(source::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("filter_subject is \"a\": must not be with subject_transforms, which filter too");
        source.filterSubject(null).consumer(SourceConsumer.of("c", "d")).optStartSeq(1);
        assertThatThrownBy(source::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("consumer is \"c\": must not be with opt_start_seq");
    }

    @Test
    void smallParts() {
        assertThatThrownBy(() -> ExternalStream.of("$JS.*.API", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("api: subject \"$JS.*.API\"");
        assertThatThrownBy(() -> ExternalStream.ofDomain("a.b")).hasMessageStartingWith("domain is \"a.b\": must be");
        assertThatThrownBy(() -> Republish.of("a", "")).hasMessageStartingWith("dest: subject");
        assertThatThrownBy(() -> SubjectTransform.of("a..b", "c")).hasMessageStartingWith("src: subject \"a..b\"");
        assertThatThrownBy(() -> ConsumerLimits.of(Duration.ofSeconds(-1), 0))
                .hasMessage("inactive_threshold is PT-1S: must not be negative");
        assertThatThrownBy(() -> SourceConsumer.of("c", "d.*")).hasMessageStartingWith("deliver_subject: subject");
    }
}
