// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.client.internal.Exchanges;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The time, and what is done as it passes. Tests turn one of their own. */
interface Timing {
    /** Nanoseconds that only grow. */
    long nanos();

    /** The time of day. */
    Instant now();

    /**
     * Has something done again and again, by a thread that must not wait.
     *
     * @return ends that
     */
    Runnable every(Duration period, Runnable task);

    /** Whether the thread may wait: no event loop may. */
    boolean mayBlock();

    /** On the event loop of a connection. */
    static Timing of(Connection connection) {
        return new OnLoop(connection.direct().eventLoop(), Exchanges.of(connection));
    }

    /** See {@link #of}. */
    record OnLoop(ScheduledExecutorService loop, Exchanges exchanges) implements Timing {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public boolean mayBlock() {
            return exchanges.mayBlock();
        }

        @Override
        public Runnable every(Duration period, Runnable task) {
            try {
                Future<?> running =
                        loop.scheduleWithFixedDelay(task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
                return () -> running.cancel(false);
            } catch (RejectedExecutionException e) {
                return () -> {}; // the connection has ended: nothing can be told to the server any more
            }
        }
    }
}
