// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is done on the event loop of the NATS connection, and what is done when that has ended with it. From any thread. */
final class LoopTasks {
    private final ScheduledExecutorService loop;

    /** Takes the place of the event loop when that is no more. */
    private final ReentrantLock withoutLoop = new ReentrantLock();

    LoopTasks(ScheduledExecutorService loop) {
        this.loop = loop;
    }

    void run(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            withoutLoop.lock();
            try {
                task.run();
            } finally {
                withoutLoop.unlock();
            }
        }
    }

    /** Null if there is no event loop any more: then the task never runs. */
    @Nullable
    ScheduledFuture<?> schedule(Runnable task, long nanos) {
        try {
            return loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }
}
