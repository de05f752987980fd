// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.NatsTimeoutException;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** R-E5: ordered consumers with real servers: no gaps, no duplicates, few consumers. */
@NatsServerTest(jetStream = true)
class OrderedIT extends StreamCase {
    private static final Duration LONG = Patience.LONG;

    private final Queue<Long> got = new ConcurrentLinkedQueue<>();
    private final Queue<ConsumeEvent> events = new ConcurrentLinkedQueue<>();
    private Stream stream;
    private long published;

    OrderedIT(NatsServer server, NatsServerVersion version) {
        super(server, version);
    }

    @BeforeEach
    void makeStream() {
        stream = createStream();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            nc.request(name + "." + (published % 2 == 0 ? "even" : "odd"), String.valueOf(++published), LONG);
        }
    }

    private OrderedOptions.Builder options() {
        return OrderedOptions.builder().listener(events::add).idleHeartbeat(Duration.ofMillis(500));
    }

    private Consumption read(OrderedOptions options) {
        return stream.ordered(options).consume(message -> {
            assertThat(message.text())
                    .isEqualTo(String.valueOf(message.metadata().streamSequence()));
            message.ack(); // does nothing
            got.add(message.metadata().streamSequence());
        });
    }

    private void await(long from, long to) {
        List<Long> expected = LongStream.rangeClosed(from, to).boxed().toList();
        Patience.until("messages up to " + to + ", there are " + got, () -> got.size() >= expected.size());
        assertThat(got).containsExactlyElementsOf(expected);
    }

    private List<String> consumers() {
        List<String> names = new ArrayList<>();
        stream.consumerNames().forEach(names::add);
        return names;
    }

    private void deleteConsumers() {
        for (String consumer : consumers()) {
            try {
                stream.deleteConsumer(consumer);
            } catch (JetStreamApiException e) {
                assertThat(e.errCode()).isEqualTo(Api.CONSUMER_NOT_FOUND); // it was left, and deleted, meanwhile
            }
        }
    }

    @Test
    void readsAll() {
        publish(100);
        try (Consumption run = read(options().maxMessages(10).build())) {
            await(1, 100);
            publish(50);
            await(1, 150);
            assertThat(run.isActive()).isTrue();
            Patience.until("one consumer", () -> consumers().size() == 1);
        }
        Patience.until("no consumer is left", () -> consumers().isEmpty());
    }

    @Test
    @DisplayName("R-E5: the consumer is deleted again and again")
    void consumerIsDeleted() {
        try (Consumption run = read(options().namePrefix("o").build())) {
            for (int round = 1; round <= 20; round++) {
                publish(10);
                await(1, round * 10L);
                int restarts = round;
                deleteConsumers();
                Patience.until(
                        "another consumer",
                        () -> events.stream()
                                        .filter(ConsumeEvent.Restarted.class::isInstance)
                                        .count()
                                >= restarts);
            }
            publish(5);
            await(1, 205);
            Patience.until("at most 2 consumers", () -> consumers().size() <= 2);
            assertThat(consumers()).allMatch(consumer -> consumer.startsWith("o_"));
            assertThat(run.isActive()).isTrue();
        }
    }

    @Test
    @DisplayName("R-E5: the connection is lost again and again")
    void reconnects() {
        try (Connection other = Patience.connect(server.url())) {
            Stream there = Patience.jetStream(other).stream(name);
            Consumption run = there.ordered(options().maxMessages(7).build())
                    .consume(message -> got.add(message.metadata().streamSequence()));
            for (int round = 1; round <= 20; round++) {
                publish(10);
                other.forceReconnect();
                publish(10);
            }
            await(1, 400);
            assertThat(run.isActive()).isTrue();
            Patience.until("at most 2 consumers", () -> consumers().size() <= 2);
            run.stop();
        }
        Patience.until("no consumer is left", () -> consumers().isEmpty());
    }

    @Test
    void whereToStart() {
        publish(10);
        try (Consumption run = read(options().startSequence(4).build())) {
            await(4, 10);
            assertThat(run.isActive()).isTrue();
        }
        got.clear();
        try (Consumption run = read(options().deliverPolicy(DeliverPolicy.LAST).build())) {
            await(10, 10);
            assertThat(run.isActive()).isTrue();
        }
        got.clear();
        try (Consumption run = read(options().deliverPolicy(DeliverPolicy.NEW).build())) {
            assertThat(consumers()).isNotEmpty();
            deleteConsumers();
            publish(3); // though there is no consumer
            await(11, 13);
            assertThat(run.isActive()).isTrue();
        }
        got.clear();
        try (Consumption run =
                read(options().startTime(stream.message(12).time()).build())) {
            await(12, 13);
            assertThat(run.isActive()).isTrue();
        }
    }

    @Test
    void filters() {
        publish(10);
        try (Consumption run = read(options().filterSubjects(name + ".odd").build())) {
            Patience.until("5 messages", () -> got.size() == 5);
            assertThat(got).containsExactly(2L, 4L, 6L, 8L, 10L);
            assertThat(run.isActive()).isTrue();
        }
        OrderedOptions both =
                options().filterSubjects(name + ".odd", name + ".even").build();
        if (old) {
            assertThatThrownBy(() -> stream.ordered(both).messages())
                    .isInstanceOf(ServerTooOldException.class)
                    .hasMessageStartingWith(
                            "cannot read stream " + name + " in order: filter_subjects needs a server of 2.10");
        } else {
            try (Messages messages = stream.ordered(both).messages()) {
                for (long i = 1; i <= 10; i++) {
                    assertThat(messages.next(LONG).metadata().streamSequence()).isEqualTo(i);
                }
                assertThatThrownBy(() -> messages.next(Duration.ofMillis(50))).isInstanceOf(NatsTimeoutException.class);
            }
        }
    }

    @Test
    @DisplayName("R-E5: fetch and next go on behind one another, whatever becomes of their consumers")
    void fetchesAndNext() {
        publish(10);
        OrderedConsumer ordered = stream.ordered(options().namePrefix("o").build());
        assertThat(sequences(ordered.fetch(3, LONG))).containsExactly(1L, 2L, 3L);
        assertThat(ordered.next(LONG).metadata().streamSequence()).isEqualTo(4);
        Fetch five = ordered.fetch(5, LONG);
        assertThat(five.iterator().next().metadata().streamSequence()).isEqualTo(5);
        deleteConsumers(); // this may come before it has delivered the others, or behind
        assertThat(sequences(five)).containsExactly(6L, 7L, 8L, 9L);
        assertThat(five.end()).isEqualTo(ConsumeEnd.COMPLETE);
        Fetch rest = ordered.fetchNoWait(5);
        assertThat(sequences(rest)).containsExactly(10L);
        assertThat(rest.end()).isEqualTo(ConsumeEnd.NO_MESSAGES);
        assertThatThrownBy(() -> ordered.next(Duration.ofMillis(100)))
                .isInstanceOf(NatsTimeoutException.class)
                .hasMessage("cannot read stream " + name + " in order: none came within PT0.1S");
        publish(2);
        Fetch abandoned = ordered.fetch(2, LONG);
        assertThat(abandoned.iterator().hasNext()).isTrue();
        assertThat(sequences(ordered.fetch(2, LONG))).containsExactly(11L, 12L);
        Patience.until("no consumer is left", () -> consumers().isEmpty());
        assertThatThrownBy(() -> js.stream("NONE").ordered().next(LONG)).isInstanceOf(ConsumeException.class);
    }

    private static List<Long> sequences(Fetch fetch) {
        return fetch.toList().stream()
                .map(message -> message.metadata().streamSequence())
                .toList();
    }

    @Test
    @DisplayName("R-E2: no stream, or none any more")
    void streamIsDeleted() throws Exception {
        assertThatThrownBy(() -> js.stream("NONE").ordered().consume(message -> {}))
                .isInstanceOf(JetStreamApiException.class)
                .hasMessageStartingWith("cannot read stream NONE in order: ");
        Consumption run = read(options().build());
        js.deleteStream(name);
        assertThat(run.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(ConsumeEnd.STREAM_DELETED);
        js.createStream(StreamConfig.builder(name).build());
    }
}
