// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.protocol.Nuid;
import dev.midge.testkit.base.NatsStreamingServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Subscriptions of all kinds, on a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscribeIT {
    private final String channel = "c" + Nuid.next();
    private NatsStreamingServer server;
    private Connection nc;
    private StanConnection sc;
    private String subject = "";

    @BeforeAll
    void start() {
        server = NatsStreamingServer.start();
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void connect() {
        nc = Patience.connect(server.url());
        sc = Patience.connect(nc, "client");
        subject = channel + '.' + Nuid.next();
    }

    @AfterEach
    void disconnect() {
        sc.close();
        nc.close();
    }

    private void publish(String... texts) {
        for (String text : texts) {
            sc.publish(subject, text);
        }
    }

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

    private static StanSubscribeOptions.Builder how() {
        return StanSubscribeOptions.builder();
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
        Instant first;
        try (StanSubscription sub =
                sc.subscribe(subject, how().deliverAllAvailable().build(), inbox)) {
            first = inbox.next().timestamp();
            assertThat(sub.subject()).isEqualTo(subject);
        }
        Patience.until("the clock", () -> Instant.now().isAfter(first.plusMillis(1500)));
        publish("new");
        assertThat(received(how().startAtTime(first.plusMillis(1000)), 1)).containsExactly("new");
        assertThat(received(how().startAtTime(first.minusSeconds(10)), 3)).containsExactly("old", "new", "end");
        assertThat(received(how().startAtTimeDelta(Duration.ofHours(1)), 4))
                .containsExactly("old", "new", "end", "end");
        assertThat(received(how().startAtTimeDelta(Duration.ZERO), 0)).isEmpty();
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
        publish("1", "2");
        StanMessage one = inbox.next();
        StanMessage two = inbox.next();
        two.ack();
        assertThatThrownBy(two::ack)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "cannot ack message 2 of channel " + subject + ", 1 bytes: it has been acknowledged already");
        StanMessage again = inbox.next();
        assertThat(again.text()).isEqualTo("1");
        assertThat(again.isRedelivered()).isTrue();
        assertThat(again.redeliveryCount()).isPositive();
        assertThat(one.isAcknowledged()).isFalse();
        again.ack();
        publish("3");
        StanMessage next = inbox.next();
        while (next.isRedelivered()) { // once more before the ack
            next = inbox.next();
        }
        assertThat(next.text()).isEqualTo("3");
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

    /** Not acknowledged, so it comes again; and what comes behind it is delivered. */
    @Test
    void aHandlerThatThrows() throws Exception {
        Events events = new Events();
        Inbox inbox = new Inbox();
        try (StanConnection other =
                Stan.connect(nc, Patience.stan("thrower").listener(events).build())) {
            StanSubscription sub = other.subscribe(
                    subject, how().ackWait(Duration.ofSeconds(1)).build(), message -> {
                        inbox.onMessage(message);
                        if (message.text().equals("bad") && !message.isRedelivered()) {
                            throw new AssertionError("no");
                        }
                    });
            publish("bad", "good");
            assertThat(inbox.texts(2)).containsExactly("bad", "good");
            StanEvent.HandlerFailed failed = events.next(StanEvent.HandlerFailed.class);
            assertThat(failed.subscription()).isSameAs(sub);
            assertThat(failed.message().text()).isEqualTo("bad");
            assertThat(failed.cause()).hasMessage("no");
            StanMessage again = inbox.next();
            assertThat(again.text()).isEqualTo("bad");
            Patience.until("the ack", again::isAcknowledged);
        }
    }

    @Test
    void aDurableGoesOnWhereItWas() throws Exception {
        publish("1", "2");
        StanSubscribeOptions durable = how().durable("d").deliverAllAvailable().build();
        Inbox first = new Inbox();
        StanSubscription sub = sc.subscribe(subject, durable, first);
        first.next();
        StanMessage two = first.next();
        Patience.until("the ack", two::isAcknowledged);
        assertThatThrownBy(() -> sc.subscribe(subject, durable, first))
                .isInstanceOfSatisfying(
                        StanServerException.class, e -> assertThat(e.error()).isEqualTo(StanError.DUPLICATE_DURABLE));
        sub.close();
        sub.close();
        assertThat(sub.isActive()).isFalse();
        publish("3");
        Inbox second = new Inbox();
        StanSubscription again = sc.subscribe(subject, durable, second);
        StanMessage three = second.next();
        assertThat(three.text()).isEqualTo("3");
        Patience.until("the ack", three::isAcknowledged);
        again.unsubscribe();
        Inbox third = new Inbox();
        sc.subscribe(subject, durable, third);
        assertThat(third.texts(3)).as("it was forgotten").containsExactly("1", "2", "3");
    }

    /** Over a goodbye of the client, too. */
    @Test
    void aDurableOutlivesItsClient() throws Exception {
        StanSubscribeOptions durable =
                how().durable("d:1").deliverAllAvailable().build(); // ":" is allowed here
        publish("1");
        try (StanConnection one = Patience.connect(nc, "durable-client")) {
            Inbox inbox = new Inbox();
            one.subscribe(subject, durable, inbox);
            Patience.until("the ack", inbox.next()::isAcknowledged);
        }
        publish("2");
        try (StanConnection two = Patience.connect(nc, "durable-client")) {
            Inbox inbox = new Inbox();
            two.subscribe(subject, durable, inbox);
            assertThat(inbox.next().text()).isEqualTo("2");
        }
    }

    @Test
    void queueGroup() throws Exception {
        Inbox left = new Inbox();
        Inbox right = new Inbox();
        Inbox other = new Inbox();
        StanSubscribeOptions member = how().queue("q").build();
        sc.subscribe(subject, member, left);
        sc.subscribe(subject, member, right);
        sc.subscribe(subject, how().queue("other").build(), other);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add("m" + i);
            publish("m" + i);
        }
        assertThat(other.texts(100)).isEqualTo(all);
        Patience.until("all of them", () -> left.waiting() + right.waiting() == 100);
        Set<String> seen = new HashSet<>(left.texts(left.waiting()));
        seen.addAll(right.texts(right.waiting()));
        assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void aDurableQueueGroupIsRememberedWithoutMembers() throws Exception {
        publish("1", "2");
        StanSubscribeOptions member =
                how().queue("q").durable("dq").deliverAllAvailable().build();
        Inbox first = new Inbox();
        try (StanSubscription sub = sc.subscribe(subject, member, first)) {
            first.next();
            Patience.until("the ack", first.next()::isAcknowledged);
            assertThat(sub.options().queue()).isEqualTo("q");
        }
        publish("3");
        Inbox second = new Inbox();
        StanSubscription again = sc.subscribe(subject, member, second);
        StanMessage three = second.next();
        assertThat(three.text()).isEqualTo("3");
        Patience.until("the ack", three::isAcknowledged);
        again.unsubscribe();
        Inbox third = new Inbox();
        sc.subscribe(subject, member, third);
        assertThat(third.texts(3)).containsExactly("1", "2", "3");
    }

    /** A handler may publish and subscribe, on an executor of one thread too: nothing waits for that thread. */
    @Test
    void aHandlerMayWaitForTheServer() throws Exception {
        Inbox answers = new Inbox();
        CountDownLatch done = new CountDownLatch(1);
        sc.subscribe(subject, how().executor(Runnable::run).build(), answers);
        String relay = subject + ".relay";
        sc.subscribe(relay, message -> {
            sc.publish(subject, "relayed " + message.text());
            sc.subscribe(relay + ".more", answers).unsubscribe();
            done.countDown();
        });
        sc.publish(relay, "x");
        assertThat(answers.next().text()).isEqualTo("relayed x");
        assertThat(done.await(Patience.LONG.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void inOrder() throws Exception {
        Inbox inbox = new Inbox();
        StanSubscription sub = sc.subscribe(subject, inbox);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            all.add("m" + i);
            var unused = sc.publishAsync(subject, "m" + i);
        }
        assertThat(inbox.texts(2000)).isEqualTo(all);
        Patience.until("the count", () -> sub.deliveredMessages() == 2000 && sub.pendingMessages() == 0);
        Patience.until("all acks", () -> sc.pendingAcks() == 0);
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
