// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All ways in which messages can be consumed, with wildcards and queue groups. */
@NatsServerTest
class SubscribeIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServer server;

    SubscribeIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void handlerGetsAllInOrderAndNeverTwoAtOnce() throws Exception {
        int count = 20_000;
        List<String> received = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger running = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(count);
        try (Connection nc = Patient.connect(server.url())) {
            nc.subscribe("ordered", msg -> {
                mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
                received.add(msg.text());
                running.decrementAndGet();
                all.countDown();
            });
            for (int i = 0; i < count; i++) {
                nc.publish("ordered", Integer.toString(i));
            }
            Eventually.isDown(all, "the messages");
        }
        assertThat(received)
                .isEqualTo(IntStream.range(0, count).mapToObj(Integer::toString).toList());
        assertThat(mostAtOnce).hasValue(1);
    }

    @Test
    void nextTimesOutAndGoesOn() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("pulled");
            assertThatThrownBy(() -> sub.next(Duration.ofMillis(10)))
                    .isInstanceOf(NatsTimeoutException.class)
                    .hasMessageContaining("pulled");
            assertThatThrownBy(() -> sub.next(Duration.ZERO)).isInstanceOf(NatsTimeoutException.class);
            nc.publish("pulled", "late");
            assertThat(sub.next(LONG).text()).isEqualTo("late");
            assertThat(sub.deliveredMessages()).isEqualTo(1);
        }
    }

    @Test
    void iteratorEndsWithTheSubscription() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("iterated");
            sub.unsubscribeAfter(3);
            publish(nc, "iterated", 5);
            List<String> received = new ArrayList<>();
            for (Message message : sub) {
                received.add(message.text());
            }
            assertThat(received).containsExactly("0", "1", "2");
        }
    }

    @Test
    void closingTheStreamUnsubscribes() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("streamed");
            publish(nc, "streamed", 100);
            try (Stream<Message> stream = sub.stream()) {
                assertThat(stream.map(Message::text).limit(4)).containsExactly("0", "1", "2", "3");
            }
            assertThat(sub.isActive()).isFalse();
            assertThatThrownBy(() -> sub.next(LONG)).isInstanceOf(SubscriptionClosedException.class);
        }
    }

    @Test
    void publisherGivesWhatIsDemandedAndNoMore() throws Exception {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("demanded");
            Taking subscriber = new Taking();
            sub.publisher().subscribe(subscriber);
            publish(nc, "demanded", 10);
            Eventually.isTrue("all are pending", () -> sub.pendingMessages() == 10);
            assertThat(subscriber.events).isEmpty();

            subscriber.demand(2);
            assertThat(subscriber.take()).isEqualTo("0");
            assertThat(subscriber.take()).isEqualTo("1");
            subscriber.demand(3);
            assertThat(subscriber.take()).isEqualTo("2");
            assertThat(subscriber.take()).isEqualTo("3");
            assertThat(subscriber.take()).isEqualTo("4");
            nc.flush(LONG);
            assertThat(subscriber.events).isEmpty();
            assertThat(sub.pendingMessages()).isEqualTo(5);

            sub.unsubscribeAfter(7);
            subscriber.demand(Long.MAX_VALUE);
            assertThat(subscriber.take()).isEqualTo("5");
            assertThat(subscriber.take()).isEqualTo("6");
            assertThat(subscriber.take()).isEqualTo("complete");
            assertThat(sub.deliveredMessages()).isEqualTo(7);
        }
    }

    @Test
    void directHandlerSeesAndMayRetainTheReceiveBuffer() throws Exception {
        BlockingQueue<ByteBuf> retained = new LinkedBlockingQueue<>();
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (Connection nc = Patient.connect(server.url())) {
            nc.direct().subscribe("direct.>", view -> {
                retained.add(view.retainPayload());
                seen.add(view.subject() + " " + view.replyTo() + " "
                        + Thread.currentThread().getName());
            });
            nc.publish(Message.to("direct.one").replyTo("back").data("first").build());
            nc.publish("direct.two", "second");
            assertThat(seen.poll(30, TimeUnit.SECONDS)).startsWith("direct.one back nats-io-");
            assertThat(seen.poll(30, TimeUnit.SECONDS)).startsWith("direct.two null nats-io-");
        }
        for (String expected : List.of("first", "second")) {
            ByteBuf payload = retained.remove();
            assertThat(payload.toString(UTF_8)).isEqualTo(expected);
            payload.release();
        }
    }

    @Test
    void directHandlerMayPublish() {
        try (Connection nc = Patient.connect(server.url())) {
            nc.direct().subscribe("ping", view -> nc.direct().publish("pong", view.payload()));
            Subscription pongs = nc.subscribe("pong");
            publish(nc, "ping", 1000);
            for (int i = 0; i < 1000; i++) {
                assertThat(pongs.next(LONG).text()).isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void wildcards() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription one = nc.subscribe("w.*.end");
            Subscription rest = nc.subscribe("w.>");
            Subscription none = nc.subscribe("w.*");
            nc.publish("w.a.end", "1");
            nc.publish("w.b.end", "2");
            nc.publish("w.a.b.end", "3");
            nc.flush(LONG);
            assertThat(subjects(one)).containsExactly("w.a.end", "w.b.end");
            assertThat(subjects(rest)).containsExactly("w.a.end", "w.b.end", "w.a.b.end");
            assertThat(subjects(none)).isEmpty();
        }
    }

    /** Each message goes to one member of each group, and every member gets its share. */
    @Test
    void queueGroups() throws Exception {
        int count = 3_000;
        Map<String, Set<String>> byMember = new ConcurrentHashMap<>();
        CountDownLatch twice = new CountDownLatch(2 * count);
        AtomicInteger outside = new AtomicInteger();
        try (Connection nc = Patient.connect(server.url());
                Connection other = Patient.connect(server.url())) {
            for (String group : List.of("g1", "g2")) {
                SubscribeOptions options =
                        SubscribeOptions.builder().queue(group).build();
                for (int member = 0; member < 3; member++) {
                    String name = group + "-" + member;
                    byMember.put(name, ConcurrentHashMap.newKeySet());
                    Connection of = member == 0 ? nc : other;
                    Subscription sub = of.subscribe("jobs", options, msg -> {
                        assertThat(byMember.get(name).add(msg.text())).isTrue();
                        twice.countDown();
                    });
                    assertThat(sub.queue()).isEqualTo(group);
                }
            }
            other.subscribe("jobs", msg -> outside.incrementAndGet());
            other.flush(LONG);
            publish(nc, "jobs", count);
            Eventually.isDown(twice, "messages to members");
            Eventually.isTrue("the one without a group gets all", () -> outside.get() == count);
        }
        for (String group : List.of("g1", "g2")) {
            List<Set<String>> shares = IntStream.range(0, 3)
                    .mapToObj(member -> byMember.get(group + "-" + member))
                    .toList();
            assertThat(shares).allSatisfy(share -> assertThat(share).hasSizeGreaterThan(count / 10));
            assertThat(shares.stream().mapToInt(Set::size).sum()).isEqualTo(count);
            assertThat(shares.stream().flatMap(Set::stream).distinct()).hasSize(count);
        }
    }

    @Test
    void nothingComesAfterUnsubscribe() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("gone");
            publish(nc, "gone", 10);
            assertThat(sub.next(LONG).text()).isEqualTo("0");
            sub.unsubscribe();
            publish(nc, "gone", 10);
            nc.flush(LONG);
            assertThat(sub.isActive()).isFalse();
            assertThatThrownBy(() -> sub.next(LONG)).isInstanceOf(SubscriptionClosedException.class);
            assertThat(sub.deliveredMessages()).isEqualTo(1);
            assertThat(sub.pendingMessages()).isZero();
            assertThat(sub.pendingBytes()).isZero();
            sub.unsubscribe();
            sub.close();
        }
    }

    /** R-C3: a handler that blocks holds up nothing but its own subscription. */
    @Test
    void blockedHandlerHoldsUpNobodyElse() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Connection nc = Patient.connect(server.url())) {
            nc.subscribe("blocking", msg -> {
                blocked.countDown();
                release.await();
            });
            Subscription sub = nc.subscribe("free");
            nc.publish("blocking", "x");
            Eventually.isDown(blocked, "the handler");
            publish(nc, "free", 100);
            for (int i = 0; i < 100; i++) {
                assertThat(sub.next(LONG).text()).isEqualTo(Integer.toString(i));
            }
            nc.flush(LONG);
        } finally {
            release.countDown();
        }
    }

    /** R-C4. */
    @Test
    void handlerThatThrowsIsReportedOnceAndGoesOn() throws Exception {
        EventLog events = new EventLog();
        CountDownLatch last = new CountDownLatch(1);
        Options options =
                Patient.options().servers(server.url()).listener(events).build();
        try (Connection nc = Nats.connect(options)) {
            Subscription sub = nc.subscribe("thrown", msg -> {
                switch (msg.text()) {
                    case "0" -> throw new IOException("of the handler");
                    case "1" -> throw new AssertionError("an error too");
                    default -> last.countDown();
                }
            });
            publish(nc, "thrown", 3);
            Eventually.isDown(last, "the third message");
            Eventually.isTrue(
                    "two events",
                    () -> events.all(ConnectionEvent.HandlerFailed.class).size() == 2);
            assertThat(events.all(ConnectionEvent.HandlerFailed.class))
                    .satisfiesExactly(
                            first -> {
                                assertThat(first.subscription()).isSameAs(sub);
                                assertThat(Objects.requireNonNull(first.message())
                                                .text())
                                        .isEqualTo("0");
                                assertThat(first.cause()).hasMessage("of the handler");
                            },
                            second -> assertThat(second.cause()).isInstanceOf(AssertionError.class));
        }
    }

    private static void publish(Connection nc, String subject, int count) {
        for (int i = 0; i < count; i++) {
            nc.publish(subject, Integer.toString(i));
        }
    }

    /** Of all that is pending. */
    private static List<String> subjects(Subscription sub) {
        List<String> subjects = new ArrayList<>();
        while (sub.pendingMessages() > 0) {
            subjects.add(sub.next(LONG).subject());
        }
        return subjects;
    }

    /** Keeps what it is given, demanding nothing by itself. */
    private static final class Taking implements Flow.Subscriber<Message> {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

        void demand(long n) throws Exception {
            subscription.get(30, TimeUnit.SECONDS).request(n);
        }

        @Nullable
        String take() throws InterruptedException {
            return events.poll(30, TimeUnit.SECONDS);
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.complete(given);
        }

        @Override
        public void onNext(Message message) {
            events.add(message.text());
        }

        @Override
        public void onError(Throwable failure) {
            events.add(failure.toString());
        }

        @Override
        public void onComplete() {
            events.add("complete");
        }
    }
}
