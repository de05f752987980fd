// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.DrainResult;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.SubscriptionClosedException;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Messages are fetched, consumed, demanded and acknowledged with real servers. */
@NatsServerTest(jetStream = true)
class ConsumeIT extends StreamCase {
    /** For what is bound to come; R-E3's wait is asked for where nothing comes. */
    private static final Duration LONG = Patience.LONG;

    private Stream stream;
    private Consumer consumer;

    ConsumeIT(NatsServer server, NatsServerVersion version) {
        super(server, version);
    }

    @BeforeEach
    void makeStream() {
        stream = createStream();
        consumer = stream.createConsumer(
                ConsumerConfig.builder().durable("w").ackWait(LONG).build());
    }

    private void publish(int from, int count) {
        for (int i = from; i < from + count; i++) {
            nc.request(name + ".a", String.valueOf(i), LONG); // its PubAck
        }
    }

    private static List<String> texts(Iterable<JetStreamMessage> messages) {
        List<String> texts = new ArrayList<>();
        for (JetStreamMessage message : messages) {
            message.ack();
            texts.add(message.text());
        }
        return texts;
    }

    private static List<String> numbers(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(String::valueOf).toList();
    }

    private void awaitAcked(long floor) {
        Patience.until("an ack floor of " + floor, () -> {
            ConsumerInfo info = consumer.info();
            return info.ackFloor().streamSeq() == floor && info.numAckPending() == 0;
        });
    }

    @Test
    @DisplayName("R-E3: a fetch returns as soon as it has as many as were asked for")
    void fetchesAsMany() {
        publish(0, 25);
        Fetch fetch = consumer.fetch(10, LONG);
        assertThat(texts(fetch)).isEqualTo(numbers(0, 10));
        assertThat(fetch.end()).isEqualTo(ConsumeEnd.COMPLETE);
        assertThat(texts(consumer.fetch(15, LONG))).isEqualTo(numbers(10, 15));
        awaitAcked(25);
    }

