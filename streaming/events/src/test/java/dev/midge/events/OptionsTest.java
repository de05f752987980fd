// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.jetstream.AckPolicy;
import dev.midge.jetstream.ConsumerConfig;
import dev.midge.jetstream.RetentionPolicy;
import dev.midge.jetstream.StreamConfig;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What events and actors put into configurations, and what their options refuse: field, value and rule. */
class OptionsTest {
    private static final Event<String> EVENT = Event.of("user.created", Codec.text());
    private static final Duration DAY = Duration.ofDays(1);

    private static ActorBuilder<String, Void> actor() {
        return Actor.listenerBuilder("a", EVENT, message -> {});
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("event name is \"\": must be of 1 to 255 characters", () -> Event.of("", Codec.text())),
                refusal("must be of 1 to 255 characters", () -> Event.of("x".repeat(256), Codec.text())),
                refusal("event name is \"a b\": must not have spaces", () -> Event.of("a b", Codec.text())),
                refusal("event name is \"a.*\": must not have spaces", () -> Event.of("a.*", Codec.text())),
                refusal("event name is \"a..b\": must be a subject", () -> Event.of("a..b", Codec.text())),
                refusal("event name is \"a.\": must be a subject", () -> Event.of("a.", Codec.text())),
                refusal("event name is \"$JS.API\": must not begin with $", () -> Event.of("$JS.API", Codec.text())),
                refusal("must be of at most 4,096 bytes, not 4098", () -> EVENT.withDescription("ü".repeat(2049))),
                refusal("limit messages is 0: must be above 0", () -> Limits.NONE.withMessages(0)),
                refusal("limit bytes is -1: must be above 0", () -> Limits.NONE.withBytes(-1)),
                refusal("limit consumers is 0: must be above 0", () -> Limits.NONE.withConsumers(0)),
                refusal("limit messageSize is 0: must be above 0", () -> Limits.NONE.withMessageSize(0)),
                refusal(
                        "limit age is PT0.099S: must be from PT0.1S to",
                        () -> Limits.NONE.withAge(Duration.ofMillis(99))),
                refusal(
                        "event name is \"user-created\": must not have the stream user-created, as another event has it",
                        () -> Events.of(EVENT, Event.of("user-created", Codec.text()))),
                refusal("events is 0: must be at least one", Events::of),
                refusal("actor name is \"a.b\": must not have", () -> Actor.listener("a.b", EVENT, message -> {})),
                refusal("ackWait is PT0S: must be from PT0.1S to PT24H", () -> actor().ackWait(Duration.ZERO)),
                refusal("maxAttempts is 0: must be above 0", () -> actor().maxAttempts(0)),
                refusal("maxAckPending is 0: must be from 1 to 1000000", () -> actor().maxAckPending(0)),
                refusal("maxJobs is 0: must be from 1 to 100000", () -> actor().maxJobs(0)),
                refusal("jobTimeout is PT48H: must be from PT0.1S to PT24H", () -> actor().jobTimeout(DAY.plus(DAY))),
                refusal("retryDelays is \"0 delays\": must be 1 to 100", () -> actor().retryDelays()),
                refusal(
                        "retryDelays[1] is PT-1S: must be from PT0S to PT24H",
                        () -> actor().retryDelays(Duration.ZERO, Duration.ofSeconds(-1))),
                refusal(
                        "pollDelay is PT0S: must be from PT1S to PT1H",
                        () -> ListenOptions.builder().pollDelay(Duration.ZERO)),
                refusal(
                        "batch is 0: must be from 1 to 10000",
                        () -> ListenOptions.builder().batch(0)),
                refusal(
                        "maxJobs is 0: must be from 1 to 100000",
                        () -> ListenOptions.builder().maxJobs(0)),
                refusal(
                        "uid is \" \": must not be blank",
                        () -> EmitOptions.builder().uid(" ")),
                refusal(
                        "traceId is \"a\\u000ab\": must not have control characters",
                        () -> EmitOptions.builder().traceId("a\nb")),
                refusal(
                        "delay is PT-1S: must be from PT0S to",
                        () -> EmitOptions.builder().delay(Duration.ofSeconds(-1))),
                refusal(
                        "timeout is PT0S: must be from PT0.001S to PT1H",
                        () -> RequestOptions.builder().timeout(Duration.ZERO)),
                refusal("CloudEvent id is \"\": must not be blank", () -> CloudEvent.builder("", "s", "t")),
                refusal(
                        "sampledrate is 0: must be above 0",
                        () -> CloudEvent.builder("1", "s", "t").sampledRate(0)));
    }

    private static Arguments refusal(String message, ThrowingCallable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void streamOfAnEvent() {
        StreamConfig bare = EVENT.streamConfig();
        assertThat(bare.name()).isEqualTo("user-created");
        assertThat(bare.subjects()).containsExactly("user.created");
        assertThat(bare.retention()).isEqualTo(RetentionPolicy.INTEREST);
        assertThat(bare.toJson()).doesNotContain("description", "max_age", "max_consumers", "max_msgs", "max_bytes");
        assertThat(bare.toJson()).doesNotContain("max_msg_size");

        EventWithResponse<String, String> event = EVENT.withResponse(Codec.text())
                .withDescription("somebody is new")
                .withLimits(Limits.NONE
                        .withAge(DAY)
                        .withConsumers(2)
                        .withMessages(3)
                        .withBytes(4)
                        .withMessageSize(5));
        StreamConfig limited = event.streamConfig();
        assertThat(limited.description()).isEqualTo("somebody is new");
        assertThat(limited.maxAge()).isEqualTo(DAY);
        assertThat(limited.maxConsumers()).isEqualTo(2);
        assertThat(limited.maxMsgs()).isEqualTo(3);
        assertThat(limited.maxBytes()).isEqualTo(4);
        assertThat(limited.maxMsgSize()).isEqualTo(5);
    }

    @Test
    void consumerOfAnActor() {
        ConsumerConfig bare = actor().build().consumerConfig();
        assertThat(bare.durable()).isEqualTo("a");
        assertThat(bare.ackPolicy()).isEqualTo(AckPolicy.EXPLICIT);
        assertThat(bare.ackWait()).isEqualTo(Duration.ofSeconds(16));
        assertThat(bare.maxAckPending()).isEqualTo(1000);
        assertThat(bare.toJson()).doesNotContain("max_deliver", "description");

        Actor<String, Void> all = actor().description("d")
                .ackWait(DAY)
                .maxAckPending(7)
                .maxAttempts(3)
                .build();
        ConsumerConfig config = all.consumerConfig();
        assertThat(config.description()).isEqualTo("d");
        assertThat(config.ackWait()).isEqualTo(DAY);
        assertThat(config.maxAckPending()).isEqualTo(7);
        assertThat(config.maxDeliver()).isEqualTo(3);
        assertThat(all.isLast(2)).isFalse();
        assertThat(all.isLast(3)).isTrue();
    }

    @Test
    void defaults() {
        Actor<String, Void> bare = actor().build();
        assertThat(bare.maxJobs()).isEqualTo(16);
        assertThat(bare.jobTimeout()).isEqualTo(Duration.ofSeconds(32));
        assertThat(bare.pulse()).isTrue();
        assertThat(bare.priority()).isEqualTo(Priority.NORMAL);
        assertThat(bare.middlewares()).isEmpty();
        assertThat(bare.executor()).isNull();
        assertThat(bare.isLast(Integer.MAX_VALUE)).isFalse();
        assertThat(ListenOptions.DEFAULTS.pollDelay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(ListenOptions.DEFAULTS.batch()).isEqualTo(1);
        assertThat(ListenOptions.DEFAULTS.maxJobs()).isEqualTo(16);
        assertThat(RequestOptions.DEFAULTS.timeout()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void retryDelaysRepeatTheLastOne() {
        Actor<String, Void> actor = actor().build();
        assertThat(Stream.of(0, 1, 2, 3, 4, 5, Integer.MAX_VALUE).map(actor::retryDelay))
                .containsExactly(
                        Duration.ofMillis(500),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(4));
    }

    @Test
    void whatWasBuiltDoesNotChange() {
        ActorBuilder<String, Void> builder = actor();
        Actor<String, Void> before = builder.build();
        builder.maxJobs(1).priority(Priority.LOW);
        assertThat(before.maxJobs()).isEqualTo(16);
        assertThat(before.priority()).isEqualTo(Priority.NORMAL);
    }
}
