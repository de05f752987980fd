// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listeners of a connection its events, one at a time and in order, on an executor. */
final class Events implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final List<ConnectionListener> listeners = new CopyOnWriteArrayList<>();
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final ArrayDeque<ConnectionEvent> queue = new ArrayDeque<>();
    private boolean running;

    /** @param executor one that never refuses */
    Events(ConnectionListener listener, Executor executor) {
        listeners.add(listener);
        this.executor = executor;
    }

    /** To be told what is emitted from now on, and perhaps what was just before. */
    List<ConnectionListener> listeners() {
        return listeners;
    }

    void emit(ConnectionEvent event) {
        lock.lock();
        try {
            queue.add(event);
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        executor.execute(this);
    }

    @Override
    public void run() {
        for (ConnectionEvent event = next(); event != null; event = next()) {
            for (ConnectionListener listener : listeners) {
                tell(listener, event);
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a listener throws must not stop the events
    private static void tell(ConnectionListener listener, ConnectionEvent event) {
        try {
            listener.onEvent(event);
        } catch (Throwable e) {
            // Not the event itself: it may quote what the server sent.
            LOG.warn(
                    "the listener of the connection threw at {}",
                    event.getClass().getSimpleName(),
                    e);
        }
    }

    private @Nullable ConnectionEvent next() {
        lock.lock();
        try {
            ConnectionEvent event = queue.poll();
            running = event != null;
            return event;
        } finally {
            lock.unlock();
        }
    }
}
