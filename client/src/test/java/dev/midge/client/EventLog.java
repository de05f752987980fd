// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A listener that keeps what it is told, to be waited for and looked at. */
final class EventLog implements ConnectionListener {
    private final List<ConnectionEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void onEvent(ConnectionEvent event) {
        events.add(event);
    }

    /** All events so far, in order. */
    List<ConnectionEvent> all() {
        return List.copyOf(events);
    }

    /** The events of a type so far, in order. */
    <E extends ConnectionEvent> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The first event of a type, waiting for it. */
    <E extends ConnectionEvent> E await(Class<E> type) {
        return await(type, event -> true);
    }

    /** The first event of a type that is as described, waiting for it. */
    <E extends ConnectionEvent> E await(Class<E> type, Predicate<? super E> condition) {
        Eventually.isTrue(
                () -> "a certain " + type.getSimpleName() + " among " + events,
                () -> all(type).stream().anyMatch(condition));
        return all(type).stream().filter(condition).findFirst().orElseThrow();
    }
}
