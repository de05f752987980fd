// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of servers and the options of reconnecting, and what they refuse. */
class ServerOptionsTest {
    private static List<String> parsed(String... urls) {
        return Options.builder().servers(urls).build().servers().stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void severalServersInOneText() {
        assertThat(parsed("nats://a,tls://b:1, c ,[::1]:2", "joe:x@d"))
                .containsExactly("nats://a:4222", "tls://b:1", "nats://c:4222", "nats://[::1]:2", "nats://d:4222");
        assertThat(parsed("ws://a,wss://b/nats")).containsExactly("ws://a:80", "wss://b:443/nats");
    }

    @Test
    void eachOnce() {
        assertThat(parsed("a,b,nats://a:4222")).containsExactly("nats://a:4222", "nats://b:4222");
        assertThat(parsed("joe:x@a", "sue:x@a")).hasSize(2);
    }

    @Test
    void webSocketAndOthersDoNotMix() {
        refuses(
                () -> Options.builder().servers("nats://joe:secret@a", "ws://b"),
                "servers are both nats://a:4222 and ws://b:80: must be all ws and wss, or all nats and tls");
        refuses(() -> Options.builder().servers("wss://a,b"), "must be all ws and wss, or all nats and tls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,,b", ",", "a,", "a,nats://", "a b,c"})
    void eachMustBeAServer(String list) {
        assertThatThrownBy(() -> parsed(list)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A comma in a password makes two of it: neither must be shown. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nats://joe:hush,hush@a",
                "nats://joe:hush,hush hush@a",
                "joe:hush,hush,hush@a",
                "b,joe:hush,hush@a"
            })
    void aCommaInAPasswordIsNotTold(String url) {
        assertThatThrownBy(() -> parsed(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageContaining("%2C")
                .hasMessageNotContaining("hush");
        assertThat(parsed("nats://joe:hu%2Csh@a")).containsExactly("nats://a:4222");
    }

    @Test
    void notTooMany() {
        refuses(
                () -> parsed(Collections.nCopies(1001, "x").stream()
                        .map(new StringBuilder()::append)
                        .map(Object::toString)
                        .toArray(String[]::new)),
                "servers are 1001: must be 1000 at most");
    }

    @Test
    void reconnectIsChecked() {
        Reconnect.Builder builder = Reconnect.builder();
        refuses(() -> builder.maxAttempts(-2), "maxAttempts is -2: must be -1 for any number, or not negative");
        refuses(() -> builder.wait(Duration.ZERO), "wait is PT0S: must be above 0");
        refuses(() -> builder.wait(Duration.ofDays(2)), "wait is PT48H: must be a day at most");
        refuses(() -> builder.maxWait(Duration.ofMillis(-1)), "maxWait is PT-0.001S: must be above 0");
        refuses(() -> builder.maxWait(Duration.ofSeconds(Long.MAX_VALUE)), "must be a day at most");
        refuses(() -> builder.multiplier(0.9), "multiplier is 0.9: must be 1 to 100");
        refuses(() -> builder.multiplier(Double.NaN), "multiplier is NaN: must be 1 to 100");
        refuses(() -> builder.jitter(1.1), "jitter is 1.1: must be 0 to 1");
        refuses(() -> builder.jitter(-0.1), "jitter is -0.1: must be 0 to 1");
        refuses(() -> builder.bufferSize(0), "bufferSize is 0: must be above 0");
    }

    @Test
    void racingIsChecked() {
        OptionsBuilder builder = Options.builder();
        refuses(() -> builder.connectionRacing(Duration.ofMillis(-1)), "connectionRacing is PT-0.001S");
        refuses(() -> builder.connectionRacing(Duration.ofSeconds(61)), "connectionRacing is PT1M1S: must be a minute");
        assertThat(builder.build().connectionRacing()).isZero();
    }

    @Test
    void reconnectHasDefaults() {
        Reconnect defaults = Options.builder().build().reconnect();
        assertThat(defaults.maxAttempts()).isEqualTo(-1);
        assertThat(defaults.initialWait()).isEqualTo(Duration.ofMillis(250));
        assertThat(defaults.maxWait()).isEqualTo(Duration.ofSeconds(10));
        assertThat(defaults.multiplier()).isEqualTo(2);
        assertThat(defaults.jitter()).isEqualTo(0.2);
        assertThat(defaults.whileDisconnected()).isEqualTo(WhileDisconnected.BUFFER);
        assertThat(defaults.bufferSize()).isEqualTo(8 << 20);
        assertThat(defaults.onFirstConnect()).isFalse();
        assertThat(Reconnect.never().maxAttempts()).isZero();
    }

    @Test
    void aLongWaitIsItsOwnLongest() {
        Reconnect longer = Reconnect.builder().wait(Duration.ofMinutes(1)).build();
        assertThat(longer.maxWait()).isEqualTo(Duration.ofMinutes(1));
        assertThat(longer.backoffNanos(1_000_000))
                .isEqualTo(Duration.ofMinutes(1).toNanos());
    }

    private static void refuses(ThrowingCallable call, String text) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(text);
    }
}
