// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.SlowConsumer;
import dev.midge.client.ConnectionEvent.SlowConsumerRecovered;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.transport.EventLoops;
import dev.midge.transport.TransportKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Consumers that are slower than what comes, up to the point where the server has enough of them. */
@NatsServerTest(config = """
                max_payload: 64KB
                max_pending: 256KB
                write_deadline: "200ms"
                """)
class SlowConsumerIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServer server;
    private final EventLog events = new EventLog();

    SlowConsumerIT(NatsServer server) {
        this.server = server;
    }

    /** R-C5: one event when it becomes slow, one when it has recovered, and every message is accounted for. */
    @Test
    void dropsTheNewest() {
        SubscribeOptions options =
                SubscribeOptions.builder().pendingLimits(10, 1 << 20).build();
        try (Connection nc = connect()) {
            Subscription sub = nc.subscribe("slow", options);
            publish(nc, 25);
            nc.flush(LONG);
            SlowConsumer slow = events.await(SlowConsumer.class);
            assertThat(slow.subscription()).isSameAs(sub);
            assertThat(slow.pendingMessages()).isEqualTo(10);
            assertThat(sub.droppedMessages()).isEqualTo(15);
            assertThat(texts(sub, 10)).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
            SlowConsumerRecovered recovered = events.await(SlowConsumerRecovered.class);
            assertThat(recovered.droppedMeanwhile()).isEqualTo(15);
            publish(nc, 5);
            assertThat(texts(sub, 5)).hasSize(5);
            Statistics stats = nc.statistics();
            assertThat(stats.inMessages()).isEqualTo(sub.deliveredMessages() + stats.droppedMessages());
            assertThat(events.all(SlowConsumer.class)).hasSize(1);
        }
    }

    @Test
    void dropsTheOldest() {
        SubscribeOptions options = SubscribeOptions.builder()
                .pendingLimits(10, 1 << 20)
                .overflow(Overflow.DROP_OLDEST)
                .build();
        try (Connection nc = connect()) {
            Subscription sub = nc.subscribe("slow", options);
            publish(nc, 25);
            nc.flush(LONG);
            assertThat(texts(sub, 10)).containsExactly("15", "16", "17", "18", "19", "20", "21", "22", "23", "24");
            assertThat(sub.droppedMessages()).isEqualTo(15);
            assertThat(sub.pendingMessages()).isZero();
            events.await(SlowConsumerRecovered.class);
        }
    }

    @Test
    void byteLimitCountsToo() {
        SubscribeOptions options =
                SubscribeOptions.builder().pendingLimits(1000, 250).build();
        try (Connection nc = connect()) {
            Subscription sub = nc.subscribe("slow", options);
            for (int i = 0; i < 5; i++) {
                nc.publish("slow", new byte[100]);
            }
            nc.flush(LONG);
            assertThat(sub.pendingMessages()).isEqualTo(2);
            assertThat(sub.pendingBytes()).isEqualTo(200);
            assertThat(sub.droppedMessages()).isEqualTo(3);
        }
    }

    /** Nothing is dropped, and nothing lost, however slow the consumer is: others wait with it. */
    @Test
    void pausesReading() {
        SubscribeOptions options = SubscribeOptions.builder()
                .pendingLimits(10, 1 << 20)
                .overflow(Overflow.PAUSE_READING)
                .build();
        AtomicInteger handled = new AtomicInteger();
        AtomicInteger mostPending = new AtomicInteger();
        int count = 5_000;
        try (Connection nc = connect()) {
            Subscription[] self = new Subscription[1];
            CountDownLatch subscribed = new CountDownLatch(1);
            self[0] = nc.subscribe("slow", options, msg -> {
                subscribed.await();
                mostPending.accumulateAndGet((int) self[0].pendingMessages(), Math::max);
                handled.incrementAndGet();
            });
            subscribed.countDown();
            publish(nc, count);
            Eventually.isTrue(() -> handled + " of " + count, () -> handled.get() == count);
            assertThat(self[0].droppedMessages()).isZero();
            assertThat(mostPending.get()).isBetween(1, 10);
            assertThat(events.all(Closed.class)).isEmpty();
        }
    }

    /** The server closes a connection that does not read; what had come is delivered, and all is accounted for. */
    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"AUTO", "NIO"})
    void isDisconnectedByTheServer(TransportKind kind) throws Exception {
        SubscribeOptions paused = SubscribeOptions.builder()
                .pendingLimits(10, 1 << 20)
                .overflow(Overflow.PAUSE_READING)
                .build();
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger handled = new AtomicInteger();
        Options options = Patient.options()
                .reconnect(Reconnect.never())
                .servers(server.url())
                .listener(events)
                .eventLoops(EventLoops.shared(kind))
                .build();
        try (Connection nc = Nats.connect(options);
                Connection other = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("slow", paused, msg -> {
                release.await();
                handled.incrementAndGet();
            });
            nc.flush(LONG);
            Subscription pull = other.subscribe("slow");
            String said = "cid:" + nc.clientId() + " .*Slow Consumer";
            byte[] data = new byte[50_000];
            int published = 0;
            do { // what the sockets hold, and then the server
                other.publish("slow", data);
                pull.next(LONG);
                published++;
            } while (!server.log().lines().anyMatch(line -> line.matches(".*" + said + ".*")));
            assertThat(events.await(SlowConsumer.class).subscription()).isSameAs(sub);
            assertThat(sub.droppedMessages()).isZero();

            release.countDown();
            Closed closed = events.await(Closed.class);
            assertThat(closed.reason()).isEqualTo(EndReason.CONNECTION_LOST);
            assertThat(closed.cause()).isNotNull();
            long received = nc.statistics().inMessages();
            assertThat(received).isBetween(10L, (long) published);
            Eventually.isTrue(() -> handled + " handled of " + received, () -> handled.get() == received);
            assertThat(sub.deliveredMessages()).isEqualTo(received);
            assertThat(sub.pendingMessages()).isZero();
            assertThat(sub.droppedMessages()).isZero();
            assertThatThrownBy(() -> nc.publish("x", "y")).isInstanceOf(ConnectionClosedException.class);
        } finally {
            release.countDown();
        }
    }

    private Connection connect() {
        return Nats.connect(
                Patient.options().servers(server.url()).listener(events).build());
    }

    private static void publish(Connection nc, int count) {
        for (int i = 0; i < count; i++) {
            nc.publish("slow", Integer.toString(i));
        }
    }

    private static List<String> texts(Subscription sub, int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(sub.next(LONG).text());
        }
        return texts;
    }
}
