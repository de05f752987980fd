// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.HandlerFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delivery to handlers on an executor. */
class HandlerTest {
    /** R-C2: each subscription in order, one message at a time, however many threads the executor has. */
    @Test
    void eachSubscriptionGetsItsMessagesInOrderAndOneAtATime() throws Exception {
        int count = 20_000;
        List<ConcurrentLinkedQueue<String>> got = List.of(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
        AtomicBoolean overlap = new AtomicBoolean();
        CountDownLatch all = new CountDownLatch(2 * count);
        try (Session session = Session.open()) {
            for (ConcurrentLinkedQueue<String> target : got) {
                AtomicInteger inside = new AtomicInteger();
                session.handle("a." + got.indexOf(target), message -> {
                    overlap.compareAndSet(false, inside.incrementAndGet() != 1);
                    target.add(message.text());
                    inside.decrementAndGet();
                    all.countDown();
                });
            }
            for (int i = 0; i < count; i += 100) {
                session.peer.send(Session.msgs("a.0", 1, i, 100) + Session.msgs("a.1", 2, i, 100));
            }
            Eventually.isDown(all, "all messages");
            assertThat(overlap).isFalse();
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            expected.add(String.valueOf(i));
        }
        for (ConcurrentLinkedQueue<String> target : got) {
            assertThat(target).containsExactlyElementsOf(expected);
        }
    }

    /** R-C2, R-A10: on threads for handlers unless told otherwise, never on the event loop. */
    @Test
    void runsOnTheExecutorOfTheConnectionOrOfTheSubscription() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor(task -> new Thread(task, "of the connection"));
        ExecutorService other = Executors.newSingleThreadExecutor(task -> new Thread(task, "of the subscription"));
        try {
            assertThat(threadOfHandler(null, null).getName()).startsWith("nats-handler-");
            assertThat(threadOfHandler(null, null).isDaemon()).isTrue();
            assertThat(threadOfHandler(one, null).getName()).isEqualTo("of the connection");
            assertThat(threadOfHandler(one, other).getName()).isEqualTo("of the subscription");
            assertThat(threadOfHandler(null, other).getName()).isEqualTo("of the subscription");
            assertThat(one.isShutdown()).as("it is the user's").isFalse();
        } finally {
            one.shutdown();
            other.shutdown();
        }
    }

