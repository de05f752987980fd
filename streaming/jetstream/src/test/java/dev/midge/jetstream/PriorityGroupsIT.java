// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ADR-42: overflow, pinned and prioritized clients of a group, and servers that have no groups. */
@NatsServerTest(jetStream = true)
class PriorityGroupsIT extends StreamCase {
    private static final Duration LONG = Patience.LONG;

    private final Queue<String> first = new ConcurrentLinkedQueue<>();
    private final Queue<String> second = new ConcurrentLinkedQueue<>();
    private Stream stream;
    private int published;

    PriorityGroupsIT(NatsServer server, NatsServerVersion version) {
        super(server, version);
    }

    @BeforeEach
    void makeStream() {
        stream = createStream();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            nc.request(name + ".a", String.valueOf(++published), LONG);
        }
    }

    private Consumer consumer(PriorityPolicy policy) {
        return stream.createConsumer(ConsumerConfig.builder()
                .durable("w")
                .priorityPolicy(policy)
                .priorityGroups("g")
                .build());
    }

    private static ConsumeOptions.Builder options() {
        return ConsumeOptions.builder().group("g").maxMessages(10);
    }

    private static Consumption consume(Consumer consumer, ConsumeOptions options, Queue<String> to) {
        return consumer.consume(options, message -> {
            message.ack();
            to.add(message.text());
        });
    }

    private void awaitWaiting(Consumer consumer, int pulls) {
        Patience.until(pulls + " pulls that wait", () -> consumer.info().numWaiting() == pulls);
    }

    @Test
    void overflow() {
        if (old) {
            assertThatThrownBy(() -> stream.consumer("w").consume(options().build(), message -> {}))
                    .isInstanceOf(ServerTooOldException.class)
                    .hasMessage("cannot consume from consumer w of stream " + name
                            + ": a priority group needs a server of 2.11 (API level 1) or newer, " + server.url()
                            + " is of 2.9.10");
            return;
        }
        Consumer consumer = consumer(PriorityPolicy.OVERFLOW);
        try (Consumption helper = consume(consumer, options().minPending(5).build(), second)) {
            awaitWaiting(consumer, 1);
            publish(4);
            assertThat(consumer.info().numPending()).isEqualTo(4); // too few for the one that only helps
            try (Consumption main = consume(consumer, options().build(), first)) {
                Patience.until("4 messages", () -> first.size() == 4);
                assertThat(second).isEmpty();
                assertThat(main.isActive() && helper.isActive()).isTrue();
            }
        }
    }

    @Test
    void pinned() {
        if (old) {
            return; // as above
        }
        Consumer consumer = consumer(PriorityPolicy.PINNED_CLIENT);
        Queue<ConsumeEvent> events = new ConcurrentLinkedQueue<>();
        try (Consumption one = consume(consumer, options().listener(events::add).build(), first)) {
            publish(1);
            Patience.until("1 message", () -> first.size() == 1);
            try (Consumption two = consume(consumer, options().build(), second)) {
                awaitWaiting(consumer, 2);
                publish(20);
                Patience.until("21 messages", () -> first.size() == 21);
                assertThat(second).isEmpty();
                consumer.unpin("g");
                publish(20);
                Patience.until("20 more", () -> first.size() + second.size() == 41);
                assertThat(one.isActive() && two.isActive()).isTrue();
            }
        }
    }

    @Test
    void prioritized() {
        if (old) {
            return; // as above
        }
        Consumer consumer = consumer(PriorityPolicy.PRIORITIZED);
        try (Consumption later = consume(consumer, options().priority(5).build(), second)) {
            awaitWaiting(consumer, 1);
            publish(1);
            Patience.until("1 message", () -> second.size() == 1);
            try (Consumption sooner = consume(consumer, options().priority(1).build(), first)) {
                awaitWaiting(consumer, 2);
                publish(5);
                Patience.until("5 messages", () -> first.size() == 5);
                assertThat(second).hasSize(1);
                assertThat(sooner.isActive() && later.isActive()).isTrue();
            }
        }
    }

    @Test
    @DisplayName("a consumer that is known to have groups is not asked without one")
    void needsAGroup() {
        if (old) {
            return; // as above
        }
        Consumer consumer = consumer(PriorityPolicy.OVERFLOW);
        assertThatThrownBy(() -> consumer.fetch(1, LONG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("group is null: must be one of the consumer's priority groups, [g]");
        assertThatThrownBy(() -> consumer.consume(options().group("other").build(), message -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("group is \"other\": must be one of the consumer's priority groups, [g]");
        Fetch unknown = stream.consumer("w").fetch(1, LONG);
        assertThatThrownBy(unknown::toList)
                .isInstanceOf(ConsumeException.class)
                .hasMessageStartingWith(
                        "cannot fetch from consumer w of stream " + name + ": the server says 400 Bad Request");
    }
}
