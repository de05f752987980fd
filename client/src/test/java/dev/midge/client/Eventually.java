// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what is bound to happen, with a deadline far beyond the time it takes. */
final class Eventually {
    private static final long DEADLINE_SECONDS = 30;
    private static final long POLL_NANOS = 500_000;

    private Eventually() {}

    /** Waits until the condition holds; fails with the description, taken then, if it does not. */
    static void isTrue(Supplier<String> description, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        try {
            while (!condition.call()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("waited " + DEADLINE_SECONDS + " s in vain for " + description.get());
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        } catch (Exception e) {
            throw new AssertionError("while waiting for " + description.get(), e);
        }
    }

    /** As {@link #isTrue(Supplier, Callable)}, with a description that does not change. */
    static void isTrue(String description, Callable<Boolean> condition) {
        isTrue(() -> description, condition);
    }

    /** Waits until the latch is down. */
    static void isDown(CountDownLatch latch, String description) throws InterruptedException {
        if (!latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("waited " + DEADLINE_SECONDS + " s in vain for " + description + ", "
                    + latch.getCount() + " are missing");
        }
    }
}
