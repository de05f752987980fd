// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.Session.msg;
import static dev.midge.client.Session.msgs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.SlowConsumer;
import dev.midge.client.ConnectionEvent.SlowConsumerRecovered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R-C5: what is dropped at the pending limits, to the message, and what is told of it. */
class OverflowTest {
    private static final long MANY = 1 << 20;

    private static List<String> texts(Subscription subscription) {
        List<String> texts = new ArrayList<>();
        while (subscription.pendingMessages() > 0) {
            texts.add(subscription.next(Duration.ZERO).text());
        }
        return texts;
    }

    private static List<ConnectionEvent> slowEvents(Session session) {
        return session.events.all().stream()
                .filter(event -> event instanceof SlowConsumer || event instanceof SlowConsumerRecovered)
                .toList();
    }

    @Test
    void dropsTheNewestOverTheMessageLimit() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a", options -> options.pendingLimits(4, MANY));
            session.peer.send(msgs("a", 1, 0, 10));
            session.barrier();
            assertThat(subscription.pendingMessages()).isEqualTo(4);
            assertThat(subscription.droppedMessages()).isEqualTo(6);
            assertThat(session.nc.statistics().droppedMessages()).isEqualTo(6);
            assertThat(session.nc.statistics().inMessages()).isEqualTo(10);
            SlowConsumer slow = session.events.await(SlowConsumer.class);
            assertThat(slow).isEqualTo(new SlowConsumer(subscription, 4, 4, 0));

            assertThat(subscription.next(Duration.ZERO).text()).isEqualTo("0");
            assertThat(session.events.all(SlowConsumerRecovered.class)).isEmpty();
            assertThat(subscription.next(Duration.ZERO).text()).isEqualTo("1");
            SlowConsumerRecovered recovered = session.events.await(SlowConsumerRecovered.class);
            assertThat(recovered).isEqualTo(new SlowConsumerRecovered(subscription, 6, 6));

