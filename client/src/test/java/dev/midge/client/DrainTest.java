// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.Session.msgs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** R-C7: the drain of a subscription: UNSUB, a PONG, all that came is handled, and the result says the truth. */
class DrainTest {
    private static final DrainResult DRAINED = new DrainResult(true, 0, false);
    private static final Duration LONG = Session.LONG;
    private static final Duration SHORT = Duration.ofMillis(200);

    private static DrainResult get(CompletableFuture<DrainResult> result) throws Exception {
        return result.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** The server is told, and answers behind what it had sent. */
    private static void confirm(Session session, String sent) {
        session.peer.expect("UNSUB 1\r\nPING\r\n").send(sent + "PONG\r\n");
    }

    @Test
    void waitsForWhatTheServerHadSentAndForTheHandler() throws Exception {
        try (Session session = Session.open()) {
            Gate gate = new Gate();
            Subscription subscription = session.handle("a", gate);
            session.peer.send(msgs("a", 1, 0, 2));
            CompletableFuture<DrainResult> result = subscription.drainAsync(LONG);
            assertThat(subscription.isActive()).isFalse();
            confirm(session, msgs("a", 1, 2, 2));
            session.barrier();
            gate.awaitEntered(1);
            gate.let(3);
            gate.awaitEntered(4);
            assertThat(result).as("the last handler is running").isNotDone();
            gate.open();
            assertThat(get(result)).isEqualTo(DRAINED);
            assertThat(gate.entered()).containsExactly("0", "1", "2", "3");
            assertThat(subscription.deliveredMessages()).isEqualTo(4);
            assertThat(subscription.droppedMessages()).isZero();
            session.peer.send(msgs("a", 1, 4, 1));
            session.barrier();
            assertThat(session.nc.statistics().unmatchedMessages()).isEqualTo(1);
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
        }
    }

    @Test
    void theLastMessageOfAllTakenEndsIt() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            CompletableFuture<DrainResult> result = subscription.drainAsync(LONG);
            confirm(session, msgs("a", 1, 0, 3));
            for (int i = 0; i < 3; i++) {
                assertThat(result).isNotDone();
                assertThat(subscription.next(LONG).text()).isEqualTo(String.valueOf(i));
            }
            assertThat(get(result)).isEqualTo(DRAINED);
            assertThatThrownBy(() -> subscription.next(LONG)).isInstanceOf(SubscriptionClosedException.class);
        }
    }

    /** What the Java client answers true to. */
    @Test
    void fiveUnread() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            session.peer.send(msgs("a", 1, 0, 5));
            session.barrier();
            CompletableFuture<DrainResult> result = subscription.drainAsync(SHORT);
            confirm(session, "");
            assertThat(get(result)).isEqualTo(new DrainResult(false, 5, true));
            assertThat(subscription.pendingMessages()).as("they stay").isEqualTo(5);
            CompletableFuture<DrainResult> another = subscription.drainAsync(LONG);
            for (Message message : subscription) {
                assertThat(message.text()).isNotEmpty();
            }
            assertThat(get(another)).isEqualTo(DRAINED);
            assertThat(subscription.deliveredMessages()).isEqualTo(5);
            session.expectNothingSent();
        }
    }

    @Test
    void nothingPendingAndNobodyThere() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            CompletableFuture<DrainResult> result = subscription.drainAsync(LONG);
            session.peer.expect("UNSUB 1\r\nPING\r\n");
            assertThat(result).as("the server has not answered").isNotDone();
            session.peer.send("PONG\r\n");
            assertThat(get(result)).isEqualTo(DRAINED);
        }
    }

    @Test
    void aServerThatDoesNotAnswer() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            CompletableFuture<DrainResult> result = subscription.drainAsync(SHORT);
            session.peer.expect("UNSUB 1\r\nPING\r\n");
            assertThat(get(result)).isEqualTo(new DrainResult(false, 0, true));
            session.peer.send("PONG\r\n");
        }
    }

    @Test
    void aHandlerThatTakesTooLong() throws Exception {
        try (Session session = Session.open()) {
            Gate gate = new Gate();
            Subscription subscription = session.handle("a", gate);
            session.peer.send(msgs("a", 1, 0, 3));
            gate.awaitEntered(1);
            session.barrier();
            CompletableFuture<DrainResult> result = subscription.drainAsync(SHORT);
            confirm(session, "");
            assertThat(get(result)).as("it counts too").isEqualTo(new DrainResult(false, 3, true));
            CompletableFuture<DrainResult> another = subscription.drainAsync(LONG);
            gate.open();
            assertThat(get(another)).isEqualTo(DRAINED);
            assertThat(gate.entered()).hasSize(3);
        }
    }

    @Test
    void aPublisherDrainsByDemand() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            Collecting subscriber = new Collecting();
            subscription.publisher().subscribe(subscriber);
            session.peer.send(msgs("a", 1, 0, 3));
            CompletableFuture<DrainResult> result = subscription.drainAsync(LONG);
            confirm(session, msgs("a", 1, 3, 1));
            session.barrier();
            subscriber.subscription().request(2);
            subscriber.await(2);
            DrainResult half = new DrainResult(false, 2, true);
            Eventually.isTrue(
                    "half of them to be handled",
                    () -> get(subscription.drainAsync(SHORT)).equals(half));
            assertThat(result).isNotDone();
            subscriber.subscription().request(2);
            assertThat(get(result)).isEqualTo(DRAINED);
            assertThat(subscriber.texts()).containsExactly("0", "1", "2", "3");
        }
    }

    @Test
    void aDirectSubscription() throws Exception {
        try (Session session = Session.open()) {
            List<Integer> sizes = new CopyOnWriteArrayList<>();
            Subscription subscription = session.nc.direct().subscribe("a", view -> sizes.add(view.payloadLength()));
            session.peer.expect("SUB a 1\r\n");
            CompletableFuture<DrainResult> result = subscription.drainAsync(LONG);
            confirm(session, msgs("a", 1, 0, 2));
            assertThat(get(result)).isEqualTo(DRAINED);
            assertThat(sizes).hasSize(2);
        }
    }

    /** R-A8. */
    @Test
    void inItsOwnHandler() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<CompletableFuture<DrainResult>> begun = new CompletableFuture<>();
            CompletableFuture<Subscription> own = new CompletableFuture<>();
            Subscription subscription =
                    session.handle("a", message -> begun.complete(own.join().drainAsync(LONG)));
            own.complete(subscription);
            session.peer.send(msgs("a", 1, 0, 1));
            confirm(session, msgs("a", 1, 1, 1));
            assertThat(get(begun.get(LONG.toSeconds(), TimeUnit.SECONDS))).isEqualTo(DRAINED);
            assertThat(subscription.deliveredMessages()).isEqualTo(2);
        }
    }

    /** R-A8. */
    @Test
    void notOnAnEventLoop() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Subscription other = session.pull("b");
            Subscription unused = session.nc.direct().subscribe("a", view -> {
                try {
                    thrown.complete(new AssertionError(other.drain(LONG)));
                } catch (IllegalStateException e) {
                    thrown.complete(e);
                }
            });
            session.peer.expect("SUB a 2\r\n").send(msgs("a", 2, 0, 1));
            assertThat(thrown.get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("drain of Subscription 1 of b");
            assertThat(other.isActive()).as("nothing was done").isTrue();
            session.expectNothingSent();
        }
    }

    @Test
    void theUserDropsWhatIsPending() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            session.peer.send(msgs("a", 1, 0, 3));
            CompletableFuture<DrainResult> result = subscription.drainAsync(LONG);
            confirm(session, "");
            session.barrier();
            subscription.unsubscribe();
            assertThat(get(result)).isEqualTo(new DrainResult(false, 3, false));
            session.expectNothingSent();
            assertThat(get(subscription.drainAsync(LONG))).isEqualTo(new DrainResult(false, 3, false));
        }
    }

    @Test
    void theConnectionIsClosed() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Duration.ZERO))) {
            Subscription subscription = session.pull("a");
            session.peer.send(msgs("a", 1, 0, 3));
            CompletableFuture<DrainResult> result = subscription.drainAsync(LONG);
            confirm(session, "");
            session.barrier();
            session.nc.close();
            assertThat(get(result)).isEqualTo(new DrainResult(false, 3, false));
            assertThat(subscription.droppedMessages()).isEqualTo(3);
            assertThat(session.nc.statistics().droppedMessages()).isEqualTo(3);
        }
    }

    @Test
    void aSubscriptionThatHasEndedIsNotToldOf() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a", options -> options.maxMessages(2));
            session.peer.expect("UNSUB 1 2\r\n").send(msgs("a", 1, 0, 2));
            session.barrier();
            CompletableFuture<DrainResult> result = subscription.drainAsync(LONG);
            session.expectNothingSent();
            assertThat(result).isNotDone();
            subscription.next(LONG);
            subscription.next(LONG);
            assertThat(get(result)).isEqualTo(DRAINED);

            Subscription gone = session.pull("b");
            gone.unsubscribe();
            session.peer.expect("UNSUB 2\r\n");
            assertThat(get(gone.drainAsync(LONG))).isEqualTo(DRAINED);
        }
    }

    @Test
    void aConnectionThatIsLostForGood() throws Exception {
        try (Session session = Session.open(options -> options.reconnect(Reconnect.never()))) {
            Subscription subscription = session.pull("a");
            session.peer.send(msgs("a", 1, 0, 2));
            CompletableFuture<DrainResult> result = subscription.drainAsync(LONG);
            session.peer.expect("UNSUB 1\r\nPING\r\n").close();
            assertThat(get(result)).isEqualTo(new DrainResult(false, 2, false));
            session.events.await(ConnectionEvent.Closed.class);
            assertThat(subscription.next(LONG).text()).as("it is still there").isEqualTo("0");
            assertThat(get(subscription.drainAsync(LONG))).isEqualTo(new DrainResult(false, 2, false));
        }
    }

    @Test
    void whileItWaitsItCanBeInterrupted() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    thrown.complete(new AssertionError(subscription.drain(LONG)));
                } catch (NatsInterruptedException e) {
                    thrown.complete(e);
                }
            });
            thread.start();
            session.peer.expect("UNSUB 1\r\nPING\r\n");
            thread.interrupt();
            assertThat(thrown.get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .hasMessage("drain of Subscription 1 of a: interrupted while waiting; it goes on");
            session.peer.send("PONG\r\n");
            assertThat(get(subscription.drainAsync(LONG))).isEqualTo(DRAINED);
        }
    }

    @Test
    void badArguments() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            for (Duration timeout : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
                assertThatThrownBy(() -> subscription.drain(timeout)).hasMessageStartingWith("timeout is PT");
                assertThatThrownBy(() -> subscription.drainAsync(timeout)).hasMessageStartingWith("timeout is PT");
                assertThatThrownBy(() -> session.nc.drain(timeout)).hasMessageStartingWith("timeout is PT");
                assertThatThrownBy(() -> session.nc.drainAsync(timeout)).hasMessageStartingWith("timeout is PT");
            }
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
            session.expectNothingSent();
        }
    }
}
