// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener what happens to a consumption, on the executor and in order; or the log. */
final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final String what;
    private final Executor executor;
    private final java.util.function.@Nullable Consumer<ConsumeEvent> listener;
    private final Queue<ConsumeEvent> waiting = new ConcurrentLinkedQueue<>();

    /** Events that were told and not handled yet: whoever adds the first one has it handled. */
    private final AtomicInteger open = new AtomicInteger();

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
        waiting.add(event);
        if (open.getAndIncrement() == 0) {
            executor.execute(this::run);
        }
    }

    /** A subscriber of the user's threw. */
    void failed(Throwable cause) {
        LOG.warn("{}: the subscriber failed and gets no more", what, cause);
    }

    private void run() {
        do {
            ConsumeEvent next = waiting.poll();
            if (next != null) {
                call(next);
            }
        } while (open.decrementAndGet() > 0);
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