            // the next episode is told of again
            session.peer.send(msgs("a", 1, 10, 5));
            session.barrier();
            assertThat(texts(subscription)).containsExactly("2", "3", "10", "11");
            session.events.await(SlowConsumerRecovered.class, event -> event.dropped() == 9);
            assertThat(slowEvents(session))
                    .containsExactly(
                            slow,
                            recovered,
                            new SlowConsumer(subscription, 4, 6, 6),
                            new SlowConsumerRecovered(subscription, 3, 9));
            assertThat(subscription.deliveredMessages()).isEqualTo(6);
        }
    }

    @Test
    void dropsTheOldestOverTheMessageLimit() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription =
                    session.pull("a", options -> options.pendingLimits(4, MANY).overflow(Overflow.DROP_OLDEST));
            session.peer.send(msgs("a", 1, 0, 10));
            session.barrier();
            assertThat(subscription.pendingMessages()).isEqualTo(4);
            assertThat(subscription.pendingBytes()).isEqualTo(4);
            assertThat(session.nc.statistics().droppedMessages()).isEqualTo(6);
            assertThat(texts(subscription)).containsExactly("6", "7", "8", "9");
            session.events.await(SlowConsumerRecovered.class);
            assertThat(slowEvents(session))
                    .containsExactly(
                            new SlowConsumer(subscription, 4, 4, 0), new SlowConsumerRecovered(subscription, 6, 6));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Overflow.class,
            names = {"DROP_NEWEST", "DROP_OLDEST"})
    void dropsOverTheByteLimitAndCountsHeaders(Overflow overflow) throws Exception {
        String headers = "NATS/1.0\r\n\r\n"; // 12 bytes
        String frame = "HMSG a 1 12 15\r\n" + headers + "abc\r\n"; // 15 bytes
        try (Session session = Session.open()) {
            Subscription subscription =
                    session.pull("a", options -> options.pendingLimits(MANY, 20).overflow(overflow));
            session.peer.send(frame + msg("a", 1, "12345"));
            session.barrier();
            assertThat(subscription.pendingBytes()).as("exactly the limit").isEqualTo(20);
            assertThat(subscription.droppedMessages()).isZero();
            session.peer.send(msg("a", 1, "6"));
            session.barrier();
            assertThat(subscription.droppedMessages()).isEqualTo(1);
            if (overflow == Overflow.DROP_NEWEST) {
                assertThat(texts(subscription)).containsExactly("abc", "12345");
            } else {
                assertThat(texts(subscription)).containsExactly("12345", "6");
            }
            assertThat(subscription.pendingBytes()).isZero();
        }
    }

    /** Nothing else is dropped for what could never fit. */
    @ParameterizedTest
    @EnumSource(
            value = Overflow.class,
            names = {"DROP_NEWEST", "DROP_OLDEST"})
    void dropsWhatIsLargerThanTheByteLimit(Overflow overflow) throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription =
                    session.pull("a", options -> options.pendingLimits(10, 8).overflow(overflow));
            session.peer.send(msg("a", 1, "1") + msg("a", 1, "too large") + msg("a", 1, "2"));
            session.barrier();
            assertThat(texts(subscription)).containsExactly("1", "2");
            session.events.await(SlowConsumerRecovered.class);
            assertThat(slowEvents(session))
                    .containsExactly(
                            new SlowConsumer(subscription, 1, 1, 0), new SlowConsumerRecovered(subscription, 1, 1));
        }
    }

    /** A limit of one, while the handler has a message: that one is not pending. */
    @ParameterizedTest
    @EnumSource(
            value = Overflow.class,
            names = {"DROP_NEWEST", "DROP_OLDEST"})
    void aLimitOfOneKeepsOneBesidesTheOneInTheHandler(Overflow overflow) throws Exception {
        Gate gate = new Gate();
        try (Session session = Session.open()) {
            Subscription subscription =
                    session.handle("a", options -> options.pendingLimits(1, 1).overflow(overflow), gate);
            session.peer.send(msg("a", 1, "0"));
            gate.awaitEntered(1);
            session.peer.send(msgs("a", 1, 1, 5));
            session.barrier();
            assertThat(subscription.pendingMessages()).isEqualTo(1);
            assertThat(subscription.droppedMessages()).isEqualTo(4);
            gate.open();
            gate.awaitEntered(2);
            assertThat(gate.entered()).containsExactly("0", overflow == Overflow.DROP_NEWEST ? "1" : "5");
            session.events.await(SlowConsumerRecovered.class);
            assertThat(slowEvents(session))
                    .containsExactly(
                            new SlowConsumer(subscription, 1, 1, 0), new SlowConsumerRecovered(subscription, 4, 4));
        }
    }

    /** Who keeps the latest only is sure to get the very last one, whatever the handler does meanwhile. */
    @Test
    void theLatestAlwaysArrives() throws Exception {
        AtomicLong last = new AtomicLong(-1);
        AtomicLong count = new AtomicLong();
        try (Session session = Session.open()) {
            Subscription subscription = session.handle(
                    "a", options -> options.pendingLimits(1, MANY).overflow(Overflow.DROP_OLDEST), message -> {
                        count.incrementAndGet(); // whoever has seen the last one finds it counted
                        last.set(Long.parseLong(message.text()));
                    });
            int sent = 0;
            for (int burst = 1; burst <= 200; burst++) {
                session.peer.send(msgs("a", 1, sent, burst));
                sent += burst;
                long expected = sent - 1L;
                Eventually.isTrue(() -> expected + ", the last was " + last, () -> last.get() == expected);
            }
            session.barrier();
            assertThat(count.get() + subscription.droppedMessages()).isEqualTo(sent);
        }
    }

    /** Events come in pairs and account for every drop, however fast the state changes. */
    @ParameterizedTest
    @EnumSource(
            value = Overflow.class,
            names = {"DROP_NEWEST", "DROP_OLDEST"})
    void episodesAccountForEveryDrop(Overflow overflow) throws Exception {
        int total = 10_000;
        AtomicLong got = new AtomicLong();
        try (Session session = Session.open(options -> options.eventLimit(2 * total))) { // however late they are told
            Subscription subscription = session.handle(
                    "a",
                    options -> options.pendingLimits(2, MANY).overflow(overflow),
                    message -> got.incrementAndGet());
            for (int i = 0; i < total; i += 100) {
                session.peer.send(msgs("a", 1, i, 100));
            }
            session.barrier();
            Eventually.isTrue(
                    "every message got or dropped", () -> got.get() + subscription.droppedMessages() == total);
            session.events.await(
                    SlowConsumerRecovered.class, event -> event.dropped() == subscription.droppedMessages());
            List<ConnectionEvent> events = slowEvents(session);
            long dropped = 0;
            for (int i = 0; i < events.size(); i += 2) {
                assertThat(events.get(i)).isInstanceOf(SlowConsumer.class);
                assertThat(((SlowConsumer) events.get(i)).dropped()).isEqualTo(dropped);
                SlowConsumerRecovered recovered = (SlowConsumerRecovered) events.get(i + 1);
                dropped += recovered.droppedMeanwhile();
                assertThat(recovered.dropped()).isEqualTo(dropped);
            }
            assertThat(dropped).isEqualTo(subscription.droppedMessages());
        }
    }

    /** What is pending counts for as many bytes as came, also of a status and of what is no header block at all. */
    @Test
    void bytesPendingAreThoseOfTheWireAndComeDownToZero() throws Exception {
        CountDownLatch three = new CountDownLatch(3);
        try (Session session = Session.open()) {
            Subscription subscription = session.handle("a", message -> three.countDown());
            session.peer.send("HMSG a 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
            session.peer.send("HMSG a 1 17 17\r\nNATS/1.0\r\nxxx\r\n\r\n\r\n");
            session.peer.send("HMSG a 1 12 13\r\nno headers!!x\r\n");
            Eventually.isDown(three, "messages whose headers nobody reads");
            Eventually.isTrue("nothing pending", () -> subscription.pendingBytes() == 0);
            assertThat(subscription.pendingMessages()).isZero();
        }
    }

    @Test
    void limitsAndPolicyOfTheConnectionAreTheDefault() throws Exception {
        try (Session session =
                Session.open(options -> options.pendingLimits(2, MANY).overflow(Overflow.DROP_OLDEST))) {
            Subscription plain = session.pull("a");
            Subscription own =
                    session.pull("b", options -> options.pendingLimits(3, MANY).overflow(Overflow.DROP_NEWEST));
            session.peer.send(msgs("a", 1, 0, 5) + msgs("b", 2, 0, 5));
            session.barrier();
            assertThat(texts(plain)).containsExactly("3", "4");
            assertThat(texts(own)).containsExactly("0", "1", "2");
            assertThat(session.nc.statistics().droppedMessages()).isEqualTo(5);
        }
    }
}
