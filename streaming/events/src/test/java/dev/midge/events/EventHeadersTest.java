// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EventHeadersTest {
    private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z"); // 1795293000

    private static Headers headers(EmitOptions options) {
        return Objects.requireNonNull(EventHeaders.of(options.settings(), NOW, null));
    }

    @Test
    void nothingForNothing() {
        assertThat(EventHeaders.of(EmitOptions.DEFAULTS.settings(), NOW, null)).isNull();
    }

    @Test
    void allOfThem() {
        Headers headers = Objects.requireNonNull(EventHeaders.of(
                RequestOptions.builder()
                        .uid("u-1")
                        .traceId("t-1")
                        .delay(Duration.ofMillis(1500))
                        .headers(Headers.builder()
                                .add("A", "1")
                                .add("Nats-Msg-Id", "no")
                                .build())
                        .build()
                        .settings(),
                NOW,
                "_INBOX.1"));
        assertThat(headers)
                .isEqualTo(Headers.builder()
                        .add("A", "1")
                        .add("Nats-Msg-Id", "u-1")
                        .add("Walnats-Trace", "t-1")
                        .add("Walnats-Delay", "1795293001.5")
                        .add("Walnats-Reply", "_INBOX.1")
                        .build());
    }

    @Test
    void cloudEvents() {
        CloudEvent event = CloudEvent.builder("e-1", "/users", "created")
                .dataContentType("application/json")
                .dataSchema("http://schema")
                .subject("joe")
                .time(NOW)
                .dataRef("http://ref")
                .partitionKey("p")
                .sampledRate(3)
                .sequence("7")
                .traceParent("00-1-2-01")
                .traceState("a=b")
                .build();
        Headers headers = headers(EmitOptions.builder().cloudEvent(event).build());
        assertThat(headers)
                .isEqualTo(Headers.builder()
                        .add("ce-id", "e-1")
                        .add("ce-source", "/users")
                        .add("ce-type", "created")
                        .add("ce-specversion", "1.0")
                        .add("ce-datacontenttype", "application/json")
                        .add("ce-dataschema", "http://schema")
                        .add("ce-subject", "joe")
                        .add("ce-time", "2026-11-21T20:30:00Z")
                        .add("ce-dataref", "http://ref")
                        .add("ce-partitionkey", "p")
                        .add("ce-sampledrate", "3")
                        .add("ce-sequence", "7")
                        .add("ce-traceparent", "00-1-2-01")
                        .add("ce-tracestate", "a=b")
                        .add("Nats-Msg-Id", "e-1")
                        .build());
        assertThat(CloudEvent.of(headers)).isEqualTo(event);
        assertThat(CloudEvent.of(Headers.of("ce-source", "x"))).isNull();
        assertThat(headers(EmitOptions.builder().cloudEvent(event).uid("u-1").build())
                        .all("Nats-Msg-Id"))
                .containsExactly("u-1");
    }

    @Test
    void howLongItIsDelayedStill() {
        assertThat(EventHeaders.delayLeft(Headers.EMPTY, NOW)).isZero();
        assertThat(left("1795293000")).isZero();
        assertThat(left("1795292999.5")).isZero();
        assertThat(left("1795293000.0005")).isZero();
        assertThat(left("1795293002.25")).isBetween(Duration.ofMillis(2249), Duration.ofMillis(2251));
        assertThat(left("1.79529301e9")).isEqualTo(Duration.ofSeconds(10));
        assertThat(left("1e300")).isEqualTo(Duration.ofDays(1));
        assertThat(left("-1e300")).isZero();
        assertThat(left(EventHeaders.delay(NOW.plusNanos(1_000_000_001)))).isPositive();
        for (String none : new String[] {"soon", "NaN", ""}) {
            assertThatThrownBy(() -> left(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("header Walnats-Delay is \"" + none + "\": must be a number of seconds since 1970");
        }
    }

    private static Duration left(String value) {
        return EventHeaders.delayLeft(
                Headers.builder().add("Walnats-Delay", value).build(), NOW);
    }
}
