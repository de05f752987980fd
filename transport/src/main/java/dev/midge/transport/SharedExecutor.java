// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Threads for user code and for work that blocks, counted by reference: they start as tasks come and end behind the
 * last lease, or when idle for ten seconds. An object of this class by itself owns no thread and need not be closed.
 * Thread-safe.
 *
 * <p>A task gets a thread that waits, else a new one, and is queued only when there are as many as may be. The threads
 * are daemons and named {@code nats-handler-...}.
 */
public final class SharedExecutor {
    /** Long enough to span the pauses of a busy program, short enough not to keep memory for an idle one. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    /** Handlers may block, so there are more than processors; and at least this many on a small machine. */
    private static final int MIN_DEFAULT_THREADS = 16;

    private static final SharedExecutor SHARED =
            own(Math.max(MIN_DEFAULT_THREADS, 4 * Runtime.getRuntime().availableProcessors()));

    private final Supplier<Lease> leases;

    private SharedExecutor(Supplier<Lease> leases) {
        this.leases = leases;
    }

    /** The one that all connections of this class loader share: 4 threads for each processor, at least 16, at most. */
    public static SharedExecutor shared() {
        return SHARED;
    }

    /**
     * Another than the shared one, for those who are given the returned object only.
     *
     * @param maxThreads how many threads at most
     * @throws IllegalArgumentException if {@code maxThreads} is not positive
     */
    public static SharedExecutor own(int maxThreads) {
        return own(maxThreads, KEEP_ALIVE);
    }

    static SharedExecutor own(int maxThreads, Duration keepAlive) {
        if (maxThreads < 1) {
            throw new IllegalArgumentException("maxThreads is " + maxThreads + ": must be at least 1");
        }
        // shutdown() interrupts only threads that wait for a task: a handler that runs goes on undisturbed.
        SharedResource<HandlerPool> pools =
                new SharedResource<>(() -> new HandlerPool(maxThreads, keepAlive), HandlerPool::shutdown);
        return new SharedExecutor(() -> new Lease(pools.acquire(), pools::release));
    }

    /** One that belongs to the caller, who alone shuts it down, once no connection uses it. */
    public static SharedExecutor of(Executor executor) {
        Objects.requireNonNull(executor, "executor");
        return new SharedExecutor(() -> new Lease(executor, () -> {}));
    }

    /** Starts to use it. */
    public Lease acquire() {
        return leases.get();
    }

    /** Somebody's use of the executor. Thread-safe. */
    public static final class Lease implements Executor {
        private final Executor executor;
        private final Runnable end;
        private final AtomicBoolean released = new AtomicBoolean();

        private Lease(Executor executor, Runnable end) {
            this.executor = executor;
            this.end = end;
        }

        /**
         * Runs the task on some thread, soon.
         *
         * @throws RejectedExecutionException behind {@link #release}, or if the user's own executor refuses
         */
        @Override
        public void execute(Runnable task) {
            if (released.get()) {
                throw new RejectedExecutionException("the executor was released");
            }
            executor.execute(task);
        }

        /**
         * Ends this use; does nothing the second time. Behind the last one what was accepted still runs, nothing
         * that runs is interrupted, and the threads end. Does not wait for them, and may be called on one of them.
         */
        public void release() {
            if (released.compareAndSet(false, true)) {
                end.run();
            }
        }
    }
}
