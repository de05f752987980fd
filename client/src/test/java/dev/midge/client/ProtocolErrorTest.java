// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.protocol.ProtocolException;
import dev.midge.protocol.ProtocolLimits;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is outside the grammar, or over a limit, ends an established connection; nothing hangs. */
class ProtocolErrorTest {
    private static final ProtocolLimits LIMITS = new ProtocolLimits(256, 1024, 4096, 64, 3);

    static Stream<Arguments> frames() {
        return Stream.of(
                Arguments.of("an unknown verb", "FOO bar\r\n"),
                Arguments.of("a frame that only clients send", "PUB a 1\r\nx\r\n"),
                Arguments.of("HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n"),
                Arguments.of("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n"),
                Arguments.of("an empty line", "\r\n"),
                Arguments.of("LF alone", "PING\n"),
                Arguments.of("CR within a line", "PING\rPONG\r\n"),
                Arguments.of("arguments of PING", "PING 1\r\n"),
                Arguments.of("MSG without arguments", "MSG\r\n"),
                Arguments.of("MSG without size", "MSG a 1\r\n"),
                Arguments.of("MSG with too much", "MSG a 1 b 1 1\r\nx\r\n"),
                Arguments.of("a sid that is no number", "MSG a x 1\r\nx\r\n"),
                Arguments.of("a sid over 64 bits", "MSG a 18446744073709551617 1\r\nx\r\n"),
                Arguments.of("a size that is no number", "MSG a 1 x\r\nx\r\n"),
                Arguments.of("a negative size", "MSG a 1 -1\r\n\r\n"),
                Arguments.of("a size over 64 bits", "MSG a 1 18446744073709551617\r\nx\r\n"),
                Arguments.of("a payload longer than its size", "MSG a 1 1\r\nxy\r\n"),
                Arguments.of("a payload with LF alone", "MSG a 1 1\r\nx\nPING\r\n"),
                Arguments.of("a payload over the limit", "MSG a 1 4097\r\n"),
                Arguments.of("a control line over the limit", "MSG " + "a".repeat(256)),
                Arguments.of("an INFO over the limit", "INFO {\"server_id\":\"" + "a".repeat(1024)),
                Arguments.of("an INFO that is not JSON", "INFO nats\r\n"),
                Arguments.of("an INFO of another type", "INFO {\"max_payload\":[]}\r\n"),
                Arguments.of("headers longer than all", "HMSG a 1 20 12\r\nNATS/1.0\r\n\r\n\r\n"),
                Arguments.of("headers over the limit", "HMSG a 1 65 65\r\n"),
                Arguments.of("HMSG without header size", "HMSG a 1 12\r\nNATS/1.0\r\n\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void theConnectionEndsAndAllThatWaitsFailsWithIt(String what, String frame) throws Exception {
        try (Session session = Session.open(options -> options.limits(LIMITS))) {
            Subscription subscription = session.pull("a");
            Waiting next = Waiting.in(() -> {
                assertThat(subscription.next(Session.LONG).text()).isEqualTo("before");
                subscription.next(Session.LONG);
            });
            Waiting flush = Waiting.in(() -> session.nc.flush(Session.LONG));

            session.peer.send(Session.msg("a", 1, "before") + frame);

            Closed closed = session.events.await(Closed.class);
            assertThat(closed.reason()).as(what).isEqualTo(EndReason.PROTOCOL_ERROR);
            assertThat(closed.cause()).isInstanceOf(ProtocolException.class);
            assertThat(next.failure()).isInstanceOf(SubscriptionClosedException.class);
            assertThat(next.failure()).cause().hasCause(closed.cause());
            assertThat(flush.failure()).isInstanceOf(ConnectionClosedException.class);
            assertThat(flush.failure()).hasCause(closed.cause());
            session.nc.close();
            assertThat(session.events.all(Closed.class)).containsExactly(closed);
        }
    }

    /** The bytes are shown, escaped and cut, so that whoever reads the log can tell what talked. */
    @ParameterizedTest
    @MethodSource("shown")
    void theCauseShowsWhatCame(String frame, String shown) throws Exception {
        try (Session session = Session.open()) {
            session.peer.send(frame);
            Throwable cause = session.events.await(Closed.class).cause();
            assertThat(cause).hasMessageContaining(shown);
            assertThat(cause).extracting(Throwable::getMessage).asString().hasSizeLessThan(1000);
        }
    }

    static Stream<Arguments> shown() {
        return Stream.of(
                Arguments.of("HTTP/1.1 400 Bad Request\r\n", "\"HTTP/1.1 400 Bad Request\\r\\n\""),
                Arguments.of("MSG a \u0001 1\r\n", "\\x01"),
                Arguments.of("FOO " + "x".repeat(10_000) + "\r\n", "FOO xxx"));
    }

    /** Not before: an idle peer in the middle of a frame is none that breaks the protocol. */
    @ParameterizedTest
    @MethodSource("halves")
    void halfAFrameAtTheEndIsALostConnection(String half) throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Duration.ofMillis(1)))) {
            session.peer.send(half).shutdownOutput();
            assertThat(session.events.await(Closed.class).reason()).isEqualTo(EndReason.CONNECTION_LOST);
        }
    }

    static Stream<String> halves() {
        return Stream.of("M", "MSG a 1 5", "MSG a 1 5\r", "MSG a 1 5\r\n", "MSG a 1 5\r\nhel", "MSG a 1 5\r\nhello\r");
    }
}