    @Test
    @DisplayName("R-E3: a fetch returns when its time is over, with what has come")
    void fetchesLess() {
        publish(0, 3);
        long start = System.nanoTime();
        Fetch fetch = consumer.fetch(10, Duration.ofSeconds(10)); // the server may stand still for a while
        assertThat(texts(fetch)).isEqualTo(numbers(0, 3));
        assertThat(fetch.end()).isEqualTo(ConsumeEnd.EXPIRED);
        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(9950));
        assertThat(fetch).isEmpty();
    }

    @Test
    void fetchesWithoutWaiting() {
        assertThat(consumer.fetchNoWait(10)).isEmpty();
        publish(0, 3);
        Fetch fetch = consumer.fetchNoWait(10);
        assertThat(texts(fetch)).isEqualTo(numbers(0, 3));
        assertThat(fetch.end()).isEqualTo(ConsumeEnd.NO_MESSAGES);
    }

    @Test
    void fetchesBytes() {
        String payload = "x".repeat(1000);
        for (int i = 0; i < 5; i++) {
            nc.request(name + ".a", payload, LONG);
        }
        Fetch fetch = consumer.fetchBytes(3500, LONG);
        assertThat(texts(fetch)).containsExactly(payload, payload, payload);
        assertThat(fetch.end()).isEqualTo(ConsumeEnd.COMPLETE);
        Fetch tooLittle = consumer.fetchBytes(100, LONG);
        assertThatThrownBy(tooLittle::toList)
                .isInstanceOf(ConsumeException.class)
                .hasMessage("cannot fetch from consumer w of stream " + name
                        + ": the server says 409 Message Size Exceeds MaxBytes");
        assertThat(tooLittle.end()).isEqualTo(ConsumeEnd.MESSAGE_TOO_LARGE);
    }

    @Test
    void next() {
        publish(0, 2);
        assertThat(consumer.next(LONG).text()).isEqualTo("0");
        assertThat(consumer.next(LONG).text()).isEqualTo("1");
        assertThatThrownBy(() -> consumer.next(Duration.ofMillis(100)))
                .isInstanceOf(NatsTimeoutException.class)
                .hasMessage("cannot get a message from consumer w of stream " + name + ": none came within PT0.1S");
    }

    @Test
    @DisplayName("R-E4: a handler gets all, in order, few at a time")
    void consumes() throws Exception {
        publish(0, 200);
        Queue<String> got = new ConcurrentLinkedQueue<>();
        ConsumeOptions few = ConsumeOptions.builder().maxMessages(7).build();
        try (Consumption run = consumer.consume(few, message -> {
            got.add(message.text());
            message.ack();
        })) {
            Patience.until("200 messages", () -> got.size() == 200);
            publish(200, 50);
            Patience.until("250 messages", () -> got.size() == 250);
            assertThat(got).containsExactlyElementsOf(numbers(0, 250));
            assertThat(run.isActive()).isTrue();
            awaitAcked(250);
        }
    }

    @Test
    void consumesOneByOne() {
        publish(0, 20);
        Queue<String> got = new ConcurrentLinkedQueue<>();
        ConsumeOptions one = ConsumeOptions.builder().maxMessages(1).build();
        try (Consumption run = consumer.consume(one, message -> got.add(message.text()))) {
            Patience.until("20 messages", () -> got.size() == 20);
            assertThat(run.isActive()).isTrue();
        }
    }

    @Test
    void consumesByBytes() {
        publish(0, 200);
        Queue<String> got = new ConcurrentLinkedQueue<>();
        ConsumeOptions bytes = ConsumeOptions.builder().maxBytes(1000).build();
        try (Consumption run = consumer.consume(bytes, message -> got.add(message.text()))) {
            Patience.until("200 messages", () -> got.size() == 200);
            assertThat(run.isActive()).isTrue();
            assertThat(got).containsExactlyElementsOf(numbers(0, 200));
        }
    }

    @Test
    void stopsBehindSoMany() throws Exception {
        publish(0, 10);
        Queue<String> got = new ConcurrentLinkedQueue<>();
        Consumption run =
                consumer.consume(ConsumeOptions.builder().stopAfter(4).build(), message -> got.add(message.text()));
        assertThat(run.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(ConsumeEnd.COMPLETE);
        assertThat(got).containsExactlyElementsOf(numbers(0, 4));
        assertThat(consumer.info().delivered().consumerSeq()).isEqualTo(4); // no more were asked for
    }

    @Test
    void drains() throws Exception {
        publish(0, 10);
        Queue<String> got = new ConcurrentLinkedQueue<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Consumption run = consumer.consume(message -> {
            begun.countDown();
            goOn.await();
            got.add(message.text());
            message.ack();
        });
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        Patience.until("9 more", () -> run.pendingMessages() == 9);
        var drained = run.drainAsync(LONG);
        goOn.countDown();
        assertThat(drained.get(30, TimeUnit.SECONDS)).isEqualTo(new DrainResult(true, 0, false));
        assertThat(got).containsExactlyElementsOf(numbers(0, 10));
        assertThat(run.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(ConsumeEnd.STOPPED);
        assertThat(run.failure()).isNull();
        awaitAcked(10);
    }

    @Test
    void iterates() {
        publish(0, 100);
        try (Messages messages = consumer.messages(
                ConsumeOptions.builder().maxMessages(10).stopAfter(60).build())) {
            assertThat(messages.next(LONG).text()).isEqualTo("0");
            assertThat(texts(messages)).isEqualTo(numbers(1, 59));
            assertThatThrownBy(() -> messages.next(LONG)).isInstanceOf(SubscriptionClosedException.class);
            Patience.until("the end", () -> messages.end() == ConsumeEnd.COMPLETE);
        }
        try (Messages messages = consumer.messages()) {
            List<String> rest = new ArrayList<>();
            while (rest.size() < 40) {
                rest.add(messages.next(LONG).text());
            }
            assertThat(rest).isEqualTo(numbers(60, 40));
            assertThatThrownBy(() -> messages.next(Duration.ofMillis(50))).isInstanceOf(NatsTimeoutException.class);
        }
    }

    @Test
    @DisplayName("R-F12: a publisher asks for no more than is demanded")
    void publishesWhatIsDemanded() throws Exception {
        publish(0, 20);
        Demanding subscriber = new Demanding();
        consumer.publisher().subscribe(subscriber);
        assertThat(subscriber.subscribed.await(30, TimeUnit.SECONDS)).isTrue();
        Flow.Subscription flow = Objects.requireNonNull(subscriber.flow);
        nc.flush(LONG);
        assertThat(consumer.info().numWaiting()).isZero();
        flow.request(3);
        Patience.until("3 messages", () -> subscriber.got.size() == 3);
        assertThat(consumer.info().delivered().consumerSeq()).isEqualTo(3);
        flow.request(1);
        flow.request(4);
        Patience.until("8 messages", () -> subscriber.got.size() == 8);
        assertThat(consumer.info().delivered().consumerSeq()).isEqualTo(8);
        flow.request(Long.MAX_VALUE);
        Patience.until("20 messages", () -> subscriber.got.size() == 20);
        assertThat(subscriber.got).containsExactlyElementsOf(numbers(0, 20));
        stream.deleteConsumer("w");
        Patience.until("the end", () -> subscriber.failure != null);
        assertThat(subscriber.failure)
                .isInstanceOf(ConsumeException.class)
                .extracting(failure -> ((ConsumeException) failure).end())
                .isEqualTo(ConsumeEnd.CONSUMER_DELETED);
    }

    private static final class Demanding implements Flow.Subscriber<JetStreamMessage> {
        final Queue<String> got = new ConcurrentLinkedQueue<>();
        final CountDownLatch subscribed = new CountDownLatch(1);
        volatile Flow.@Nullable Subscription flow;
        volatile @Nullable Throwable failure;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            flow = subscription;
            subscribed.countDown();
        }

        @Override
        public void onNext(JetStreamMessage message) {
            got.add(message.text());
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
        }

        @Override
        public void onComplete() {}
    }

    @Test
    @DisplayName("R-E2: a consumer that is deleted ends what consumes from it, with what has come")
    void consumerIsDeleted() throws Exception {
        publish(0, 5);
        Consumption run = consumer.consume(message -> {});
        Fetch fetch = consumer.fetch(100, LONG);
        Patience.until("all were delivered", () -> consumer.info().numPending() == 0);
        consumer.delete();
        assertThat(run.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(ConsumeEnd.CONSUMER_DELETED);
        assertThat(run.failure())
                .isInstanceOf(ConsumeException.class)
                .hasMessage(
                        "cannot consume from consumer w of stream " + name + ": the server says 409 Consumer Deleted");
        assertThatThrownBy(fetch::toList).isInstanceOf(ConsumeException.class);
        assertThat(fetch.end()).isEqualTo(ConsumeEnd.CONSUMER_DELETED);
    }

    @Test
    @DisplayName("R-E2: no consumer, no stream")
    void isNotThere() throws Exception {
        // old servers do not say that nobody answers, so that heartbeats tell
        ConsumeOptions options =
                ConsumeOptions.builder().idleHeartbeat(Duration.ofMillis(300)).build();
        Consumption run = stream.consumer("none").consume(options, message -> {});
        assertThat(run.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(ConsumeEnd.CONSUMER_DELETED);
        assertThat(run.failure())
                .hasMessage("cannot consume from consumer none of stream " + name + ": there is no such consumer");
        Consumption nothing = js.stream("NONE").consumer("none").consume(options, message -> {});
        assertThat(nothing.ended().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isEqualTo(ConsumeEnd.STREAM_DELETED);
    }

    @Test
    @DisplayName("R-E2: what is no pull consumer is said at once")
    void isAPushConsumer() throws Exception {
        Consumer push = stream.createConsumer(ConsumerConfig.builder()
                .durable("p")
                .deliverSubject("deliver." + name)
                .build());
        Consumption run = push.consume(message -> {});
        assertThat(run.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(ConsumeEnd.PUSH_CONSUMER);
    }

    @Test
    @DisplayName("R-E2: what the consumer's limits do not allow")
    void limits() throws Exception {
        Consumer limited = stream.createConsumer(ConsumerConfig.builder()
                .durable("l")
                .maxBatch(10)
                .maxExpires(Duration.ofSeconds(20))
                .build());
        publish(0, 50);
        Queue<String> got = new ConcurrentLinkedQueue<>();
        Fetch fetch = limited.fetch(11, Duration.ofSeconds(19));
        assertThatThrownBy(fetch::toList)
                .hasMessage("cannot fetch from consumer l of stream " + name
                        + ": the server says 409 Exceeded MaxRequestBatch of 10");
        Consumption tooLong = limited.consume(message -> {});
        assertThat(tooLong.ended().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isEqualTo(ConsumeEnd.REFUSED);
        ConsumeOptions shorter =
                ConsumeOptions.builder().expires(Duration.ofSeconds(20)).build();
        try (Consumption run = limited.consume(shorter, message -> {
            got.add(message.text());
            message.ack();
        })) {
            Patience.until("all, ten at a time", () -> got.size() == 50);
            assertThat(run.isActive()).isTrue();
        }
    }

    @Test
    void acknowledges() {
        publish(0, 5);
        List<JetStreamMessage> messages = consumer.fetch(5, LONG).toList();
        messages.get(0).ackSync(LONG);
        assertThat(consumer.info().ackFloor().streamSeq()).isEqualTo(1);
        messages.get(1).ackAsync(LONG).join();
        assertThat(consumer.info().ackFloor().streamSeq()).isEqualTo(2);
        messages.get(2).nak();
        JetStreamMessage again = consumer.next(LONG);
        assertThat(again.metadata().streamSequence()).isEqualTo(3);
        assertThat(again.metadata().deliveries()).isEqualTo(2);
        again.nak(Duration.ofMillis(200));
        again = consumer.next(LONG);
        assertThat(again.metadata().deliveries()).isEqualTo(3);
        again.inProgress();
        again.inProgress();
        again.ack();
        messages.get(3).term();
        if (old) {
            assertThatThrownBy(() -> messages.get(4).term("broken"))
                    .isInstanceOf(ServerTooOldException.class)
                    .hasMessage("cannot term the message to " + name
                            + ".a: a reason needs a server of 2.10.4 or newer, " + server.url() + " is of 2.9.10");
            messages.get(4).term();
        } else {
            messages.get(4).term("broken");
        }
        awaitAcked(5);
        assertThatThrownBy(() -> messages.get(0).ack())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot ack the message to " + name + ".a: it has been acked already");
    }

    @Test
    void metadata() {
        publish(0, 3);
        MessageMetadata metadata = consumer.next(LONG).metadata();
        assertThat(metadata.stream()).isEqualTo(name);
        assertThat(metadata.consumer()).isEqualTo("w");
        assertThat(metadata.domain()).isNull();
        assertThat(metadata.pending()).isEqualTo(2);
        assertThat(metadata.timestamp()).isEqualTo(stream.message(1).time());
    }
}
