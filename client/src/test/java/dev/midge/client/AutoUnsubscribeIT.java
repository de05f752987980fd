// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Auto-unsubscribe is exact, in the client and in the server, which traces what it does. */
@NatsServerTest(flags = "-DV")
class AutoUnsubscribeIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int MAX = 10;

    private final NatsServer server;

    AutoUnsubscribeIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void pull() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("auto.pull");
            sub.unsubscribeAfter(MAX);
            publish(nc, "auto.pull", MAX + 5);
            for (int i = 0; i < MAX; i++) {
                assertThat(sub.next(LONG).text()).isEqualTo(Integer.toString(i));
            }
            assertThatThrownBy(() -> sub.next(LONG)).isInstanceOf(SubscriptionClosedException.class);
            assertEnded(nc, sub);
        }
    }

    @Test
    void handlerByOptions() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(MAX);
        SubscribeOptions options = SubscribeOptions.builder().maxMessages(MAX).build();
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("auto.handler", options, msg -> {
                handled.incrementAndGet();
                all.countDown();
            });
            publish(nc, "auto.handler", MAX + 5);
            Eventually.isDown(all, "messages");
            assertEnded(nc, sub);
            assertThat(handled).hasValue(MAX);
        }
    }

    @Test
    void direct() {
        AtomicInteger handled = new AtomicInteger();
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.direct().subscribe("auto.direct", view -> handled.incrementAndGet());
            sub.unsubscribeAfter(MAX);
            publish(nc, "auto.direct", MAX + 5);
            assertEnded(nc, sub);
            assertThat(handled).hasValue(MAX);
        }
    }

    /** More came than are wanted, and wait: the consumer gets as many as are wanted. */
    @Test
    void whenMoreArePending() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("auto.pending");
            publish(nc, "auto.pending", MAX + 5);
            nc.flush(LONG);
            assertThat(sub.pendingMessages()).isEqualTo(MAX + 5);
            assertThat(sub.next(LONG).text()).isEqualTo("0");
            sub.unsubscribeAfter(MAX);
            for (int i = 1; i < MAX; i++) {
                assertThat(sub.next(LONG).text()).isEqualTo(Integer.toString(i));
            }
            assertThatThrownBy(() -> sub.next(LONG)).isInstanceOf(SubscriptionClosedException.class);
            assertThat(sub.pendingMessages()).isZero();
            assertEnded(nc, sub);
        }
    }

    /** As many as are wanted were delivered already: it ends at once. */
    @Test
    void whenAsManyWereDelivered() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("auto.delivered");
            publish(nc, "auto.delivered", MAX);
            for (int i = 0; i < MAX; i++) {
                sub.next(LONG);
            }
            sub.unsubscribeAfter(MAX);
            publish(nc, "auto.delivered", 5);
            assertThatThrownBy(() -> sub.next(LONG)).isInstanceOf(SubscriptionClosedException.class);
            assertEnded(nc, sub);
        }
    }

    /** What was asked for last counts. */
    @Test
    void canBeRaised() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("auto.raised");
            sub.unsubscribeAfter(2);
            sub.unsubscribeAfter(MAX);
            publish(nc, "auto.raised", MAX + 5);
            for (int i = 0; i < MAX; i++) {
                assertThat(sub.next(LONG).text()).isEqualTo(Integer.toString(i));
            }
            assertThatThrownBy(() -> sub.next(LONG)).isInstanceOf(SubscriptionClosedException.class);
            assertEnded(nc, sub);
        }
    }

    /** The server delivers no more than the client wants: nothing comes that the client has to throw away. */
    private void assertEnded(Connection nc, Subscription sub) {
        nc.flush(LONG);
        assertThat(sub.isActive()).isFalse();
        assertThat(sub.deliveredMessages()).isEqualTo(MAX);
        String connection = "cid:" + nc.clientId() + " ";
        assertThat(server.awaitLog(connection + ".*<<- \\[UNSUB " + sub.sid() + " +\\d+\\]"))
                .isNotNull();
        nc.publish("end.of." + sub.subject(), ""); // what was traced before it is in the log with it
        assertThat(server.awaitLog(connection + ".*<<- \\[PUB end.of." + sub.subject() + " "))
                .isNotNull();
        if (!sub.subject().equals("auto.pending")) {
            assertThat(server.log()
                            .lines()
                            .filter(line -> line.contains(connection)
                                    && line.contains("->> [MSG " + sub.subject() + " " + sub.sid() + " ")))
                    .hasSize(MAX);
            assertThat(nc.statistics().inMessages()).isEqualTo(MAX);
        }
        assertThat(nc.statistics().unmatchedMessages()).isZero();
        publish(nc, sub.subject(), 3);
        nc.flush(LONG);
        assertThat(nc.statistics().unmatchedMessages()).isZero();
        assertThat(sub.deliveredMessages()).isEqualTo(MAX);
    }

    private static void publish(Connection nc, String subject, int count) {
        for (int i = 0; i < count; i++) {
            nc.publish(subject, Integer.toString(i));
        }
    }
}
