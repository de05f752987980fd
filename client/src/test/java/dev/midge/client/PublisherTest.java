// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.Session.msg;
import static dev.midge.client.Session.msgs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.HandlerFailed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@link PublisherTckTest} does not ask of a publisher. */
class PublisherTest {
    private static void assertFails(Collecting subscriber, Class<? extends Throwable> type, String text) {
        assertThat(subscriber.completed())
                .failsWithin(Session.LONG)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(type)
                .withMessageContaining(text);
    }

    /** What is not demanded stays pending. */
    @Test
    void givesWhatIsDemandedInOrderOnTheExecutor() throws Exception {
        Collecting subscriber = new Collecting();
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            session.peer.send(msgs("a", 1, 0, 3));
            session.barrier();
            subscription.publisher().subscribe(subscriber);
            subscriber.subscription().request(1);
            subscriber.await(1);
            subscriber.subscription().request(4);
            subscriber.await(3);
            session.peer.send(msgs("a", 1, 3, 5));
            session.barrier();
            subscriber.await(5);
            assertThat(subscription.pendingMessages()).isEqualTo(3);
            subscriber.subscription().request(Long.MAX_VALUE);
            subscriber.subscription().request(Long.MAX_VALUE);
            session.peer.send(msgs("a", 1, 8, 200));
            subscriber.await(208);
            for (int i = 0; i < 208; i++) {
                assertThat(subscriber.texts().get(i)).isEqualTo(String.valueOf(i));
            }
            assertThat(subscriber.threads())
                    .allSatisfy(thread -> assertThat(thread.getName()).startsWith("nats-handler-"));
            assertThat(subscription.deliveredMessages()).isEqualTo(208);
            assertThat(subscriber.completed()).isNotDone();
        }
    }

    @Test
    void runsOnTheExecutorOfTheSubscription() throws Exception {
        ExecutorService own = Executors.newSingleThreadExecutor(task -> new Thread(task, "own"));
        Collecting subscriber = new Collecting();
        try (Session session = Session.open()) {
            session.pull("a", options -> options.executor(own)).publisher().subscribe(subscriber);
            subscriber.subscription().request(1);
            session.peer.send(msg("a", 1, "x"));
            subscriber.await(1);
            assertThat(subscriber.threads())
                    .allSatisfy(thread -> assertThat(thread.getName()).isEqualTo("own"));
        } finally {
            own.shutdown();
        }
    }

    @Test
    void cancellingUnsubscribes() throws Exception {
        Collecting subscriber = new Collecting();
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            subscription.publisher().subscribe(subscriber);
            session.peer.send(msgs("a", 1, 0, 3));
            session.barrier();
            subscriber.subscription().cancel();
            session.peer.expect("UNSUB 1\r\n");
            assertThat(subscription.isActive()).isFalse();
            assertThat(subscription.pendingMessages()).isZero();
            subscriber.subscription().request(5);
            subscriber.subscription().cancel();
            session.expectNothingSent();
            subscriber.await(0);
            assertThat(subscriber.completed()).isNotDone();
        }
    }

    @Test
    void completesWhenTheConnectionIsClosed() throws Exception {
        Collecting subscriber = new Collecting();
        try (Session session = Session.open()) {
            session.pull("a").publisher().subscribe(subscriber);
            CompletableFuture<Void> closed = session.nc.closeAsync();
            session.peer.expect("PING\r\n").send("PONG\r\n");
            closed.get(30, TimeUnit.SECONDS);
            subscriber.completed().get(30, TimeUnit.SECONDS);
        }
    }

    /** R-C6, R-F12: what came before is given as demanded, also behind the end, and then the cause. */
    @Test
    void failsBehindWhatWasReceivedWhenTheConnectionIsLost() throws Exception {
        Collecting subscriber = new Collecting();
        try (Session session = Session.open()) {
            session.pull("a").publisher().subscribe(subscriber);
            subscriber.subscription().request(1);
            session.peer.send(msgs("a", 1, 0, 100)).close();
            session.events.await(Closed.class);
            subscriber.await(1);
            assertThat(subscriber.completed()).isNotDone();
            subscriber.subscription().request(98);
            subscriber.await(99);
            assertThat(subscriber.completed()).isNotDone();
            subscriber.subscription().request(1);
            assertFails(subscriber, ConnectionClosedException.class, "ended: CONNECTION_LOST");
            subscriber.await(100);
        }
    }

    /** R-C4. */
    @Test
    void aSubscriberThatThrowsIsReportedWithTheMessageAndCancelled() throws Exception {
        IllegalStateException thrown = new IllegalStateException("no");
        Collecting subscriber = new Collecting() {
            @Override
            public void onNext(Message message) {
                super.onNext(message);
                throw thrown;
            }
        };
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            subscription.publisher().subscribe(subscriber);
            subscriber.subscription().request(10);
            session.peer.send(msgs("a", 1, 0, 5)).expect("UNSUB 1\r\n");
            HandlerFailed failed = session.events.await(HandlerFailed.class);
            assertThat(failed.cause()).isSameAs(thrown);
            assertThat(failed.subscription()).isSameAs(subscription);
            assertThat(failed.message()).isNotNull().extracting(Message::text).isEqualTo("0");
            session.barrier();
            Eventually.isTrue("nothing pending", () -> subscription.pendingMessages() == 0);
            subscriber.await(1);
            assertThat(session.events.all(HandlerFailed.class)).hasSize(1);
        }
    }

    /** R-C2: not even where its executor takes nothing is it called on the event loop. */
    @Test
    void anExecutorThatRefusesDoesNotBringItOntoTheEventLoop() throws Exception {
        Collecting subscriber = new Collecting();
        try (Session session = Session.open()) {
            session.pull(
                            "a",
                            options -> options.executor(task -> {
                                throw new RejectedExecutionException("never");
                            }))
                    .publisher()
                    .subscribe(subscriber);
            subscriber.subscription().request(10);
            session.peer.send(msgs("a", 1, 0, 3));
            subscriber.await(3);
            session.peer.close();
            assertFails(subscriber, ConnectionClosedException.class, "CONNECTION_LOST");
            assertThat(subscriber.threads())
                    .noneSatisfy(thread -> assertThat(thread.getName()).startsWith("nats-io"));
        }
    }

    @Test
    void hasOneSubscriber() throws Exception {
        Collecting second = new Collecting();
        try (Session session = Session.open()) {
            Flow.Publisher<Message> publisher = session.pull("a").publisher();
            assertThatNullPointerException()
                    .isThrownBy(() -> publisher.subscribe(null))
                    .withMessage("subscriber");
            publisher.subscribe(new Collecting());
            publisher.subscribe(second);
            assertFails(second, IllegalStateException.class, "Subscription 1 of a had a subscriber already");
            second.subscription().request(1);
            second.subscription().cancel();
            session.expectNothingSent();
        }
    }

    @Test
    void badDemandIsAnError() throws Exception {
        Collecting subscriber = new Collecting();
        try (Session session = Session.open()) {
            session.pull("a").publisher().subscribe(subscriber);
            subscriber.subscription().request(0);
            assertFails(subscriber, IllegalArgumentException.class, "demand is 0: must be above 0");
            session.peer.expect("UNSUB 1\r\n");
        }
    }

    /** One that demands without end leaves room in the executor for others. */
    @Test
    void takesTurnsWithOthers() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        CountDownLatch other = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Integer> before = new CompletableFuture<>();
        Collecting greedy = new Collecting() {
            @Override
            public void onNext(Message message) {
                if (message.text().equals("0")) {
                    begun.countDown();
                    try {
                        Eventually.isDown(go, "all to be pending");
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                super.onNext(message);
            }
        };
        try (Session session = Session.open(options -> options.executor(one))) {
            session.pull("a").publisher().subscribe(greedy);
            session.handle("b", message -> {
                before.complete(greedy.texts().size());
                other.countDown();
            });
            greedy.subscription().request(Long.MAX_VALUE);
            session.peer.send(msgs("a", 1, 0, 2_000) + msg("b", 2, "x"));
            Eventually.isDown(begun, "the first message");
            session.barrier();
            go.countDown();
            Eventually.isDown(other, "the other's turn");
            greedy.await(2_000);
            assertThat(before.join()).isLessThan(2_000);
        } finally {
            one.shutdown();
        }
    }
}
