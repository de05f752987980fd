// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.Session.msg;
import static dev.midge.client.Session.msgs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** next(), iterator and stream. */
class PullTest {
    @Test
    void givesMessagesAsTheyCame() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a.*");
            session.peer.send("MSG a.b 1 in.box 5\r\nhello\r\nHMSG a.c 1 21 23\r\nNATS/1.0\r\nk: v é\r\n\r\nhi\r\n");
            Message first = subscription.next(Session.LONG);
            assertThat(first.subject()).isEqualTo("a.b");
            assertThat(first.replyTo()).isEqualTo("in.box");
            assertThat(first.text()).isEqualTo("hello");
            assertThat(first.size()).isEqualTo(5);
            assertThat(first.hasHeaders()).isFalse();
            assertThat(first.headers().isEmpty()).isTrue();
            assertThat(first).hasToString("Message to a.b, reply to in.box, 5 bytes");
            Message second = subscription.next(Session.LONG);
            assertThat(second.subject()).isEqualTo("a.c");
            assertThat(second.replyTo()).isNull();
            assertThat(second.headers().get("k")).isEqualTo("v é");
            assertThat(second.data()).isEqualTo(new byte[] {'h', 'i'});
            assertThat(second).hasToString("Message to a.c, 2 bytes, with headers");
        }
    }

    @Test
    void timesOut() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a", options -> options.queue("q"));
            long start = System.nanoTime();
            assertThatExceptionOfType(NatsTimeoutException.class)
                    .isThrownBy(() -> subscription.next(Duration.ofMillis(30)))
                    .withMessage("no message came for Subscription 1 of a in queue q within PT0.03S");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
            assertThatExceptionOfType(NatsTimeoutException.class)
                    .isThrownBy(() -> subscription.next(Duration.ZERO))
                    .withMessage("no message came for Subscription 1 of a in queue q within PT0S");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> subscription.next(Duration.ofNanos(-1)))
                    .withMessage("timeout is PT-0.000000001S: must not be negative");
            session.peer.send(msg("a", 1, "x"));
            session.barrier();
            assertThat(subscription.next(Duration.ZERO).text()).isEqualTo("x");
            session.peer.send(msg("a", 1, "y"));
            assertThat(subscription.next(Duration.ofSeconds(Long.MAX_VALUE)).text())
                    .isEqualTo("y");
        }
    }

    @Test
    void isInterrupted() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            assertInterrupted(() -> subscription.next(Session.LONG));
            assertInterrupted(() -> subscription.iterator().hasNext());
            session.peer.send(msg("a", 1, "x"));
            assertThat(subscription.next(Session.LONG).text()).isEqualTo("x");
        }
    }

    private static void assertInterrupted(ThrowingCallable call) throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                assertThatExceptionOfType(NatsInterruptedException.class)
                        .isThrownBy(call)
                        .withMessage("interrupted while waiting for the next message of Subscription 1 of a")
                        .withCauseInstanceOf(InterruptedException.class);
                interrupted.complete(Thread.interrupted());
            } catch (Throwable e) {
                interrupted.completeExceptionally(e);
            }
        });
        thread.start();
        Eventually.isTrue("a thread that waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
        thread.interrupt();
        assertThat(interrupted.get(30, TimeUnit.SECONDS)).as("the flag").isTrue();
        thread.join();
    }

    @Test
    void wakesAtTheEnd() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            CompletableFuture<Message> next = CompletableFuture.supplyAsync(() -> subscription.next(Session.LONG));
            session.peer.send(msgs("a", 1, 0, 1));
            assertThat(next.get(30, TimeUnit.SECONDS).text()).isEqualTo("0");
            CompletableFuture<Message> none = CompletableFuture.supplyAsync(() -> subscription.next(Session.LONG));
            CompletableFuture<Boolean> no =
                    CompletableFuture.supplyAsync(() -> subscription.iterator().hasNext());
            subscription.unsubscribe();
            assertThat(none)
                    .failsWithin(Session.LONG)
                    .withThrowableThat()
                    .withCauseInstanceOf(SubscriptionClosedException.class);
            assertThat(no.get(30, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void iteratesUntilTheEnd() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a", options -> options.maxMessages(3));
            session.peer.expect("UNSUB 1 3\r\n").send(msgs("a", 1, 0, 4));
            Iterator<Message> iterator = subscription.iterator();
            assertThat(iterator.hasNext()).isTrue();
            assertThat(iterator.hasNext()).isTrue();
            assertThat(iterator.next().text()).isEqualTo("0");
            assertThat(iterator.next().text()).isEqualTo("1");
            assertThat(iterator.next().text()).isEqualTo("2");
            assertThat(iterator.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(iterator::next)
                    .withMessage("Subscription 1 of a has ended");
            assertThat(subscription.iterator().hasNext()).isFalse();
        }
    }

    @Test
    void closingTheStreamUnsubscribes() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            session.peer.send(msgs("a", 1, 0, 5));
            List<String> texts;
            try (Stream<Message> stream = subscription.stream()) {
                texts = stream.limit(3).map(Message::text).toList();
            }
            assertThat(texts).containsExactly("0", "1", "2");
            session.peer.expect("UNSUB 1\r\n");
            assertThat(subscription.isActive()).isFalse();
        }
    }

    /** Each message goes to one of them, and none of them waits while there is one. */
    @Test
    void twoThreadsShareTheMessages() throws Exception {
        int total = 20_000;
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a", options -> options.maxMessages(total));
            session.peer.expect("UNSUB 1 " + total + "\r\n");
            List<CompletableFuture<List<Integer>>> shares = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                CompletableFuture<List<Integer>> share = new CompletableFuture<>();
                Thread thread = new Thread(() -> {
                    List<Integer> mine = new ArrayList<>();
                    subscription.forEach(message -> mine.add(Integer.parseInt(message.text())));
                    share.complete(mine);
                });
                thread.start();
                shares.add(share);
                threads.add(thread);
            }
            for (int i = 0; i < total; i += 10) {
                session.peer.send(msgs("a", 1, i, 10));
            }
            List<Integer> all = new ArrayList<>();
            for (CompletableFuture<List<Integer>> share : shares) {
                assertThat(share.get(30, TimeUnit.SECONDS)).isSorted();
                all.addAll(share.join());
            }
            assertThat(all).hasSize(total).doesNotHaveDuplicates();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void isOneOfTheWaysToConsume() throws Exception {
        try (Session session = Session.open()) {
            Subscription handled = session.handle("a", message -> {});
            Subscription published = session.pull("b");
            published.publisher();
            Subscription direct = session.nc.direct().subscribe("c", view -> {});
            session.peer.expect("SUB c 3\r\n");
            for (Subscription subscription : List.of(handled, published, direct)) {
                assertThatIllegalStateException().isThrownBy(() -> subscription.next(Duration.ZERO));
                assertThatIllegalStateException().isThrownBy(subscription::iterator);
                assertThatIllegalStateException().isThrownBy(subscription::stream);
                assertThatIllegalStateException()
                        .isThrownBy(subscription::publisher)
                        .withMessageStartingWith(subscription + " has a handler");
            }
        }
    }

    /** Rule 6 of docs/concurrency.md. */
    @Test
    void refusesToWaitOnAnEventLoop() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            CompletableFuture<List<Throwable>> thrown = new CompletableFuture<>();
            session.nc.direct().subscribe("b", view -> {
                List<Throwable> all = new ArrayList<>();
                List<ThrowingCallable> calls = List.of(
                        () -> subscription.next(Duration.ZERO),
                        () -> subscription.iterator().hasNext(),
                        () -> session.nc.flush(Session.LONG),
                        () -> session.nc.rtt(Session.LONG),
                        () -> Nats.connect(session.server.url()));
                for (ThrowingCallable call : calls) {
                    try {
                        call.call();
                    } catch (Throwable e) {
                        all.add(e);
                    }
                }
                thrown.complete(all);
            });
            session.peer.expect("SUB b 2\r\n").send(msg("b", 2, "x"));
            assertThat(thrown.get(30, TimeUnit.SECONDS))
                    .hasSize(5)
                    .allSatisfy(e -> assertThat(e)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageEndingWith("waits, which an event loop must not: call the asynchronous form, or"
                                    + " on another thread"));
            session.expectNothingSent();
        }
    }
}
