// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thread pool that gives a task to a thread that waits, else to a new thread, and queues it only when there are as
 * many as may be. (A plain ThreadPoolExecutor queues first and adds threads only when the queue is full.)
 */
final class HandlerPool extends ThreadPoolExecutor {
    private static final long serialVersionUID = 1L;

    HandlerPool(int maxThreads, Duration keepAlive) {
        super(
                0,
                maxThreads,
                keepAlive.toNanos(),
                TimeUnit.NANOSECONDS,
                new HandOff(),
                new HandlerThreads(),
                (task, pool) -> ((HandlerPool) pool).enqueue(task));
    }

    /** No thread waits and none may be added, or the pool was shut down. */
    private void enqueue(Runnable task) {
        if (!isShutdown()) {
            ((HandOff) getQueue()).append(task);
            if (isShutdown() && getQueue().remove(task)) {
                throw new RejectedExecutionException("the executor was released");
            }
            if (getPoolSize() == 0) {
                // All threads timed out since they were found busy: any task brings one back, which finds ours.
                execute(() -> {});
            }
        } else {
            throw new RejectedExecutionException("the executor was released");
        }
    }

    /** Threads inherit nothing from the one that happens to need them: neither its thread-locals nor its class loader. */
    private static final class HandlerThreads implements ThreadFactory {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public Thread newThread(Runnable work) {
            Thread thread = new Thread(null, work, "nats-handler-" + count.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(HandlerPool.class.getClassLoader());
            return thread;
        }
    }
}
