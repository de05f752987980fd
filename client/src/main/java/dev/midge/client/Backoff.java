// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** How long servers are left alone: what {@link Reconnect} says, with the user's callback and chance in it. */
final class Backoff {
    private final Reconnect reconnect;
    private final RandomGenerator random;
    private final Consumer<ConnectionEvent> events;

    Backoff(Reconnect reconnect, RandomGenerator random, Consumer<ConnectionEvent> events) {
        this.reconnect = reconnect;
        this.random = random;
        this.events = events;
    }

    /** How long to leave a server alone after so many failures in a row, 1 or more, without the random part. */
    long nanosAfter(int failures) {
        IntFunction<Duration> own = reconnect.delay();
        if (own != null) {
            try {
                return Reconnect.checkWait("the delay", own.apply(failures)).toNanos();
            } catch (Exception e) {
                events.accept(new ConnectionEvent.CallbackFailed("delay", e));
            }
        }
        return reconnect.backoffNanos(failures);
    }

    /** The random part of a wait. */
    long jitterNanos(long wait) {
        return (long) (random.nextDouble() * reconnect.jitter() * Math.max(wait, reconnect.backoffNanos(1)));
    }
}
