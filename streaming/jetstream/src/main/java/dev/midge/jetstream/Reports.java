// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener what happens to a consumption, on the executor and in order; or the log. */
final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final String what;
    private final Executor executor;
    private final java.util.function.@Nullable Consumer<ConsumeEvent> listener;
    private final java.util.ArrayDeque<ConsumeEvent> waiting = new java.util.ArrayDeque<>();
    private boolean running;

    Reports(String what, Executor executor, java.util.function.@Nullable Consumer<ConsumeEvent> listener) {
        this.what = what;
        this.executor = executor;
        this.listener = listener;
    }

    void tell(ConsumeEvent event) {
        if (listener == null) {
            if (event instanceof ConsumeEvent.Ended ended && ended.failure() == null) {
                LOG.debug("{}: {}", what, event);
            } else {
                LOG.info("{}: {}", what, event);
            }
            return;
        }
        synchronized (waiting) {
            waiting.add(event);
            if (running) {
                return;
            }
            running = true;
        }
        executor.execute(this::run);
    }

    /** A subscriber of the user's threw. */
    void failed(Throwable cause) {
        LOG.warn("{}: the subscriber failed and gets no more", what, cause);
    }

    private void run() {
        for (ConsumeEvent next = next(); next != null; next = next()) {
            call(next);
        }
    }

    private @Nullable ConsumeEvent next() {
        synchronized (waiting) {
            ConsumeEvent next = waiting.poll();
            running = next != null;
            return next;
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a listener throws must not stop what it listens to
    private void call(ConsumeEvent event) {
        try {
            if (listener != null) {
                listener.accept(event);
            }
        } catch (Throwable e) {
            LOG.warn("{}: the listener failed at {}", what, event, e);
        }
    }
}
