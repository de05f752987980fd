// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.client.Subscription;
import dev.midge.jetstream.ConsumeOptions;
import dev.midge.jetstream.Consumer;
import dev.midge.jetstream.Fetch;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All that listens by one {@link EventConnection}: has actors do it, and monitors. */
final class Listeners {
    private final Events events;
    private final JetStream js;
    private final Connection connection;
    private final Timing timing;
    private final Set<Listening> listenings = ConcurrentHashMap.newKeySet();
    private final Set<Monitor> monitors = ConcurrentHashMap.newKeySet();

    Listeners(Events events, JetStream js, Timing timing) {
        this.events = events;
        this.js = js;
        this.timing = timing;
        connection = js.connection();
    }

    Listening listen(ListenOptions options, Actor<?, ?>... actors) {
        List<Actor<?, ?>> all = events.known(actors);
        List<Consumer> consumers = consumers(all);
        ConsumeOptions consume =
                ConsumeOptions.builder().expires(options.pollDelay()).build();
        Listening listening = open(all, options);
        for (int i = 0; i < consumers.size(); i++) {
            consumers.get(i).publisher(consume).subscribe(listening.feeds().get(i));
        }
        return listening;
    }

    int burst(ListenOptions options, Actor<?, ?>... actors) {
        List<Actor<?, ?>> all = events.known(actors);
        List<Consumer> consumers = consumers(all);
        List<Fetch> polls = new ArrayList<>();
        int count = 0;
        try (Listening listening = open(all, options)) {
            consumers.forEach(consumer -> polls.add(consumer.fetch(options.batch(), options.pollDelay())));
            for (int i = 0; i < polls.size(); i++) {
                ActorFeed<?, ?> feed = listening.feeds().get(i);
                for (JetStreamMessage message : polls.get(i)) {
                    feed.accept(message);
                    count++;
                }
            }
            listening.awaitEmpty();
        } finally {
            polls.forEach(Fetch::close);
        }
        return count;
    }

    /** Asks whether they are there: else a poll would wait in vain. */
    private List<Consumer> consumers(List<Actor<?, ?>> actors) {
        List<Consumer> consumers = new ArrayList<>();
        for (Actor<?, ?> actor : actors) {
            Consumer consumer = js.stream(actor.event().streamName()).consumer(actor.name());
            consumer.info();
            consumers.add(consumer);
        }
        return consumers;
    }

    private Listening open(List<Actor<?, ?>> actors, ListenOptions options) {
        Listening listening = new Listening(
                actors, options, connection, timing, connection.direct().executor());
        listenings.add(listening);
        listening.ended().whenComplete((nothing, failure) -> listenings.remove(listening));
        return listening;
    }

    Monitor monitor(java.util.function.Consumer<Sighting> observer) {
        Objects.requireNonNull(observer, "observer");
        List<Subscription> subscriptions = new ArrayList<>();
        for (Event<?> event : events.all()) {
            subscriptions.add(
                    connection.subscribe(event.name(), message -> observer.accept(Sighting.of(event, message))));
        }
        Monitor monitor = new Monitor(subscriptions, monitors::remove);
        monitors.add(monitor);
        return monitor;
    }

    void close() {
        listenings.forEach(Listening::close);
        monitors.forEach(Monitor::close);
    }
}
