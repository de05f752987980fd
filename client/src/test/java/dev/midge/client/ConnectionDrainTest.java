// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.Session.msgs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.Connected;
import dev.midge.client.ConnectionEvent.Drained;
import dev.midge.client.ConnectionEvent.Draining;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** R-C7, R-A7: the drain of a connection: its subscriptions, what they publish, and then it is closed. */
class ConnectionDrainTest {
    private static final DrainResult DRAINED = new DrainResult(true, 0, false);
    private static final Duration LONG = Session.LONG;
    private static final Duration SHORT = Duration.ofMillis(200);

    private static DrainResult get(CompletableFuture<DrainResult> result) throws Exception {
        return result.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** Answers the PING by which the connection is drained, and that by which it is closed. */
    private static void confirmEnd(Session session) {
        session.peer.expect("PING\r\n").send("PONG\r\n").expect("PING\r\n").send("PONG\r\n");
    }

    @Test
    void handlersAnswerToTheEnd() throws Exception {
        try (Session session = Session.open()) {
            Gate gate = new Gate();
            session.handle("a", message -> {
                gate.onMessage(message);
                session.nc.publish("b", message.text());
            });
            session.peer.send(msgs("a", 1, 0, 1));
            CompletableFuture<DrainResult> result = session.nc.drainAsync(LONG);
            session.peer.expect("UNSUB 1\r\nPING\r\n").send(msgs("a", 1, 1, 1) + "PONG\r\n");
            gate.awaitEntered(1);
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.DRAINING);
            assertThat(result).isNotDone();
            gate.open();
            session.peer.expect("PUB b 1\r\n0\r\nPUB b 1\r\n1\r\n");
            confirmEnd(session);
            assertThat(get(result)).isEqualTo(DRAINED);
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CLOSED);
            session.events.await(Closed.class);
            assertThat(session.events.all())
                    .extracting(Object::getClass)
                    .isEqualTo(List.of(Connected.class, Draining.class, Drained.class, Closed.class));
            assertThat(session.events.all(Drained.class)).containsExactly(new Drained(DRAINED));
            assertThat(session.events.all(Closed.class))
                    .extracting(Closed::reason)
                    .containsExactly(EndReason.CLOSED_BY_USER);
            assertThat(session.nc.statistics().outWritten()).isEqualTo(2);
            assertThatThrownBy(() -> session.nc.publish("b", "late")).isInstanceOf(ConnectionClosedException.class);
        }
    }

    @Test
    void takesNoSubscriptions() throws Exception {
        try (Session session = Session.open()) {
            Gate gate = new Gate();
            session.handle("a", gate);
            session.peer.send(msgs("a", 1, 0, 1));
            gate.awaitEntered(1);
            CompletableFuture<DrainResult> result = session.nc.drainAsync(LONG);
            assertThatThrownBy(() -> session.nc.subscribe("b"))
                    .isInstanceOf(ConnectionClosedException.class)
                    .hasMessage("cannot subscribe to b: the connection to " + session.nc.server() + " is DRAINING");
            assertThatThrownBy(() -> session.nc.direct().subscribe("b", view -> {}))
                    .isInstanceOf(ConnectionClosedException.class);
            session.peer.expect("UNSUB 1\r\nPING\r\n").send("PONG\r\n");
            gate.open();
            confirmEnd(session);
            assertThat(get(result)).isEqualTo(DRAINED);
            assertThatThrownBy(() -> session.nc.subscribe("b")).hasMessageEndingWith(" is CLOSED");
        }
    }

    @Test
    void severalSubscriptionsAndOnePing() throws Exception {
        try (Session session = Session.open()) {
            Subscription one = session.pull("a");
            Subscription other = session.pull("b");
            Subscription satisfied = session.pull("c", options -> options.maxMessages(1));
            session.peer.expect("UNSUB 3 1\r\n").send(msgs("c", 3, 0, 1));
            session.barrier();
            CompletableFuture<DrainResult> result = session.nc.drainAsync(LONG);
            assertThat(List.of(session.peer.readLine(), session.peer.readLine()))
                    .containsExactlyInAnyOrder("UNSUB 1", "UNSUB 2");
            session.peer.expect("PING\r\n").send(msgs("a", 1, 0, 1) + msgs("b", 2, 0, 1) + "PONG\r\n");
            one.next(LONG);
            other.next(LONG);
            session.expectNothingSent();
            assertThat(result).as("one that had ended has a message yet").isNotDone();
            satisfied.next(LONG);
            confirmEnd(session);
            assertThat(get(result)).isEqualTo(DRAINED);
        }
    }

    @Test
    void whatRemainsWhenTheTimeIsOver() throws Exception {
        try (Session session = Session.open()) {
            Gate gate = new Gate();
            Subscription blocked = session.handle("a", gate);
            Subscription unread = session.pull("b");
            session.peer.send(msgs("a", 1, 0, 3) + msgs("b", 2, 0, 2));
            session.barrier();
            gate.awaitEntered(1);
            CompletableFuture<DrainResult> result = session.nc.drainAsync(SHORT);
            session.peer.expectUntil("PING\r\n").send("PONG\r\n");
            session.peer.expect("PING\r\n").send("PONG\r\n"); // of close
            DrainResult expected = new DrainResult(false, 5, true);
            assertThat(get(result)).isEqualTo(expected);
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CLOSED);
            assertThat(session.events.await(Drained.class).result()).isEqualTo(expected);
            assertThat(unread.droppedMessages()).isEqualTo(2);
            gate.open();
            Eventually.isTrue("the rest to be dropped", () -> blocked.droppedMessages() == 2);
            assertThat(gate.entered()).containsExactly("0");
        }
    }

    @Test
    void aServerThatDoesNotAnswer() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(SHORT))) {
            CompletableFuture<DrainResult> result = session.nc.drainAsync(SHORT);
            session.peer.expect("PING\r\n"); // there is no subscription, but the server may know better
            assertThat(get(result)).isEqualTo(new DrainResult(false, 0, true));
        }
    }

    /** R-A7, R-A8. */
    @Test
    void closeEndsItAtOnce() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Duration.ZERO))) {
            Subscription unread = session.pull("a");
            session.peer.send(msgs("a", 1, 0, 2));
            session.barrier();
            CompletableFuture<DrainResult> result = session.nc.drainAsync(LONG);
            CompletableFuture<DrainResult> own = unread.drainAsync(LONG);
            session.peer.expect("UNSUB 1\r\nPING\r\n");
            session.nc.close();
            DrainResult expected = new DrainResult(false, 2, false);
            assertThat(get(result)).isEqualTo(expected);
            assertThat(get(own)).isEqualTo(expected);
            session.events.await(Closed.class);
            assertThat(session.events.all(Drained.class)).isEmpty();
        }
    }

    @Test
    void twiceIsOnce() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            session.peer.send(msgs("a", 1, 0, 1));
            CompletableFuture<DrainResult> result = session.nc.drainAsync(LONG);
            CompletableFuture<DrainResult> another = session.nc.drainAsync(Duration.ofMillis(1));
            session.peer.expect("UNSUB 1\r\nPING\r\n").send("PONG\r\n");
            subscription.next(LONG);
            confirmEnd(session);
            assertThat(get(result)).isEqualTo(DRAINED);
            assertThat(get(another)).isEqualTo(DRAINED);
            assertThat(session.nc.drain(LONG)).isEqualTo(DRAINED);
            session.events.await(Closed.class);
            assertThat(session.events.all(Draining.class)).hasSize(1);
        }
    }

    @Test
    void whenItIsClosedAlready() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Duration.ZERO))) {
            session.nc.close();
            assertThat(session.nc.drain(LONG)).isEqualTo(new DrainResult(false, 0, false));
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CLOSED);
        }
    }

    @Test
    void whenItIsLostForGood() throws Exception {
        try (Session session = Session.open(options -> options.reconnect(Reconnect.never()))) {
            Subscription subscription = session.pull("a");
            session.peer.send(msgs("a", 1, 0, 2));
            CompletableFuture<DrainResult> result = session.nc.drainAsync(LONG);
            session.peer.expect("UNSUB 1\r\nPING\r\n").close();
            assertThat(get(result)).isEqualTo(new DrainResult(false, 2, false));
            assertThat(session.events.await(Closed.class).reason()).isEqualTo(EndReason.CONNECTION_LOST);
            assertThat(subscription.pendingMessages()).isEqualTo(2);
        }
    }

    /** R-A8. */
    @Test
    void inAHandler() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<CompletableFuture<DrainResult>> begun = new CompletableFuture<>();
            session.handle("a", message -> begun.complete(session.nc.drainAsync(LONG)));
            session.peer.send(msgs("a", 1, 0, 1));
            session.peer.expect("UNSUB 1\r\nPING\r\n").send("PONG\r\n");
            confirmEnd(session);
            assertThat(get(begun.get(LONG.toSeconds(), TimeUnit.SECONDS))).isEqualTo(DRAINED);
        }
    }

    /** R-A8. */
    @Test
    void inADirectHandler() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<CompletableFuture<DrainResult>> begun = new CompletableFuture<>();
            Subscription unused =
                    session.nc.direct().subscribe("a", view -> begun.complete(session.nc.drainAsync(LONG)));
            session.peer.expect("SUB a 1\r\n").send(msgs("a", 1, 0, 1));
            session.peer.expect("UNSUB 1\r\nPING\r\n").send("PONG\r\n");
            confirmEnd(session);
            assertThat(get(begun.get(LONG.toSeconds(), TimeUnit.SECONDS))).isEqualTo(DRAINED);
        }
    }

    /** R-A8. */
    @Test
    void notOnAnEventLoop() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Subscription unused = session.nc.direct().subscribe("a", view -> {
                try {
                    thrown.complete(new AssertionError(session.nc.drain(LONG)));
                } catch (IllegalStateException e) {
                    thrown.complete(e);
                }
            });
            session.peer.expect("SUB a 1\r\n").send(msgs("a", 1, 0, 1));
            assertThat(thrown.get(LONG.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
        }
    }
}
