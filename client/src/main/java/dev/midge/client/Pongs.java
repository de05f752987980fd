// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.OutboundBuffer;
import dev.midge.transport.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/** Matches PONGs to PINGs: the server answers in order. */
final class Pongs {
    private record Waiter(long sentNanos, CompletableFuture<Duration> pong, Executor executor) {}

    private final OutboundBuffer outbound;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

    Pongs(OutboundBuffer outbound) {
        this.outbound = outbound;
    }

    /**
     * Sends a PING, unless there is no server to send it to: then the future is left alone.
     *
     * @param pong completes when the answer came
     * @param executor where the future completes with the time until the PONG: one that never refuses. What nobody but a
     *     waiting thread hangs on is to complete at once, on the event loop: that thread may be the only one of the
     *     user's executor
     */
    Outcome ping(CompletableFuture<Duration> pong, Executor executor) {
        // Before the PING is queued: its PONG can be here before this thread goes on.
        long sentNanos = System.nanoTime();
        lock.lock(); // so that PINGs are written in the order of their waiters
        try {
            Outcome outcome = outbound.ping();
            if (outcome == Outcome.ACCEPTED) {
                waiters.add(new Waiter(sentNanos, pong, executor));
            }
            return outcome;
        } finally {
            lock.unlock();
        }
    }

    /** PINGs that were taken out of what is to be written, for now. */
    static final class Unsent {
        private final List<Waiter> waiters;

        private Unsent(List<Waiter> waiters) {
            this.waiters = waiters;
        }
    }

    /** Takes the last PINGs back, as they have not been written. */
    Unsent takeLast(int count) {
        List<Waiter> last = new ArrayList<>();
        lock.lock();
        try {
            for (int i = 0; i < count; i++) {
                last.add(0, waiters.removeLast());
            }
        } finally {
            lock.unlock();
        }
        return new Unsent(last);
    }

    /** Sends them once more. */
    void resend(Unsent unsent) {
        lock.lock();
        try {
            for (Waiter waiter : unsent.waiters) {
                if (outbound.ping() == Outcome.ACCEPTED) {
                    waiters.add(waiter);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** They are not going to be sent. */
    void fail(Unsent unsent, Throwable cause) {
        fail(unsent.waiters, cause);
    }

    /** Completes on the event loop when the answer to a PING came that is written now, without the outbound buffer. */
    void await(CompletableFuture<Duration> pong) {
        lock.lock();
        try {
            waiters.add(new Waiter(System.nanoTime(), pong, Runnable::run));
        } finally {
            lock.unlock();
        }
    }

    /** A PONG came; one without a PING is ignored. */
    void onPong() {
        long now = System.nanoTime();
        Waiter waiter;
        lock.lock();
        try {
            waiter = waiters.poll();
        } finally {
            lock.unlock();
        }
        if (waiter != null) {
            waiter.executor.execute(() -> waiter.pong.complete(Duration.ofNanos(now - waiter.sentNanos)));
        }
    }

    /** No PONG will come any more. */
    void fail(Throwable cause) {
        List<Waiter> rest;
        lock.lock();
        try {
            rest = new ArrayList<>(waiters);
            waiters.clear();
        } finally {
            lock.unlock();
        }
        fail(rest, cause);
    }

    private static void fail(List<Waiter> rest, Throwable cause) {
        for (Waiter waiter : rest) {
            waiter.executor.execute(() -> waiter.pong.completeExceptionally(cause));
        }
    }
}
