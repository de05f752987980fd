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
import org.jspecify.annotations.Nullable;

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
     * Sends a PING; null if the connection has ended.
     *
     * @param executor where the future completes with the time until the PONG: one that never refuses. What nobody but a
     *     waiting thread hangs on is to complete at once, on the event loop: that thread may be the only one of the
     *     user's executor
     */
    @Nullable
    CompletableFuture<Duration> ping(Executor executor) {
        CompletableFuture<Duration> pong = new CompletableFuture<>();
        // Before the PING is queued: its PONG can be here before this thread goes on.
        long sentNanos = System.nanoTime();
        lock.lock(); // so that PINGs are written in the order of their waiters
        try {
            if (outbound.ping() != Outcome.ACCEPTED) {
                return null;
            }
            waiters.add(new Waiter(sentNanos, pong, executor));
        } finally {
            lock.unlock();
        }
        return pong;
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
        for (Waiter waiter : rest) {
            waiter.executor.execute(() -> waiter.pong.completeExceptionally(cause));
        }
    }
}
