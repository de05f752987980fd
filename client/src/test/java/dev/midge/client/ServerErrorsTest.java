// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.PermissionDenied;
import dev.midge.protocol.ServerError;
import dev.midge.protocol.ServerError.Kind;
import dev.midge.protocol.ServerError.Known;
import dev.midge.protocol.ServerError.Operation;
import dev.midge.protocol.ServerError.PermissionsViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each {@code -ERR} that can come on an established connection, as nats-server 2.15.2 words it (errors.go, client.go). */
class ServerErrorsTest {
    /** What the server says before it closes the socket. */
    static Stream<Arguments> fatal() {
        return Stream.of(
                Arguments.of("Authorization Violation", Kind.AUTHORIZATION_VIOLATION),
                Arguments.of("User Authentication Expired", Kind.USER_AUTHENTICATION_EXPIRED),
                Arguments.of("User Authentication Revoked", Kind.USER_AUTHENTICATION_REVOKED),
                Arguments.of("Account Authentication Expired", Kind.ACCOUNT_AUTHENTICATION_EXPIRED),
                Arguments.of("Authentication Timeout", Kind.AUTHENTICATION_TIMEOUT),
                Arguments.of("Maximum Payload Violation", Kind.MAXIMUM_PAYLOAD_VIOLATION),
                Arguments.of("maximum control line exceeded", Kind.MAXIMUM_CONTROL_LINE_EXCEEDED),
                Arguments.of("Unknown Protocol Operation", Kind.UNKNOWN_PROTOCOL_OPERATION),
                Arguments.of("Stale Connection", Kind.STALE_CONNECTION),
                Arguments.of("maximum connections exceeded", Kind.MAXIMUM_CONNECTIONS_EXCEEDED),
                Arguments.of("maximum account active connections exceeded", Kind.MAXIMUM_ACCOUNT_CONNECTIONS_EXCEEDED),
                Arguments.of("Connection throttling is active. Please try again later.", Kind.CONNECTION_THROTTLING),
                Arguments.of("Secure Connection - TLS Required", Kind.TLS_REQUIRED),
                Arguments.of("invalid client protocol", Kind.INVALID_CLIENT_PROTOCOL),
                Arguments.of("no responders requires headers support", Kind.NO_RESPONDERS_REQUIRES_HEADERS),
                Arguments.of("Failed Account Registration", Kind.FAILED_ACCOUNT_REGISTRATION),
                Arguments.of("Slow Consumer (Pending Bytes)", Kind.SLOW_CONSUMER));
    }

    /** Told by an event, and then the cause of the end and of all that waits, however the socket ends. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("fatal")
    void whatEndsTheConnectionIsTheCauseOfTheEnd(String text, Kind kind) throws Exception {
        for (boolean reset : new boolean[] {false, true}) {
            try (Session session = Session.open()) {
                Subscription subscription = session.pull("a");
                Waiting next = Waiting.in(() -> subscription.next(Session.LONG));
                Waiting flush = Waiting.in(() -> session.nc.flush(Session.LONG));
                session.peer.expect("PING\r\n").send("-ERR '" + text + "'\r\n");
                ServerError error =
                        session.events.await(ConnectionEvent.ServerError.class).error();
                assertThat(error).isEqualTo(new Known(text, kind));
                assertThat(session.nc.status()).as("the server decides").isEqualTo(ConnectionStatus.CONNECTED);
                if (reset) {
                    session.peer.reset();
                } else {
                    session.peer.shutdownOutput();
                }
                Closed closed = session.events.await(Closed.class);
                assertThat(closed.reason()).isEqualTo(EndReason.SERVER_ERROR);
                assertCausedBy(error, closed.cause());
                assertThat(flush.failure()).isInstanceOf(ConnectionClosedException.class);
                assertCausedBy(error, flush.failure());
                assertThat(next.failure()).isInstanceOf(SubscriptionClosedException.class);
                assertCausedBy(error, next.failure());
            }
        }
    }

    private static void assertCausedBy(ServerError error, @Nullable Throwable failure) {
        Throwable root = failure;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        assertThat(root)
                .isInstanceOfSatisfying(
                        ServerErrorException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining(error.text());
    }

    /** Those that were tried here are all there are, but for that of a port that is not for clients: it has no INFO. */
    @Test
    void noneIsForgotten() {
        List<Kind> tried = new ArrayList<>(List.of(
                Kind.WRONG_PORT,
                Kind.INVALID_SUBJECT,
                Kind.INVALID_PUBLISH_SUBJECT,
                Kind.MAXIMUM_SUBSCRIPTIONS_EXCEEDED));
        fatal().forEach(arguments -> tried.add((Kind) arguments.get()[1]));
        assertThat(tried).containsExactlyInAnyOrder(Kind.values());
    }

