// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.time.Duration;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How long servers are left alone: what {@link Reconnect} says, with chance in it. */
final class Backoff {
    private final Reconnect reconnect;
    private final RandomGenerator random;

    Backoff(Reconnect reconnect, RandomGenerator random) {
        this.reconnect = reconnect;
        this.random = random;
    }

    /** The user's, which is not to be called on the event loop. */
    @Nullable
    IntFunction<Duration> ownDelay() {
        return reconnect.delay();
    }

    /** How long to leave a server alone after so many failures in a row, 1 or more, without the random part. */
    long nanosAfter(int failures) {
        return reconnect.backoffNanos(failures);
    }

    /** The wait and its random part. */
    long withJitter(long wait) {
        return wait + (long) (random.nextDouble() * reconnect.jitter() * Math.max(wait, reconnect.backoffNanos(1)));
    }
}
