// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.Session.msg;
import static dev.midge.client.Session.msgs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.SlowConsumer;
import dev.midge.client.ConnectionEvent.SlowConsumerRecovered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R-C5: the policy that loses nothing and stops reading instead. */
class PauseReadingTest {
    private static final long MANY = 1 << 20;

    private static Consumer<SubscribeOptions.Builder> pausing(long messages, long bytes) {
        return options -> options.pendingLimits(messages, bytes).overflow(Overflow.PAUSE_READING);
    }

    /** All of it arrives in one buffer, of which the decoder reads as much as fits. */
    @ParameterizedTest
    @CsvSource({"1, 1000000", "2, 1000000", "7, 1000000", "1000000, 1", "1000000, 8"})
    void neverExceedsTheLimitAndLosesNothing(long messages, long bytes) throws Exception {
        int total = 100;
        long limit = Math.min(messages, bytes); // each message is of one byte
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a", pausing(messages, bytes));
            StringBuilder frames = new StringBuilder();
            for (int i = 0; i < total; i++) {
                frames.append(msg("a", 1, String.valueOf(i % 10)));
            }
            session.peer.send(frames + "PING\r\n");
            session.events.await(SlowConsumer.class);
            for (int i = 0; i < total; i++) {
                assertThat(subscription.pendingMessages()).isLessThanOrEqualTo(limit);
                assertThat(subscription.next(Session.LONG).text()).isEqualTo(String.valueOf(i % 10));
            }
            session.peer.expect("PONG\r\n");
            assertThat(subscription.droppedMessages()).isZero();
            assertThat(session.nc.statistics().droppedMessages()).isZero();
            session.events.await(SlowConsumerRecovered.class);
        }
    }

    @Test
    void readsAgainWhenHalfIsConsumed() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a", pausing(4, MANY));
            session.peer.send(msgs("a", 1, 0, 6) + "PING\r\n");
            assertThat(session.events.await(SlowConsumer.class)).isEqualTo(new SlowConsumer(subscription, 4, 4, 0));
            subscription.next(Duration.ZERO);
            assertThat(session.events.all(SlowConsumerRecovered.class)).isEmpty();
            assertThat(subscription.pendingMessages()).isEqualTo(3);
            subscription.next(Duration.ZERO);
            assertThat(session.events.await(SlowConsumerRecovered.class))
                    .isEqualTo(new SlowConsumerRecovered(subscription, 0, 0));
            Eventually.isTrue(
                    "slow again", () -> session.events.all(SlowConsumer.class).size() == 2);
            assertThat(subscription.pendingMessages()).isEqualTo(4);
            subscription.next(Duration.ZERO);
            subscription.next(Duration.ZERO);
            session.peer.expect("PONG\r\n");
        }
    }

    /** One that is larger than the byte limit is read already: it is the only one that goes over. */
    @Test
    void takesAMessageLargerThanTheByteLimit() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a", pausing(MANY, 8));
            session.peer.send(msg("a", 1, "much too large") + msg("a", 1, "next"));
            session.events.await(SlowConsumer.class);
            assertThat(subscription.pendingMessages()).isEqualTo(1);
            assertThat(subscription.next(Duration.ZERO).text()).isEqualTo("much too large");
            assertThat(subscription.next(Session.LONG).text()).isEqualTo("next");
        }
    }

    @Test
    void withAHandlerEverythingArrivesInOrder() throws Exception {
        int total = 20_000;
        List<String> got = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(total);
        AtomicLong most = new AtomicLong();
        try (Session session = Session.open()) {
            CompletableFuture<Subscription> self = new CompletableFuture<>();
            self.complete(session.handle("a", pausing(3, MANY), message -> {
                got.add(message.text());
                most.accumulateAndGet(self.join().pendingMessages(), Math::max);
                all.countDown();
            }));
            for (int i = 0; i < total; i += 100) {
                session.peer.send(msgs("a", 1, i, 100));
            }
            Eventually.isDown(all, "all messages");
            assertThat(most.get()).isLessThanOrEqualTo(3);
            assertThat(got).hasSize(total).first().isEqualTo("0");
            for (int i = 0; i < total; i++) {
                assertThat(got.get(i)).isEqualTo(String.valueOf(i));
            }
        }
    }

    @Test
    void withASubscriberEverythingArrivesAsDemanded() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a", pausing(2, MANY));
            Collecting subscriber = new Collecting();
            subscription.publisher().subscribe(subscriber);
            session.peer.send(msgs("a", 1, 0, 10) + "PING\r\n");
            session.events.await(SlowConsumer.class);
            assertThat(subscriber.texts()).isEmpty();
            subscriber.subscription().request(3);
            subscriber.await(3);
            subscriber.subscription().request(100);
            subscriber.await(10);
            session.peer.expect("PONG\r\n");
        }
    }

    /** All others of the connection are held up: that is what the policy says. */
    @Test
    void holdsUpTheConnectionUntilAllHaveRecovered() throws Exception {
        try (Session session = Session.open()) {
            Subscription first = session.pull("a", pausing(1, MANY));
            Subscription other = session.pull("b");
            session.peer.send(msg("a", 1, "0") + msg("b", 2, "x") + "PING\r\n");
            session.events.await(SlowConsumer.class);
            assertThat(other.pendingMessages()).isZero();
            first.next(Duration.ZERO);
            assertThat(other.next(Session.LONG).text()).isEqualTo("x");
            session.peer.expect("PONG\r\n");
        }
    }

    /** Its messages are nobody's any more, so they are no reason to wait. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void readsAgainWhenItIsUnsubscribed(int after) throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a", pausing(2, MANY));
            session.peer.send(msgs("a", 1, 0, 10) + "PING\r\n");
            session.events.await(SlowConsumer.class);
            if (after == 0) {
                subscription.unsubscribe();
                session.peer.expect("UNSUB 1\r\nPONG\r\n");
            } else {
                subscription.unsubscribeAfter(after);
                session.peer.expect("UNSUB 1 1\r\nPONG\r\n");
                assertThat(subscription.next(Duration.ZERO).text()).isEqualTo("0");
            }
            assertThat(subscription.pendingMessages()).isZero();
        }
    }

    /** The race of the two, over and over: reading never stops for good. */
    @Test
    void unsubscribingAtTheMomentOfThePauseLeavesNothingPaused() throws Exception {
        try (Session session = Session.open()) {
            for (int i = 1; i <= 300; i++) {
                Subscription subscription = session.pull("a", pausing(1, MANY));
                session.peer.send(msgs("a", i, 0, 2) + "PING\r\n");
                subscription.unsubscribe();
                session.peer.expectUntil("PONG\r\n");
            }
        }
    }

    /** R-A7: bounded by what the server needs to answer, not by who does not consume. */
    @Test
    void closesAtOnceWhilePaused() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Session.LONG))) {
            Subscription subscription = session.pull("a", pausing(2, MANY));
            session.peer.send(msgs("a", 1, 0, 1000));
            session.events.await(SlowConsumer.class);
            CompletableFuture<Void> closed = session.nc.closeAsync();
            session.peer.expect("PING\r\n").send(msgs("a", 1, 1000, 1000) + "PONG\r\n");
            closed.get(30, java.util.concurrent.TimeUnit.SECONDS);
            assertThat(subscription.pendingMessages()).isZero();
            assertThat(subscription.droppedMessages()).as("all that came").isEqualTo(2000);
            assertThat(session.nc.statistics().droppedMessages()).isEqualTo(2000);
        }
    }

    /** The end is seen as soon as it is read on, and what was received before it is still consumed. */
    @Test
    void aConnectionLostMeanwhileStillGivesWhatItSent() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a", pausing(2, MANY));
            session.peer.send(msgs("a", 1, 0, 10));
            session.events.await(SlowConsumer.class);
            session.peer.close();
            for (int i = 0; i < 10; i++) {
                assertThat(subscription.next(Session.LONG).text()).isEqualTo(String.valueOf(i));
            }
            session.events.await(Closed.class);
            assertThat(subscription.droppedMessages()).isZero();
        }
    }
}