    /** Such an error and nothing behind it: the client does not go by itself. */
    @Test
    void aServerThatSaysSoAndGoesOnIsBelieved() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            session.peer.send("-ERR 'Stale Connection'\r\n" + Session.msg("a", 1, "x"));
            assertThat(subscription.next(Session.LONG).text()).isEqualTo("x");
            CompletableFuture<Void> closed = session.nc.closeAsync();
            session.peer.expect("PING\r\n").send("PONG\r\n");
            assertThat(Waiting.failure(closed)).isNull();
            Closed event = session.events.await(Closed.class);
            assertThat(event.reason()).isEqualTo(EndReason.CLOSED_BY_USER);
            assertThat(event.cause()).isNull();
        }
    }

    static Stream<Arguments> harmless() {
        return Stream.of(
                Arguments.of("Invalid Subject", Kind.INVALID_SUBJECT),
                Arguments.of("Invalid Publish Subject", Kind.INVALID_PUBLISH_SUBJECT),
                Arguments.of("maximum subscriptions exceeded", Kind.MAXIMUM_SUBSCRIPTIONS_EXCEEDED),
                Arguments.of("Something That Only A Newer Server Says", null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("harmless")
    void othersAreToldAndTheConnectionStays(String text, @Nullable Kind kind) throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            session.peer.send("-ERR '" + text + "'\r\n");
            session.barrier();
            assertThat(session.events.await(ConnectionEvent.ServerError.class).error())
                    .isEqualTo(kind == null ? new ServerError.Unknown(text) : new Known(text, kind));
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
            assertThat(subscription.isActive()).isTrue();
            session.peer.shutdownOutput();
            assertThat(session.events.await(Closed.class).reason()).isEqualTo(EndReason.CONNECTION_LOST);
        }
    }

    /** Each names one of the subscriptions 1 (a), 2 (a in queue g) and 3 (b), which then ends, or none. */
    static Stream<Arguments> violations() {
        return Stream.of(
                violation("Subscription to \"a\"", Operation.SUBSCRIBE, "a", null, 0, 1),
                violation("Subscription to \"a\" using queue \"g\"", Operation.SUBSCRIBE, "a", "g", 0, 2),
                violation("Subscription to \"b\" (sid \"3\")", Operation.SUBSCRIBE, "b", null, 3, 3),
                violation("Subscription to \"a\" using queue \"g\" (sid \"2\")", Operation.SUBSCRIBE, "a", "g", 2, 2),
                violation("Subscription to \"c\"", Operation.SUBSCRIBE, "c", null, 0, 0),
                violation("Publish to \"a\"", Operation.PUBLISH, "a", null, 0, 0),
                violation("Publish with Reply of \"b\"", Operation.REPLY_TO, "b", null, 0, 0),
                violation("Publish to \"a\", too many tokens", Operation.PUBLISH, "a", null, 0, 0));
    }

    private static Arguments violation(
            String text, Operation operation, String subject, @Nullable String queue, long sid, long ended) {
        return Arguments.of(
                new PermissionsViolation("Permissions Violation for " + text, operation, subject, queue, sid), ended);
    }

    /** R-B8: a typed event; the subscription that is meant ends with that cause, and no other. */
    @ParameterizedTest
    @MethodSource("violations")
    void permissionViolationsEndTheSubscriptionThatIsMeant(PermissionsViolation error, long ended) throws Exception {
        try (Session session = Session.open()) {
            List<Subscription> subscriptions =
                    List.of(session.pull("a"), session.pull("a", options -> options.queue("g")), session.pull("b"));
            session.peer.send("-ERR '" + error.text() + "'\r\n");
            session.barrier();
            PermissionDenied denied = session.events.await(PermissionDenied.class);
            assertThat(denied.error()).isEqualTo(error);
            assertThat(denied.subscription() == null ? 0 : denied.subscription().sid())
                    .isEqualTo(ended);
            for (Subscription subscription : subscriptions) {
                assertThat(subscription.isActive()).isEqualTo(subscription.sid() != ended);
                if (!subscription.isActive()) {
                    assertThatExceptionOfType(SubscriptionClosedException.class)
                            .isThrownBy(() -> subscription.next(Session.LONG))
                            .satisfies(failure -> assertCausedBy(error, failure));
                }
            }
            assertThat(session.events.all()).hasSize(2).first().isInstanceOf(ConnectionEvent.Connected.class);
            session.expectNothingSent();
        }
    }
}
