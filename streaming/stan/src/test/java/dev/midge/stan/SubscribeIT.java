// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.testkit.base.NatsStreamingServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where subscriptions start, what their messages have, and acks, on a real server. */
class SubscribeIT extends OnServer {
    private List<String> received(StanSubscribeOptions.Builder how, int count) throws Exception {
        Inbox inbox = new Inbox();
        try (StanSubscription sub = sc.subscribe(subject, how.build(), inbox)) {
            assertThat(sub.isActive()).isTrue();
            List<String> texts = inbox.texts(count);
            sc.publish(subject, "end");
            assertThat(inbox.next().text()).isEqualTo("end");
            return texts;
        }
    }

    @Test
    void newOnly() throws Exception {
        publish("1", "2");
        assertThat(received(how(), 0)).isEmpty();
        assertThat(received(how().deliverAllAvailable().deliverNewOnly(), 0)).isEmpty();
    }

    @Test
    void startPositions() throws Exception {
        publish("1", "2", "3");
        assertThat(received(how().startWithLastReceived(), 1)).containsExactly("3");
        // each look has added an "end"
        assertThat(received(how().deliverAllAvailable(), 4)).containsExactly("1", "2", "3", "end");
        assertThat(received(how().startAtSequence(3), 3)).containsExactly("3", "end", "end");
    }

    @Test
    void startTimes() throws Exception {
        publish("old");
        Inbox inbox = new Inbox();
        sc.subscribe(subject, how().deliverAllAvailable().build(), inbox);
        Instant first = inbox.next().timestamp();
        Patience.until("the clock", () -> Instant.now().isAfter(first.plusSeconds(2)));
        publish("new");
        assertThat(firstSince(how().startAtTime(first.plusMillis(1)))).isEqualTo("new");
        assertThat(firstSince(how().startAtTime(first.minusSeconds(10)))).isEqualTo("old");
        assertThat(received(how().startAtTimeDelta(Duration.ofHours(1)), 2)).containsExactly("old", "new");
        assertThat(received(how().startAtTimeDelta(Duration.ZERO), 0)).isEmpty();
    }

    /**
     * What comes first. The server counts back from when it is asked: where that takes longer than lies between two messages, it
     * is asked again.
     */
    private String firstSince(StanSubscribeOptions.Builder how) throws Exception {
        Inbox inbox = new Inbox();
        long deadline = System.nanoTime() + Patience.LONG.toNanos();
        while (System.nanoTime() - deadline < 0) {
            long asked = System.nanoTime();
            StanSubscription sub = sc.subscribe(subject, how.build(), inbox);
            if (System.nanoTime() - asked < Duration.ofSeconds(1).toNanos()) {
                return inbox.next().text();
            }
            sub.close();
            inbox = new Inbox();
        }
        throw new AssertionError("no answer within a second");
    }

    @Test
    void whatAMessageHas() throws Exception {
        Instant before = Instant.now();
        publish("hello");
        Inbox inbox = new Inbox();
        sc.subscribe(subject, how().deliverAllAvailable().build(), inbox);
        StanMessage message = inbox.next();
        assertThat(message.sequence()).isEqualTo(1);
        assertThat(message.subject()).isEqualTo(subject);
        assertThat(message.text()).isEqualTo("hello");
        assertThat(message.data()).hasSize(5);
        assertThat(message.size()).isEqualTo(5);
        assertThat(message.replyTo()).isNull();
        assertThat(message.isRedelivered()).isFalse();
        assertThat(message.redeliveryCount()).isZero();
        assertThat(message.timestamp())
                .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
        assertThat(message).hasToString("message 1 of channel " + subject + ", 5 bytes");
        Patience.until("the ack", message::isAcknowledged);
        assertThatThrownBy(message::ack)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot ack " + message
                        + ": its subscription acknowledges by itself (StanSubscribeOptions.manualAcks is not set)");
    }

    @Test
    void manualAcks() throws Exception {
        Inbox inbox = new Inbox();
        sc.subscribe(subject, how().manualAcks().ackWait(Duration.ofSeconds(1)).build(), inbox);
        publish("1");
        StanMessage one = inbox.next();
        assertThat(one.isRedelivered()).isFalse();
        StanMessage again = inbox.next();
        assertThat(again.text()).isEqualTo("1");
        assertThat(again.sequence()).isEqualTo(one.sequence());
        assertThat(again.isRedelivered()).isTrue();
        assertThat(again.redeliveryCount()).isPositive();
        assertThat(again).hasToString("message 1 of channel " + subject + ", 1 bytes, redelivered");
        assertThat(one.isAcknowledged()).isFalse();
        again.ack();
        assertThat(again.isAcknowledged()).isTrue();
        publish("2");
        assertThat(nextNot(inbox, "1").text()).isEqualTo("2");
    }

    @Test
    void anAckIsGivenOnce() throws Exception {
        Inbox inbox = new Inbox();
        sc.subscribe(subject, how().manualAcks().ackWait(Duration.ofMinutes(2)).build(), inbox);
        publish("1");
        StanMessage one = inbox.next();
        one.ack();
        assertThatThrownBy(one::ack)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "cannot ack message 1 of channel " + subject + ", 1 bytes: it has been acknowledged already");
        assertThat(one.isAcknowledged()).isTrue();
    }

    /** As many as may be in flight come, and the next when one is acknowledged. */
    @Test
    void maxInFlight() throws Exception {
        Inbox inbox = new Inbox();
        sc.subscribe(
                subject,
                how().manualAcks().maxInFlight(2).ackWait(Duration.ofMinutes(2)).build(),
                inbox);
        publish("1", "2", "3");
        StanMessage first = inbox.next();
        inbox.next();
        assertThat(inbox.poll(Duration.ofMillis(200))).isNull();
        first.ack();
        assertThat(inbox.next().text()).isEqualTo("3");
    }

    @Test
    void withoutWaiting() throws Exception {
        Inbox inbox = new Inbox();
        StanSubscription sub =
                Patience.get(sc.subscribeAsync(subject, how().durable("a").build(), inbox));
        String guid = Patience.get(sc.publishAsync(subject, "x"));
        assertThat(guid).hasSize(22);
        assertThat(inbox.next().text()).isEqualTo("x");
        Patience.get(sub.closeAsync());
        StanSubscription again =
                Patience.get(sc.subscribeAsync(subject, how().durable("a").build(), inbox));
        Patience.get(again.unsubscribeAsync());
        assertThat(again).hasToString("subscription to channel " + subject + ", ended");
    }

    /** The server says no, and nothing is left of it. */
    @Test
    void tooManyChannels() throws Exception {
        try (NatsStreamingServer small = NatsStreamingServer.builder()
                        .flags("--max_channels", "1")
                        .start();
                Connection own = Patience.connect(small.url());
                StanConnection one = Patience.connect(own, "one")) {
            one.publish("first", "x");
            assertThatThrownBy(() -> one.publish("second", "x"))
                    .isInstanceOfSatisfying(StanPublishException.class, e -> {
                        assertThat(e.isOutcomeUnknown()).isFalse();
                        assertThat(e.subject()).isEqualTo("second");
                        assertThat(e.guid()).hasSize(22);
                    })
                    .cause()
                    .isInstanceOfSatisfying(
                            StanServerException.class,
                            e -> assertThat(e.error()).isEqualTo(StanError.TOO_MANY_CHANNELS));
            assertThatThrownBy(() -> one.subscribe("third", new Inbox()))
                    .isInstanceOf(StanServerException.class)
                    .hasMessageStartingWith("cannot subscribe to channel third: the server says ");
            assertThat(one.pendingAcks()).isZero();
        }
    }
}
