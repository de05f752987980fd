// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.DrainResult;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Push consumers: flow control, heartbeats, queue groups. */
@NatsServerTest(jetStream = true)
class PushIT extends StreamCase {
    private static final Duration LONG = Patience.LONG;

    private final Queue<String> got = new ConcurrentLinkedQueue<>();
    private final Queue<String> other = new ConcurrentLinkedQueue<>();
    private final Queue<ConsumeEvent> events = new ConcurrentLinkedQueue<>();
    private final PushOptions options =
            PushOptions.builder().listener(events::add).build();
    private Stream stream;

    PushIT(NatsServer server, NatsServerVersion version) {
        super(server, version);
    }

    @BeforeEach
    void makeStream() {
        stream = createStream();
    }

    private void publish(int count, int size) {
        String rest = "x".repeat(size);
        for (int i = 0; i < count; i++) {
            nc.publish(name + ".a", i + " " + rest);
        }
        Patience.until(
                count + " messages are stored", () -> stream.info().state().messages() >= count);
    }

    private ConsumerConfigBuilder config() {
        return ConsumerConfig.builder().durable("p").deliverSubject("deliver." + name);
    }

    private static String[] numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toArray(String[]::new);
    }

    private static String number(JetStreamMessage message) {
        return message.text().substring(0, message.text().indexOf(' '));
    }

    @Test
    @DisplayName("flow control is answered, or nothing more would come")
    void flowControl() {
        publish(2000, 5000);
        PushConsumer push = stream.createConsumer(config().ackPolicy(AckPolicy.NONE)
                        .flowControl(true)
                        .idleHeartbeat(Duration.ofSeconds(1))
                        .build())
                .push();
        try (Consumption run = push.consume(options, message -> got.add(number(message)))) {
            Patience.until("all of them", () -> got.size() == 2000);
            assertThat(got).containsExactly(numbers(2000));
            assertThat(run.isActive()).isTrue();
        }
        assertThat(events).noneMatch(ConsumeEvent.Gap.class::isInstance);
    }

    @Test
    void acknowledges() throws Exception {
        publish(10, 1);
        Consumer consumer = stream.createConsumer(config().build());
        Consumption run = consumer.push().consume(options, message -> {
            got.add(number(message));
            message.ack();
        });
        Patience.until("all are acknowledged", () -> consumer.info().ackFloor().streamSeq() == 10);
        assertThat(run.drainAsync(LONG).get(30, TimeUnit.SECONDS)).isEqualTo(new DrainResult(true, 0, false));
        assertThat(got).containsExactly(numbers(10));
    }

    @Test
    void queueGroup() {
        PushConsumer push =
                stream.createConsumer(config().deliverGroup("g").build()).push();
        try (Consumption one = push.consume(options, message -> {
                    got.add(number(message));
                    message.ack();
                });
                Consumption two = push.consume(options, message -> {
                    other.add(number(message));
                    message.ack();
                })) {
            publish(200, 1);
            Patience.until("all of them", () -> got.size() + other.size() == 200);
            TreeSet<String> all = new TreeSet<>(got);
            all.addAll(other);
            assertThat(all).hasSize(200);
            assertThat(one.isActive() && two.isActive()).isTrue();
        }
        assertThat(events).noneMatch(ConsumeEvent.Gap.class::isInstance);
    }

    @Test
    @DisplayName("R-E2: heartbeats are missed, as the consumer was deleted")
    void isDeleted() throws Exception {
        Consumer consumer = stream.createConsumer(
                config().idleHeartbeat(Duration.ofMillis(200)).build());
        Consumption run = consumer.push().consume(options, message -> {});
        consumer.delete();
        assertThat(run.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(ConsumeEnd.CONSUMER_DELETED);
        assertThat(run.failure()).isInstanceOf(ConsumeException.class);
    }

    @Test
    void isNone() {
        Consumer pull =
                stream.createConsumer(ConsumerConfig.builder().durable("w").build());
        assertThatThrownBy(pull::push)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot take what consumer w of stream " + name
                        + " delivers: it is a pull consumer, it has no deliver_subject");
    }
}
