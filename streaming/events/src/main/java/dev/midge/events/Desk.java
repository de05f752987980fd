// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives places to the jobs of all actors that listen together, within their limits, and watches over them: one timer for all.
 * Thread-safe; nothing waits here.
 */
final class Desk {
    /** Pulses and time-outs are late by an eighth of their time at most. */
    private static final int TICKS = 8;

    private static final Duration MAX_TICK = Duration.ofSeconds(1);

    private final int maxJobs;
    private final Timing timing;
    private final Executor executor;
    private final Runnable onRoom;
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private final Set<Job<?, ?>> alive = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();
    private final Lines lines;
    private int running;
    private boolean closed;
    private @Nullable Runnable ticks;

    /** @param onRoom told when there is room again, by the thread of a handler */
    Desk(Collection<Actor<?, ?>> actors, int maxJobs, Timing timing, Executor executor, Runnable onRoom) {
        this.maxJobs = maxJobs;
        this.timing = timing;
        this.executor = executor;
        this.onRoom = onRoom;
        lines = new Lines(actors);
    }

    /** Begins to watch over jobs. */
    void open() {
        Duration tick = MAX_TICK;
        for (Actor<?, ?> actor : lines.actors()) {
            Duration shortest =
                    actor.jobTimeout().compareTo(actor.ackWait()) < 0 ? actor.jobTimeout() : actor.ackWait();
            Duration own = shortest.dividedBy(TICKS);
            tick = own.compareTo(tick) < 0 ? own : tick;
        }
        ticks = timing.every(tick, this::tick);
    }

    private void tick() {
        long now = timing.nanos();
        alive.forEach(job -> job.tick(now, executor));
    }

    /** Whether a further job would have a place at once. */
    boolean hasRoom() {
        lock.lock();
        try {
            return !closed && alive.size() < maxJobs;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a job, which runs when there is a place; gives it back if it is closed. */
    void submit(Job<?, ?> job) {
        boolean late;
        lock.lock();
        try {
            late = closed;
            if (!late) {
                alive.add(job);
                lines.add(job);
            }
        } finally {
            lock.unlock();
        }
        if (late) {
            job.drop();
        } else {
            startNext();
        }
    }

    private void startNext() {
        for (Job<?, ?> next = next(); next != null; next = next()) {
            next.start(executor);
        }
    }

    private @Nullable Job<?, ?> next() {
        lock.lock();
        try {
            Job<?, ?> next = running < maxJobs ? lines.next() : null;
            if (next != null) {
                running++;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** The handler of a job has returned. */
    void returned(Job<?, ?> job) {
        lock.lock();
        try {
            running--;
            lines.returned(job);
        } finally {
            lock.unlock();
        }
        forget(job);
        startNext();
        onRoom.run();
    }

    private void forget(Job<?, ?> job) {
        alive.remove(job);
        endIfEmpty();
    }

    /** Takes no more jobs; those that wait still run. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        endIfEmpty();
    }

    /** Gives back what waits. */
    void dropWaiting() {
        List<Job<?, ?>> dropped = new ArrayList<>();
        lock.lock();
        try {
            lines.drainTo(dropped);
        } finally {
            lock.unlock();
        }
        for (Job<?, ?> job : dropped) {
            job.drop();
            forget(job);
        }
    }

    private void endIfEmpty() {
        boolean over;
        lock.lock();
        try {
            over = closed && alive.isEmpty();
        } finally {
            lock.unlock();
        }
        if (over && empty.complete(null)) {
            Runnable watching = ticks;
            if (watching != null) {
                watching.run();
            }
        }
    }

    /** Completes when it is closed and there are no jobs. */
    CompletableFuture<Void> empty() {
        return empty;
    }

    /** How many jobs wait or run. */
    int jobs() {
        return alive.size();
    }
}