    private static Thread threadOfHandler(@Nullable ExecutorService connection, @Nullable ExecutorService subscription)
            throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        try (Session session = Session.open(options -> {
            if (connection != null) {
                options.executor(connection);
            }
        })) {
            session.handle(
                    "a",
                    options -> {
                        if (subscription != null) {
                            options.executor(subscription);
                        }
                    },
                    message -> thread.complete(Thread.currentThread()));
            session.peer.send(Session.msg("a", 1, "x"));
            return thread.get(30, TimeUnit.SECONDS);
        }
    }

    /** R-C4. */
    @ParameterizedTest
    @ValueSource(classes = {Exception.class, RuntimeException.class, StackOverflowError.class, AssertionError.class})
    void whatItThrowsIsReportedOnceWithTheMessageAndDeliveryGoesOn(Class<? extends Throwable> type) throws Exception {
        Throwable thrown = type.getConstructor().newInstance();
        ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();
        CountDownLatch three = new CountDownLatch(3);
        try (Session session = Session.open()) {
            Subscription subscription = session.handle("a", message -> {
                got.add(message.text());
                three.countDown();
                if (message.text().equals("1")) {
                    HandlerTest.<RuntimeException>sneak(thrown);
                }
            });
            session.peer.send(Session.msgs("a", 1, 0, 3));
            Eventually.isDown(three, "three messages");
            HandlerFailed failed = session.events.await(HandlerFailed.class);
            assertThat(failed.subscription()).isSameAs(subscription);
            assertThat(failed.cause()).isSameAs(thrown);
            assertThat(failed.message()).isNotNull().extracting(Message::text).isEqualTo("1");
            session.peer.send(Session.msg("a", 1, "3"));
            Eventually.isTrue("the next message", () -> got.size() == 4);
            assertThat(got).containsExactly("0", "1", "2", "3");
            assertThat(subscription.deliveredMessages()).isEqualTo(4);
            assertThat(session.events.all(HandlerFailed.class)).hasSize(1);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** R-C3: neither the server's PING nor another subscription waits for it, nor what threads ask of the server. */
    @Test
    void oneThatBlocksHoldsUpNobodyElse() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(100);
        try (Session session = Session.open()) {
            session.handle("a", message -> {
                blocked.countDown();
                Eventually.isDown(goOn, "the end of the test");
            });
            session.handle("b", message -> other.countDown());
            session.peer.send(Session.msgs("a", 1, 0, 100));
            Eventually.isDown(blocked, "the handler");
            session.barrier();
            session.peer.send(Session.msgs("b", 2, 0, 100));
            Eventually.isDown(other, "the other handler");
            session.expectNothingSent();
            goOn.countDown();
        }
    }

    /** A task that the executor refuses once is not lost, though no other message comes. */
    @Test
    void anExecutorThatRefusesIsReportedAndAskedAgain() throws Exception {
        AtomicBoolean refuses = new AtomicBoolean(true);
        ExecutorService threads = Executors.newCachedThreadPool();
        CountDownLatch got = new CountDownLatch(2);
        try (Session session = Session.open()) {
            Subscription subscription = session.handle(
                    "a",
                    options -> options.executor(task -> {
                        if (refuses.get()) {
                            throw new RejectedExecutionException("full");
                        }
                        threads.execute(task);
                    }),
                    message -> got.countDown());
            session.peer.send(Session.msg("a", 1, "x"));
            HandlerFailed failed = session.events.await(HandlerFailed.class);
            assertThat(failed.subscription()).isSameAs(subscription);
            assertThat(failed.message()).isNull();
            assertThat(failed.cause()).isInstanceOf(RejectedExecutionException.class);
            session.peer.send(Session.msg("a", 1, "y"));
            session.barrier();
            assertThat(subscription.pendingMessages()).isEqualTo(2);
            assertThat(session.events.all(HandlerFailed.class)).as("once").hasSize(1);

            refuses.set(false);
            Eventually.isDown(got, "what was kept");
            assertThat(subscription.pendingMessages()).isZero();
        } finally {
            threads.shutdown();
        }
    }

    /** One that throws anything else is no reason to end the connection either. */
    @Test
    void anExecutorThatThrowsEndsNothing() throws Exception {
        try (Session session = Session.open()) {
            session.handle(
                    "a",
                    options -> options.executor(task -> {
                        throw new IllegalStateException("not today");
                    }),
                    message -> {});
            session.peer.send(Session.msg("a", 1, "x"));
            assertThat(session.events.await(HandlerFailed.class).cause()).hasMessage("not today");
            session.barrier();
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
        }
    }

    /** As an executor that was shut down too early: what somebody waits for happens all the same. */
    @Test
    void anExecutorOfTheConnectionThatRefusesHoldsUpNoCall() throws Exception {
        ExecutorService dead = Executors.newCachedThreadPool();
        dead.shutdown();
        try (Session session = Session.open(options -> options.executor(dead))) {
            session.handle("a", message -> {});
            session.peer.send(Session.msg("a", 1, "x"));
            session.events.await(HandlerFailed.class);
            CompletableFuture<Void> flushed = session.nc.flushAsync();
            session.peer.expect("PING\r\n").send("PONG\r\n");
            flushed.get(30, TimeUnit.SECONDS);
            CompletableFuture<Void> handed = session.nc.publishAsync("b", new byte[0]);
            handed.get(30, TimeUnit.SECONDS);
            assertThat(Nats.connectAsync(Patient.options()
                            .reconnect(Reconnect.never())
                            .servers("nats://127.0.0.1:1")
                            .executor(dead)
                            .build()))
                    .failsWithin(Session.LONG);
        }
    }

    /** Wherever a thread of the user's executor waits for the connection, it may be the only one there is. */
    @Test
    void theOnlyThreadOfAnExecutorMayWait() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (Session session = Session.open(options -> options.executor(one))) {
            CompletableFuture<Object> waited = new CompletableFuture<>();
            session.handle("a", message -> {
                try {
                    session.nc.flush(Session.LONG);
                    session.nc.rtt(Session.LONG);
                    session.nc.close();
                    waited.complete(session.nc.status());
                } catch (Throwable e) {
                    waited.completeExceptionally(e);
                }
            });
            session.peer.send(Session.msg("a", 1, "x"));
            for (int i = 0; i < 3; i++) {
                session.peer.expect("PING\r\n").send("PONG\r\n");
            }
            assertThat(waited.get(30, TimeUnit.SECONDS)).isEqualTo(ConnectionStatus.CLOSED);
        } finally {
            one.shutdown();
        }
    }

    /** Threads that all wait are no reason for close to wait longer than the server needs. */
    @Test
    void closeDoesNotWaitForHandlersThoughTheyHaveAllThreads() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(2);
        ExecutorService two = Executors.newFixedThreadPool(2);
        try (Session session = Session.open(options -> options.executor(two).closeTimeout(Session.LONG))) {
            for (int i = 0; i < 2; i++) {
                session.handle("a" + i, message -> {
                    blocked.countDown();
                    Eventually.isDown(goOn, "the end of the test");
                });
            }
            session.peer.send(Session.msg("a0", 1, "x") + Session.msg("a1", 2, "x"));
            Eventually.isDown(blocked, "both handlers");
            CompletableFuture<Void> closed = CompletableFuture.runAsync(session.nc::close);
            session.peer.expect("PING\r\n").send("PONG\r\n").expectEnd();
            closed.get(30, TimeUnit.SECONDS);
        } finally {
            goOn.countDown();
            two.shutdown();
        }
    }
}
