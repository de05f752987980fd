// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not allowed fails at the call, with the value and the rule. */
class BadInputTest {
    private static void refused(ThrowingCallable call, String text) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(text);
    }

    private static StanSubscribeOptions.Builder how() {
        return StanSubscribeOptions.builder();
    }

    private static StanOptions.Builder options() {
        return StanOptions.builder("c", "i");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a.b", "ä", "a/b", "a:b"})
    void clientIds(String id) {
        refused(() -> StanOptions.builder("c", id), "clientId is \"" + id + "\": must be of A-Z, a-z, 0-9, - and _");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a..b", ".a", "a.", "*", "a.>", "a/b", "a\n"})
    void clusterIdsPrefixesAndChannels(String name) throws Exception {
        String rule = " is \"" + name.replace('\n', '?')
                + "\": must be tokens with single dots between them, without *, >, / and white space";
        refused(() -> StanOptions.builder(name, "i"), "clusterId" + rule);
        refused(() -> options().discoverPrefix(name), "discoverPrefix" + rule);
        try (FakeStan fake = new FakeStan()) {
            StanConnection sc = fake.connect(o -> {});
            refused(() -> sc.publish(name, "x"), "channel" + rule);
            refused(() -> sc.publishAsync(name, "x"), "channel" + rule);
            refused(() -> sc.subscribe(name, m -> {}), "channel" + rule);
            refused(() -> sc.subscribeAsync(name, StanSubscribeOptions.DEFAULTS, m -> {}), "channel" + rule);
        }
    }

    @Test
    void durables() {
        refused(
                () -> how().durable("a:b").queue("q").build(),
                "durable is \"a:b\": must not hold : with a queue group");
        assertThat(how().durable("a:b").build().durable()).isEqualTo("a:b");
        refused(() -> how().durable(""), "durable is \"\": must not be empty");
        refused(() -> how().queue(""), "queue is \"\": must not be empty");
    }

    @Test
    void numbers() {
        refused(
                () -> how().ackWait(Duration.ofMillis(999)),
                "ackWait is PT0.999S: must be whole seconds, from PT1S on");
        refused(() -> how().ackWait(Duration.ofMillis(1500)), "ackWait is PT1.5S: must be whole seconds, from PT1S on");
        refused(() -> how().ackWait(Duration.ZERO), "ackWait is PT0S: must be whole seconds, from PT1S on");
        refused(() -> how().maxInFlight(0), "maxInFlight is 0: must be from 1 to 2147483647");
        refused(() -> how().startAtSequence(0), "start sequence is 0: must be 1 or above");
        refused(() -> how().startAtSequence(-1), "start sequence is -1: must be 1 or above");
        refused(
                () -> how().startAtTimeDelta(Duration.ofNanos(-1)),
                "start time delta is PT-0.000000001S: must be from 0 to 292 years");
        refused(
                () -> how().startAtTime(Instant.EPOCH.minus(Duration.ofDays(100_000))),
                "start time is " + Instant.EPOCH.minus(Duration.ofDays(100_000)) + ": must be within 146 years");
        refused(() -> options().connectTimeout(Duration.ZERO), "connectTimeout is PT0S: must be above 0");
        refused(() -> options().ackTimeout(Duration.ofSeconds(-1)), "ackTimeout is PT-1S: must be above 0");
        refused(() -> options().reestablishWait(Duration.ZERO), "reestablishWait is PT0S: must be above 0");
        refused(() -> options().maxPubAcksInFlight(0), "maxPubAcksInFlight is 0: must be from 1 to 1000000");
        refused(
                () -> options().pings(Duration.ofMillis(10), 2),
                "pingInterval is PT0.01S: must be whole seconds, from PT1S on");
        refused(() -> options().pings(Duration.ofSeconds(1), 1), "maxPingsOut is 1: must be from 2 to 1000000");
    }

    @Test
    void theDefaults() {
        StanOptions options = options().build();
        assertThat(options.discoverPrefix()).isEqualTo("_STAN.discover");
        assertThat(options.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.ackTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.maxPubAcksInFlight()).isEqualTo(16_384);
        assertThat(options.publishOverflow()).isEqualTo(PublishOverflow.WAIT);
        assertThat(options.pingInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.maxPingsOut()).isEqualTo(88);
        assertThat(options.onSessionLost()).isEqualTo(OnSessionLost.CLOSE);
        assertThat(options.reestablishWait()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.clusterId()).isEqualTo("c");
        StanSubscribeOptions how = StanSubscribeOptions.DEFAULTS;
        assertThat(how.ackWait()).isEqualTo(Duration.ofSeconds(30));
        assertThat(how.maxInFlight()).isEqualTo(1024);
        assertThat(how.manualAcks()).isFalse();
    }

    /** Those of server.go that are more than their own name. */
    @Test
    void whatServersSay() {
        assertThat(StanError.of("stan: invalid subscription")).isEqualTo(StanError.INVALID_SUBSCRIPTION);
        assertThat(StanError.of("stan: invalid subscription request"))
                .isEqualTo(StanError.INVALID_SUBSCRIPTION_REQUEST);
        assertThat(StanError.of("stan: clientID already registered")).isEqualTo(StanError.CLIENT_ID_IN_USE);
        assertThat(StanError.of("stan: invalid clientID: only alphanumeric and `-` or `_` characters allowed"))
                .isEqualTo(StanError.INVALID_CLIENT_ID);
        assertThat(StanError.of("something new")).isEqualTo(StanError.OTHER);
    }
}
