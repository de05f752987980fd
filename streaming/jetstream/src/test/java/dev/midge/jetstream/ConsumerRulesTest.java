// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every server refuses of a consumer fails at build time, with field, value and rule. */
class ConsumerRulesTest {
    private record Bad(String message, Consumer<ConsumerConfigBuilder> change) {
        @Override
        public String toString() {
            return message;
        }
    }

    static Stream<Bad> bad() {
        Duration second = Duration.ofSeconds(1);
        Duration millis = Duration.ofMillis(99);
        return Stream.of(
                new Bad(
                        "name is \"b\": must be as durable_name, a, if both",
                        b -> b.durable("a").name("b")),
                new Bad(
                        "backoff is [PT1S, PT1S]: must not be more times than max_deliver, 1",
                        b -> b.maxDeliver(1).backoff(second, second)),
                new Bad("backoff is PT-1S: must not be negative", b -> b.backoff(second.negated())),
                new Bad("ack_wait is PT-1S: must not be negative", b -> b.ackWait(second.negated())),
                new Bad(
                        "filter_subjects is \"a.b\": must not be among those of another, a.*",
                        b -> b.filterSubjects("a.b", "a.*")),
                new Bad("filter_subjects is \"a\": must be there only once", b -> b.filterSubjects("a", "a")),
                new Bad("filter_subjects: subject \"\"", b -> b.filterSubjects("")),
                new Bad(
                        "opt_start_seq is 5: must be above 0 with deliver_policy by_start_sequence",
                        b -> b.optStartSeq(5)),
                new Bad(
                        "opt_start_seq is 0: must be above 0 with",
                        b -> b.deliverPolicy(DeliverPolicy.BY_START_SEQUENCE)),
                new Bad("opt_start_time is 1970-01-01T00:00:00Z: must be set with", b -> b.optStartTime(Instant.EPOCH)),
                new Bad("opt_start_time is null: must be set with", b -> b.deliverPolicy(DeliverPolicy.BY_START_TIME)),
                new Bad(
                        "deliver_policy is LAST_PER_SUBJECT: needs filter_subject",
                        b -> b.deliverPolicy(DeliverPolicy.LAST_PER_SUBJECT)),
                new Bad(
                        "rate_limit_bps is 9: is for push consumers, those with a deliver_subject",
                        b -> b.rateLimitBps(9)),
                new Bad("idle_heartbeat is PT1S: is for push consumers", b -> b.idleHeartbeat(second)),
                new Bad("flow_control is true: is for push consumers", b -> b.flowControl(true)),
                new Bad("deliver_group is \"q\": is for push consumers", b -> b.deliverGroup("q")),
                new Bad("ack_policy is FLOW_CONTROL: is for push consumers", b -> b.ackPolicy(AckPolicy.FLOW_CONTROL)),
                new Bad("max_expires is PT0.000001S: must be at least 1 ms", b -> b.maxExpires(Duration.ofNanos(1000))),
                new Bad("deliver_subject: subject \"a.*\"", b -> b.deliverSubject("a.*")),
                new Bad(
                        "max_waiting is 1: is for pull consumers",
                        b -> b.deliverSubject("d").maxWaiting(1)),
                new Bad(
                        "max_ack_pending is 1: needs another ack_policy than none",
                        b -> b.deliverSubject("d").ackPolicy(AckPolicy.NONE).maxAckPending(1)),
                new Bad(
                        "idle_heartbeat is PT0.099S: must be at least 100 ms",
                        b -> b.deliverSubject("d").idleHeartbeat(millis)),
                new Bad(
                        "flow_control is true: needs an idle_heartbeat",
                        b -> b.deliverSubject("d").flowControl(true)),
                new Bad(
                        "ack_policy is FLOW_CONTROL: must not be with ack_wait",
                        b -> b.deliverSubject("d")
                                .ackPolicy(AckPolicy.FLOW_CONTROL)
                                .ackWait(second)),
                new Bad("sample_freq is \"1.5\": must be a whole number, with or without %", b -> b.sampleFreq("1.5")),
                new Bad("num_replicas is -1: must be 0 to 5", b -> b.numReplicas(-1)),
                new Bad("max_ack_pending is -2: must be at least -1", b -> b.maxAckPending(-2)),
                new Bad("priority_groups is [g]: needs a priority_policy", b -> b.priorityGroups("g")),
                new Bad("priority_groups is \"a b\": must be 1 to 16 characters", b -> b.priorityGroups("a b")),
                new Bad("priority_timeout is PT1S: needs a priority_policy", b -> b.priorityTimeout(second)),
                new Bad(
                        "priority_policy is OVERFLOW: needs priority_groups",
                        b -> b.priorityPolicy(PriorityPolicy.OVERFLOW)),
                new Bad(
                        "priority_policy is OVERFLOW: is for pull consumers",
                        b -> b.priorityPolicy(PriorityPolicy.OVERFLOW)
                                .priorityGroups("g")
                                .deliverSubject("d")),
                new Bad("pause_until is +", b -> b.pauseUntil(Instant.MAX)));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refused(Bad bad) {
        assertThatThrownBy(() -> {
                    ConsumerConfigBuilder builder = ConsumerConfig.builder();
                    bad.change().accept(builder);
                    builder.build();
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(bad.message());
    }

    @Test
    void oneFilterTakesThePlaceOfSeveralAndBack() {
        ConsumerConfigBuilder builder = ConsumerConfig.builder().filterSubject("a");
        assertThat(builder.filterSubjects("b", "c").build().filterSubject()).isNull();
        assertThat(builder.build().filterSubjects()).containsExactly("b", "c");
        assertThat(builder.filterSubject("d").build().filterSubjects()).isEmpty();
    }

    /** As the table in subjectIsSubsetMatch's tests in nats-server. */
    @ParameterizedTest
    @CsvSource({
        "a.b, a.b, true", "a.b, a.*, true", "a.b, >, true", "a.*, a.>, true", "a.>, a.>, true", "a.*, a.*, true",
        "a.>, a.*, false", "a.*, a.b, false", "a, a.>, false", "a.b.c, a.*, false", "*, >, true", ">, *, false",
        "a.b, a.b.c, false", "*.b, a.*, false", "a.b, b.*, false", ">, a.>, false",
    })
    void subsets(String subject, String of, boolean expected) {
        assertThat(Rules.isSubset(subject, of)).isEqualTo(expected);
    }
}
