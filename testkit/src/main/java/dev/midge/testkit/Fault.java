// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A rule of a {@link FrameProxy}, as it was added: what happens where does not change any more. Tells how often it has
 * happened. Thread-safe.
 */
public final class Fault {
    private final long id;
    private final Place place;
    private final Action action;
    private final int connection;
    private final Signal signal;
    private final AtomicLong times = new AtomicLong();
    private volatile boolean removed;

    Fault(long id, Place place, Action action, int connection, Signal signal) {
        this.id = id;
        this.place = place;
        this.action = action;
        this.connection = connection;
        this.signal = signal;
    }

    /** How often it has happened, in all connections together. */
    public long times() {
        return times.get();
    }

    /** Blocks until it has happened at least once, and returns whether it has within the time. */
    public boolean await(Duration time) throws InterruptedException {
        return signal.await(() -> times.get() > 0, time);
    }

    /** From now on it happens no more. What it has done stays: a hold, for one, is to be released. */
    public void remove() {
        removed = true;
    }

    long id() {
        return id;
    }

    Place place() {
        return place;
    }

    Action action() {
        return action;
    }

    boolean concerns(int number) {
        return !removed && (connection == 0 || connection == number);
    }

    boolean isRemoved() {
        return removed;
    }

    void happened() {
        times.incrementAndGet();
        signal.changed();
    }

    /** For error messages. */
    @Override
    public String toString() {
        return action + " at " + place.text() + (connection == 0 ? "" : " of connection " + connection);
    }
}
