// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of an application. Immutable.
 *
 * <pre>{@code
 * try (EventConnection ec = Events.of(CREATED).connect(nc)) {
 *   ec.register();
 *   boolean ok = ec.request(CREATED, user, RequestOptions.builder().uid("u-1").build());
 * }
 * }</pre>
 */
public final class Events {
    private final List<Event<?>> events;

    private Events(List<Event<?>> events) {
        this.events = events;
    }

    /**
     * Events.
     *
     * @throws IllegalArgumentException if there is none, or two of them would have the same stream
     */
    public static Events of(Event<?>... events) {
        Rules.require(events.length > 0, "events", 0, "must be at least one");
        Map<String, Event<?>> streams = new HashMap<>();
        List<Event<?>> all = new ArrayList<>();
        for (Event<?> event : events) {
            Event<?> other = streams.putIfAbsent(event.streamName(), event);
            Rules.require(
                    other == null,
                    "event name",
                    event.name(),
                    "must not have the stream " + event.streamName() + ", as another event has it");
            all.add(event);
        }
        return new Events(List.copyOf(all));
    }

    /** All of them, in the order they were given in. */
    public List<Event<?>> all() {
        return events;
    }

    /** That of a name, or null. */
    public @Nullable Event<?> get(String name) {
        return events.stream()
                .filter(event -> event.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Refuses an event that is none of these. */
    <E extends Event<?>> E known(E event) {
        Rules.require(get(event.name()) != null, "event", event.name(), "must be one of " + events);
        return event;
    }

    /** Refuses actors of other events, none, and two of one name. */
    List<Actor<?, ?>> known(Actor<?, ?>... actors) {
        Rules.require(actors.length > 0, "actors", 0, "must be at least one");
        Set<String> names = new HashSet<>();
        for (Actor<?, ?> actor : actors) {
            known(actor.event());
            Rules.require(
                    names.add(actor.event().name() + " " + actor.name()),
                    "actor name",
                    actor.name(),
                    "must not be there twice for " + actor.event());
        }
        return List.of(actors);
    }

    /**
     * With a connection, which stays the caller's to close. Asks nothing.
     *
     * @throws IllegalArgumentException if it was not made by {@link dev.midge.client.Nats}
     */
    public EventConnection connect(Connection connection) {
        return connect(connection, JetStreamOptions.DEFAULTS);
    }

    /** As {@link #connect(Connection)}, with options for what is asked of JetStream. */
    public EventConnection connect(Connection connection, JetStreamOptions options) {
        return new EventConnection(this, JetStream.of(connection, options), Timing.of(connection));
    }

    @Override
    public String toString() {
        return "Events " + events;
    }
}
