// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that keeps what it is told. */
final class Events implements StanListener {
    private final BlockingQueue<StanEvent> events = new LinkedBlockingQueue<>();

    @Override
    public void onEvent(StanEvent event) {
        events.add(event);
    }

    /** The next event of a type; those before it are dropped. */
    <T extends StanEvent> T next(Class<T> type) throws InterruptedException {
        while (true) {
            StanEvent next = events.poll(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no " + type.getSimpleName() + " came");
            }
            if (type.isInstance(next)) {
                return type.cast(next);
            }
        }
    }

    boolean isEmpty() {
        return events.isEmpty();
    }
}
