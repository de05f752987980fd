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
    private record Waiter(long sentNanos, CompletableFuture<Duration> pong) {}

    private final OutboundBuffer outbound;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

    Pongs(OutboundBuffer outbound, Executor executor) {
        this.outbound = outbound;
        this.executor = executor;
    }

    /** Sends a PING; null if the connection has ended. Completes on the executor with the time until the PONG. */
    @Nullable
    CompletableFuture<Duration> ping() {
        CompletableFuture<Duration> pong = new CompletableFuture<>();
        lock.lock(); // so that PINGs are written in the order of their waiters
        try {
            if (outbound.ping() != Outcome.ACCEPTED) {
                return null;
            }
            waiters.add(new Waiter(System.nanoTime(), pong));
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
            executor.execute(() -> waiter.pong.complete(Duration.ofNanos(now - waiter.sentNanos)));
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
        if (!rest.isEmpty()) {
            executor.execute(() -> rest.forEach(waiter -> waiter.pong.completeExceptionally(cause)));
        }
    }
}
