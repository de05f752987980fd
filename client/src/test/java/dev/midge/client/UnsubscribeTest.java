// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.Session.msg;
import static dev.midge.client.Session.msgs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a subscription by its user, at once or after so many messages. */
class UnsubscribeTest {
    private static void assertEnded(Subscription subscription) {
        assertThat(subscription.pendingMessages()).isZero();
        assertThatExceptionOfType(SubscriptionClosedException.class)
                .isThrownBy(() -> subscription.next(Session.LONG))
                .withMessage(subscription + " has ended: no message is left")
                .withNoCause();
    }

    @Test
    void tellsTheServerAndDropsWhatIsPending() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            assertThat(subscription.isActive()).isTrue();
            session.peer.send(msgs("a", 1, 0, 3));
            session.barrier();
            assertThat(subscription.next(Duration.ZERO).text()).isEqualTo("0");
            subscription.unsubscribe();
            assertThat(subscription.isActive()).isFalse();
            session.peer.expect("UNSUB 1\r\n");
            assertEnded(subscription);
            assertThat(subscription.deliveredMessages()).isEqualTo(1);
            assertThat(subscription.droppedMessages()).isZero();

            subscription.unsubscribe();
            subscription.close();
            subscription.unsubscribeAfter(5);
            session.expectNothingSent();
            session.peer.send(msgs("a", 1, 3, 2));
            session.barrier();
            assertEnded(subscription);
            assertThat(session.nc.statistics().unmatchedMessages()).isEqualTo(2);
        }
    }

    @Test
    void manyThreadsTellTheServerOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Session session = Session.open()) {
            for (int i = 1; i <= 50; i++) {
                Subscription subscription = session.pull("a");
                List<CompletableFuture<Void>> all = List.of(
                        CompletableFuture.runAsync(subscription::unsubscribe, threads),
                        CompletableFuture.runAsync(subscription::unsubscribe, threads),
                        CompletableFuture.runAsync(subscription::close, threads));
                for (CompletableFuture<Void> one : all) {
                    one.get(30, TimeUnit.SECONDS);
                }
                session.peer.expect("UNSUB " + i + "\r\n");
            }
            session.expectNothingSent();
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void insideTheHandlerNothingMoreIsDelivered() throws Exception {
        ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();
        try (Session session = Session.open()) {
            CompletableFuture<Subscription> self = new CompletableFuture<>();
            self.complete(session.handle("a", message -> {
                got.add(message.text());
                if (message.text().equals("1")) {
                    self.join().unsubscribe();
                }
            }));
            session.peer.send(msgs("a", 1, 0, 100)).expect("UNSUB 1\r\n");
            session.barrier();
            Eventually.isTrue("nothing pending", () -> self.join().pendingMessages() == 0);
            assertThat(got).containsExactly("0", "1");
        }
    }

    /** It has had all that it asked for, but not consumed it: to unsubscribe still means nothing more. */
    @Test
    void alsoWhatIsLeftOfOneThatHasEndedIsDropped() throws Exception {
        Gate gate = new Gate();
        try (Session session = Session.open()) {
            Subscription subscription = session.handle("a", options -> options.maxMessages(5), gate);
            session.peer.expect("UNSUB 1 5\r\n").send(msgs("a", 1, 0, 5));
            session.barrier();
            gate.awaitEntered(1);
            assertThat(subscription.isActive()).isFalse();
            subscription.unsubscribe();
            gate.open();
            Eventually.isTrue("nothing pending", () -> subscription.pendingMessages() == 0);
            session.expectNothingSent();
            assertThat(gate.entered()).containsExactly("0");
        }
    }

    /** Seven came: two delivered, five pending. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 7, 8, 10})
    void afterSoManyWhereverTheyAreByNow(int max) throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            session.peer.send(msgs("a", 1, 0, 7));
            session.barrier();
            subscription.next(Duration.ZERO);
            subscription.next(Duration.ZERO);
            subscription.unsubscribeAfter(max);
            session.peer.expect("UNSUB 1 " + max + "\r\n").send(msgs("a", 1, 7, 5));
            session.barrier();
            int expected = Math.max(2, max);
            for (int i = 2; i < expected; i++) {
                assertThat(subscription.next(Duration.ZERO).text()).isEqualTo(String.valueOf(i));
            }
            assertEnded(subscription);
            assertThat(subscription.deliveredMessages()).isEqualTo(expected);
            assertThat(subscription.isActive()).isFalse();
            session.peer.send(msgs("a", 1, 12, 5));
            session.barrier();
            assertThat(subscription.pendingMessages()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 7, 8, 10})
    void afterSoManyOfAHandler(int max) throws Exception {
        Gate gate = new Gate();
        try (Session session = Session.open()) {
            Subscription subscription = session.handle("a", gate);
            session.peer.send(msgs("a", 1, 0, 7));
            gate.let(1);
            gate.awaitEntered(2); // the second is in the handler, five are pending
            session.barrier();
            subscription.unsubscribeAfter(max);
            session.peer.expect("UNSUB 1 " + max + "\r\n").send(msgs("a", 1, 7, 5));
            session.barrier();
            gate.open();
            int expected = Math.max(2, max);
            gate.awaitEntered(expected);
            Eventually.isTrue("nothing pending", () -> subscription.pendingMessages() == 0);
            assertThat(gate.entered()).hasSize(expected);
            assertThat(subscription.deliveredMessages()).isEqualTo(expected);
        }
    }

    /** The subscriber is told of the end though it demands no more than it is given. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10})
    void afterSoManyOfAPublisher(int max) throws Exception {
        int expected = Math.max(2, max);
        Collecting subscriber = new Collecting();
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            subscription.publisher().subscribe(subscriber);
            session.peer.send(msgs("a", 1, 0, 7));
            session.barrier();
            subscriber.subscription().request(2);
            subscriber.await(2);
            subscription.unsubscribeAfter(max);
            session.peer.expect("UNSUB 1 " + max + "\r\n").send(msgs("a", 1, 7, 5));
            if (expected > 2) {
                subscriber.subscription().request(expected - 2);
            }
            subscriber.completed().get(30, TimeUnit.SECONDS);
            subscriber.await(expected);
            assertThat(subscription.deliveredMessages()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void afterSoManyOfADirectHandler(int max) throws Exception {
        ConcurrentLinkedQueue<Integer> got = new ConcurrentLinkedQueue<>();
        try (Session session = Session.open()) {
            Subscription subscription = session.nc.direct().subscribe("a", view -> got.add(view.payloadLength()));
            session.peer.expect("SUB a 1\r\n").send(msgs("a", 1, 0, 2));
            session.barrier();
            subscription.unsubscribeAfter(max);
            session.peer.expect("UNSUB 1 " + max + "\r\n").send(msgs("a", 1, 2, 6));
            session.barrier();
            assertThat(got).hasSize(Math.max(2, max));
            assertThat(subscription.deliveredMessages()).isEqualTo(Math.max(2, max));
            assertThat(subscription.isActive()).isFalse();
        }
    }

    @Test
    void asManyAsTheOptionsSay() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription =
                    session.pull("a", options -> options.queue("q").maxMessages(2));
            session.peer.expect("UNSUB 1 2\r\n").send(msgs("a", 1, 0, 5));
            session.barrier();
            assertThat(subscription.isActive()).isFalse();
            assertThat(subscription.pendingMessages()).isEqualTo(2);
            assertThat(subscription).extracting(Message::text).containsExactly("0", "1");
            assertEnded(subscription);
            assertThat(session.nc.statistics().unmatchedMessages()).isEqualTo(3);
        }
    }

    @Test
    void theLastNumberCounts() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            subscription.unsubscribeAfter(2);
            subscription.unsubscribeAfter(4);
            session.peer.expect("UNSUB 1 2\r\nUNSUB 1 4\r\n").send(msgs("a", 1, 0, 3));
            session.barrier();
            assertThat(subscription.isActive()).isTrue();
            session.peer.send(msg("a", 1, "3"));
            session.barrier();
            assertThat(subscription).extracting(Message::text).containsExactly("0", "1", "2", "3");
        }
    }

    /** Messages may come before the event loop has looked at what was asked for first. */
    @Test
    void theLastNumberCountsAlsoWhenTheFirstIsLookedAtLate() throws Exception {
        CompletableFuture<Void> reading = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            session.nc.direct().subscribe("b", view -> {
                reading.complete(null);
                asked.join();
            });
            session.peer.expect("SUB b 2\r\n").send(msg("b", 2, "") + msgs("a", 1, 0, 3));
            try {
                reading.get(30, TimeUnit.SECONDS);
                subscription.unsubscribeAfter(2);
                subscription.unsubscribeAfter(4);
            } finally {
                asked.complete(null);
            }
            session.peer.expect("UNSUB 1 2\r\nUNSUB 1 4\r\n");
            session.barrier();
            assertThat(subscription.isActive()).isTrue();
            session.peer.send(msg("a", 1, "3"));
            session.barrier();
            assertThat(subscription).extracting(Message::text).containsExactly("0", "1", "2", "3");
        }
    }

    /** Exact also where several threads take them. */
    @Test
    void noThreadGetsOneTooMany() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Session session = Session.open()) {
            for (int sid = 1; sid <= 20; sid++) {
                Subscription subscription = session.pull("a");
                session.peer.send(msgs("a", sid, 0, 200));
                session.barrier();
                List<CompletableFuture<Integer>> counts = List.of(
                        CompletableFuture.supplyAsync(() -> count(subscription), threads),
                        CompletableFuture.supplyAsync(() -> count(subscription), threads),
                        CompletableFuture.supplyAsync(() -> count(subscription), threads));
                subscription.unsubscribeAfter(150);
                session.peer.expect("UNSUB " + sid + " 150\r\n");
                int sum = 0;
                for (CompletableFuture<Integer> count : counts) {
                    sum += count.get(30, TimeUnit.SECONDS);
                }
                assertThat(sum)
                        .isEqualTo((int) subscription.deliveredMessages())
                        .isBetween(150, 200);
            }
        } finally {
            threads.shutdown();
        }
    }

    private static int count(Subscription subscription) {
        int count = 0;
        for (Message ignored : subscription) {
            count++;
        }
        return count;
    }

    @Test
    void afterIsAboveZero() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            for (long bad : new long[] {0, -1, Long.MIN_VALUE}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> subscription.unsubscribeAfter(bad))
                        .withMessage("messages is " + bad + ": must be above 0");
            }
            session.expectNothingSent();
            assertThat(subscription.isActive()).isTrue();
        }
    }
}
