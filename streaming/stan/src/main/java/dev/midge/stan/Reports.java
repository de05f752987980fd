// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listener of events: one at a time, in order, on the executor. From any thread. */
final class Reports implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(StanConnection.class);

    private final String who;
    private final Executor executor;
    private final @Nullable StanListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<StanEvent> waiting = new ArrayDeque<>();
    private boolean running;

    /** @param listener null for one that logs */
    Reports(String who, Executor executor, @Nullable StanListener listener) {
        this.who = who;
        this.executor = executor;
        this.listener = listener;
    }

    void tell(StanEvent event) {
        boolean start;
        lock.lock();
        try {
            waiting.add(event);
            start = !running;
            running = true;
        } finally {
            lock.unlock();
        }
        if (start) {
            executor.execute(this);
        }
    }

    @Override
    public void run() {
        for (StanEvent next = next(); next != null; next = next()) {
            call(next);
        }
    }

    private @Nullable StanEvent next() {
        lock.lock();
        try {
            StanEvent next = waiting.poll();
            running = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a listener throws must not stop what it listens to
    private void call(StanEvent event) {
        try {
            if (listener != null) {
                listener.onEvent(event);
            } else if (event instanceof StanEvent.Reestablished
                    || (event instanceof StanEvent.Closed closed && closed.cause() == null)
                    || (event instanceof StanEvent.ReestablishFailed failed && failed.attempt() > 1)) {
                LOG.debug("{}: {}", who, event);
            } else {
                LOG.warn("{}: {}", who, event);
            }
        } catch (Throwable e) {
            LOG.warn("{}: the listener failed at {}", who, event, e);
        }
    }
}
