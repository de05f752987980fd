// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.SubjectValidation;
import dev.midge.testkit.base.ScriptedServer;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad arguments fail at the call, which names argument, value and rule; nothing is sent. */
class BadInputTest {
    private static final String INFO = "INFO {\"headers\":true,\"max_payload\":100}\r\n";
    private static final byte[] DATA = {1, 2, 3};

    /** Each call, what its exception is, and what its text must have. */
    private record Bad(String call, Class<? extends Exception> exception, String text, Call action) {}

    private interface Call {
        void on(Connection nc) throws Exception;
    }

    private static Bad bad(String call, Class<? extends Exception> exception, String text, Call action) {
        return new Bad(call, exception, text, action);
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // nulls are what is tested
    private static List<Bad> calls() {
        Class<IllegalArgumentException> argument = IllegalArgumentException.class;
        Class<NullPointerException> missing = NullPointerException.class;
        List<Bad> calls = new ArrayList<>();
        for (String subject : List.of("", "a b", "a\tb", "a\r\nPUB b 0", "a..b", ".a", "a.", "a.*", "a.>")) {
            calls.add(bad("publish to \"" + subject + "\"", argument, "subject", nc -> nc.publish(subject, DATA)));
        }
        for (String subject : List.of("", "a b", "a..b", ".a", "a.", "a.>.b")) {
            calls.add(bad("subscribe to \"" + subject + "\"", argument, "subject", nc -> nc.subscribe(subject)));
            calls.add(bad(
                    "direct subscribe to \"" + subject + "\"",
                    argument,
                    "subject",
                    nc -> nc.direct().subscribe(subject, view -> {})));
        }
        calls.add(bad("publish to null", argument, "subject", nc -> nc.publish(null, DATA)));
        calls.add(bad("publish null", missing, "data", nc -> nc.publish("a", (byte[]) null)));
        calls.add(bad("publish null text", missing, "text", nc -> nc.publish("a", (String) null)));
        calls.add(bad("publish null message", missing, "message", nc -> nc.publish((Message) null)));
        calls.add(bad("subscribe to null", argument, "subject", nc -> nc.subscribe(null)));
        calls.add(bad("subscribe without handler", missing, "handler", nc -> nc.subscribe("a", (MessageHandler) null)));
        calls.add(
                bad("subscribe without options", missing, "options", nc -> nc.subscribe("a", (SubscribeOptions) null)));
        calls.add(bad(
                "queue with a blank",
                argument,
                "queue",
                nc -> nc.subscribe("a", SubscribeOptions.builder().queue("b c").build())));
        calls.add(bad(
                "empty queue",
                argument,
                "queue",
                nc -> nc.subscribe("a", SubscribeOptions.builder().queue("").build())));
        calls.add(bad(
                "reply-to with a wildcard",
                argument,
                "reply",
                nc -> nc.publish(Message.to("a").replyTo("b.*").build())));
        calls.add(bad("negative range", IndexOutOfBoundsException.class, "", nc -> nc.publish("a", DATA, -1, 2)));
        calls.add(bad("range past the end", IndexOutOfBoundsException.class, "", nc -> nc.publish("a", DATA, 2, 2)));
        calls.add(bad(
                "payload over max_payload",
                PayloadTooLargeException.class,
                "101 bytes",
                nc -> nc.publish("a", new byte[101])));
        calls.add(bad(
                "buffer over max_payload",
                PayloadTooLargeException.class,
                "max_payload is 100",
                nc -> nc.publish("a", ByteBuffer.allocate(101))));
        calls.add(bad(
                "direct over max_payload",
                PayloadTooLargeException.class,
                "max_payload is 100",
                nc -> nc.direct().publish("a", Unpooled.wrappedBuffer(new byte[101]))));
        calls.add(bad(
                "headers and payload over max_payload",
                PayloadTooLargeException.class,
                "max_payload is 100",
                nc -> nc.publish(
                        Message.to("a").header("b", "c").data(new byte[90]).build())));
        calls.add(bad("control line over the limit", argument, "4096", nc -> nc.publish("a".repeat(5000), DATA)));
        calls.add(bad("flush for no time", argument, "timeout", nc -> nc.flush(Duration.ZERO)));
        calls.add(bad("rtt for a negative time", argument, "timeout is PT-1S", nc -> nc.rtt(Duration.ofSeconds(-1))));
        return calls;
    }

    @TestFactory
    Stream<DynamicTest> failsAtTheCallAndSendsNothing() {
        return calls().stream()
                .map(bad -> DynamicTest.dynamicTest(bad.call(), () -> {
                    try (ScriptedServer server = ScriptedServer.start(peer -> peer.send(INFO)
                                    .expectLine("CONNECT \\{.*}")
                                    .expect("PING\r\n")
                                    .send("PONG\r\n")
                                    .expect("PING\r\n") // of close: nothing came before it
                                    .send("PONG\r\n")
                                    .expectEnd());
                            Connection nc = Patient.connect(server.url())) {
                        assertThatThrownBy(() -> bad.action().on(nc))
                                .isInstanceOf(bad.exception())
                                .hasMessageContaining(bad.text());
                    }
                }));
    }

    @ParameterizedTest
    @CsvSource({"STRICT, caf\u00e9", "LENIENT, a..b", "NONE, a b"})
    void eachModeRefusesWhatItSays(SubjectValidation mode, String subject) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.send(INFO)
                        .expectLine("CONNECT \\{.*}")
                        .expect("PING\r\n")
                        .send("PONG\r\n")
                        .expect("PING\r\n")
                        .send("PONG\r\n")
                        .expectEnd());
                Connection nc = Nats.connect(Options.builder()
                        .servers(server.url())
                        .subjectValidation(mode)
                        .build())) {
            assertThatThrownBy(() -> nc.publish(subject, DATA))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("subject");
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void headersAreCheckedWhenTheyAreSet() {
        Message.Builder message = Message.to("a");
        refuses(() -> message.header("", "v"), "name");
        refuses(() -> message.header("a:b", "v"), "a:b");
        refuses(() -> message.header("a b", "v"), "a b");
        refuses(() -> message.header("a", "b\r\nc"), "value");
        refuses(() -> message.header("a", null), "value of header a");
        assertThatThrownBy(() -> Message.to(null)).isInstanceOf(NullPointerException.class);
        assertThat(message.build().hasHeaders()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://a", "nats://", "nats://a:70000", "nats://a:b", "a b", "nats://a:-1"})
    void refusesUrlsThatAreNone(String url) {
        refuses(() -> Options.builder().servers(url), "");
    }

    @Test
    @SuppressWarnings("NullAway")
    void optionsAreCheckedWhenTheyAreSet() {
        OptionsBuilder options = Options.builder();
        refuses(options::servers, "servers is empty");
        refuses(() -> options.connectTimeout(Duration.ZERO), "connectTimeout is PT0S: must be above 0");
        refuses(() -> options.writeTimeout(Duration.ofMillis(-1)), "writeTimeout is PT-0.001S: must not be negative");
        refuses(() -> options.closeTimeout(Duration.ofMillis(-1)), "closeTimeout");
        refuses(() -> options.outboundLimit(0), "outboundLimit is 0: must be above 0");
        refuses(() -> options.pendingLimits(0, 1), "messages");
        refuses(() -> options.pendingLimits(1, -1), "bytes");
        refuses(() -> options.maxControlLine(63), "maxControlLine is 63");
        refuses(() -> options.eventLimit(0), "eventLimit is 0: must be 1 to 1000000");
        refuses(() -> options.eventLimit(1_000_001), "eventLimit is 1000001: must be 1 to 1000000");
        refuses(() -> SubscribeOptions.builder().maxMessages(0), "maxMessages is 0: must be above 0");
        refuses(() -> SubscribeOptions.builder().pendingLimits(-1, 1), "messages");
        assertThatThrownBy(() -> options.name(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> options.connectTimeout(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("connectTimeout");
    }

    @Test
    void noResponseToWhatWasNotReceived() {
        Message message = Message.to("a").build();
        assertThatThrownBy(() -> message.respond("x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not received");
    }

    private static void refuses(ThrowingCallable call, String text) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(text);
    }
}
