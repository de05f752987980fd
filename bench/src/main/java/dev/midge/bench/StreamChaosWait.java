// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.protocol.NatsException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what a cluster does in its own time. */
final class StreamChaosWait {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private StreamChaosWait() {}

    /** Whether it became so within a minute. */
    static boolean within(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return true;
    }

    /** Whether a server did what it was asked. */
    static boolean succeeds(Runnable what) {
        try {
            what.run();
            return true;
        } catch (NatsException e) {
            return false;
        }
    }
}
