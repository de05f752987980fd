// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.Link;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has nothing read from a server while subscriptions want that. On the event loop, but where it says otherwise. */
final class ReadingPause {
    private final Consumer<Runnable> eventLoop;
    private final Set<NatsSubscription> wantedBy = new HashSet<>();
    private @Nullable Link link;

    /** So that whoever consumes need not ask the event loop. */
    private volatile boolean paused;

    /** @param eventLoop runs on it what it is given */
    ReadingPause(Consumer<Runnable> eventLoop) {
        this.eventLoop = eventLoop;
    }

    /** There is another server now, or none: nobody has wanted anything of it yet. */
    void use(@Nullable Link next) {
        wantedBy.clear();
        paused = false;
        link = next;
    }

    /** Nothing is to be read until this subscription {@linkplain #end(NatsSubscription) wants to}. */
    void begin(NatsSubscription subscription) {
        if (link != null) {
            wantedBy.add(subscription);
            paused = true;
            link.pauseReading();
        }
    }

    /** From any thread. */
    void end(NatsSubscription subscription) {
        if (paused) {
            eventLoop.accept(() -> {
                if (wantedBy.remove(subscription) && wantedBy.isEmpty()) {
                    end();
                }
            });
        }
    }

    /** Whoever wanted it. */
    void end() {
        wantedBy.clear();
        paused = false;
        if (link != null) {
            link.resumeReading();
        }
    }
}
