// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.internal;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what happens, one event at a time and in order, on an executor; nobody waits for them. What they have not
 * been told yet is bounded, whatever they do:
 *
 * <ul>
 *   <li>when {@code limit} events wait, further ones are dropped, until half of these are told;
 *   <li>those of the types to be kept are not: up to {@code 2 * limit} events wait for them; over that, the last one of each
 *       type, and the one before it of the same type counts as dropped;
 *   <li>in the place of those that were dropped in a row an event tells how many there were, and the log says once that it
 *       has begun.
 * </ul>
 *
 * @param <E> what events there are
 * @param <L> what is told of them
 */
public abstract class EventQueue<E, L> implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);

    private final String what;
    private final Executor executor;
    private final int limit;
    private final Set<Class<? extends E>> kept;
    private final List<L> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final ArrayDeque<E> queue = new ArrayDeque<>();
    private boolean running;
    private boolean full;
    private boolean warned;

    /** How many events behind the queue are not told. */
    private long dropped;

    /** Behind these: what is kept of them all the same. */
    private final Map<Class<?>, E> last = new LinkedHashMap<>();

    /**
     * @param what whose events they are, for the log
     * @param executor if it refuses, the events wait for the next one
     * @param limit at least 1
     * @param kept which events must not be dropped
     */
    protected EventQueue(String what, Executor executor, int limit, Set<Class<? extends E>> kept) {
        this.what = what;
        this.executor = executor;
        this.limit = limit;
        this.kept = kept;
    }

    /** Tells one of the listeners. Whatever it throws is logged. */
    protected abstract void tell(L listener, E event);

    /** The event that tells how many were dropped. */
    protected abstract E dropped(long count);

    /** What is kept over the limit of two events of one type; the first of them counts as dropped. */
    protected E joined(E first, E second) {
        return second;
    }

    /** To be told what is emitted from now on, and perhaps what was just before. Thread-safe. */
    public final List<L> listeners() {
        return listeners;
    }

    /** From any thread: has the listeners told. */
    @SuppressWarnings("CatchingUnchecked") // the executor may be the user's, and throw what it likes
    public final void emit(E event) {
        boolean start;
        boolean overflow;
        lock.lock();
        try {
            add(event);
            overflow = dropped > 0 && !warned;
            warned = full && (warned || overflow);
            start = !running;
            running = true;
        } finally {
            lock.unlock();
        }
        if (overflow) {
            LOG.warn("{}: the listener does not keep up, {} events wait for it: others are dropped", what, limit);
        }
        if (start) {
            try {
                executor.execute(this);
            } catch (Throwable e) {
                stop();
                LOG.warn("{}: the executor did not take the listener's task: events wait for the next one", what, e);
            }
        }
    }

    private void add(E event) {
        int size = queue.size();
        full = size >= limit || (full && size > limit / 2);
        boolean keep = kept.contains(event.getClass());
        if (!full || (keep && size < 2L * limit)) {
            settle();
            queue.add(event);
        } else if (keep) {
            E before = last.remove(event.getClass());
            last.put(event.getClass(), before == null ? event : joined(before, event));
            dropped += before == null ? 0 : 1;
        } else {
            dropped++;
        }
    }

    /** What is behind the queue becomes a part of it. */
    private void settle() {
        if (dropped > 0) {
            queue.add(dropped(dropped));
            dropped = 0;
        }
        queue.addAll(last.values());
        last.clear();
    }

    @Override
    public final void run() {
        for (E event = next(); event != null; event = next()) {
            for (L listener : listeners) {
                call(listener, event);
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a listener throws must not stop the events
    private void call(L listener, E event) {
        try {
            tell(listener, event);
        } catch (Throwable e) {
            // Not the event itself: it may quote what the server sent.
            LOG.warn("{}: the listener failed at {}", what, event.getClass().getSimpleName(), e);
        }
    }

    private @Nullable E next() {
        lock.lock();
        try {
            if (queue.isEmpty()) {
                settle();
            }
            E event = queue.poll();
            running = event != null;
            return event;
        } finally {
            lock.unlock();
        }
    }

    private void stop() {
        lock.lock();
        try {
            running = false;
        } finally {
            lock.unlock();
        }
    }
}
