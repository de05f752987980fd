// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the asynchronous handlers that are at work. */
final class Unfinished {
    private final AtomicLong count = new AtomicLong();
    private final CompletableFuture<Void> none = new CompletableFuture<>();
    private volatile boolean awaited;

    void began() {
        count.getAndIncrement();
    }

    void ended() {
        if (count.decrementAndGet() == 0 && awaited) {
            none.complete(null);
        }
    }

    long count() {
        return count.get();
    }

    /** Completes when there are none; to be called when no more can begin. */
    CompletableFuture<Void> none() {
        awaited = true;
        if (count.get() == 0) {
            none.complete(null);
        }
        return none.copy();
    }
}
