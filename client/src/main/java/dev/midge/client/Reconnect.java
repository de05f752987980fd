// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.time.Duration;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How often and when a lost connection is tried again, and what publishing does meanwhile. Immutable.
 *
 * <p>Each server has a wait of its own: none before the first attempt, then {@link #initialWait()}, and
 * {@link #multiplier()} times as long after each further attempt that failed, {@link #maxWait()} at most. To it comes a
 * random part, so that clients that lost a server together do not come back together: up to {@link #jitter()} times the
 * wait, or times the initial wait where that is longer. A connection that was lost within the initial wait, and within
 * a second, counts as a failed attempt as far as the waits are concerned: a server that accepts clients and drops them
 * is not hammered.
 */
public final class Reconnect {
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);
    private static final double MAX_MULTIPLIER = 100;

    private final int maxAttempts;
    private final Duration wait;
    private final Duration maxWait;
    private final double multiplier;
    private final double jitter;
    private final @Nullable IntFunction<Duration> delay;
    private final WhileDisconnected whileDisconnected;
    private final long bufferSize;
    private final boolean onFirstConnect;

    private Reconnect(Builder builder) {
        maxAttempts = builder.maxAttempts;
        wait = builder.wait;
        maxWait = builder.maxWait.compareTo(wait) < 0 ? wait : builder.maxWait;
        multiplier = builder.multiplier;
        jitter = builder.jitter;
        delay = builder.delay;
        whileDisconnected = builder.whileDisconnected;
        bufferSize = builder.bufferSize;
        onFirstConnect = builder.onFirstConnect;
    }

    /** Everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** A lost connection is closed: {@link #maxAttempts()} of 0. */
    public static Reconnect never() {
        return builder().maxAttempts(0).build();
    }

    /** How many attempts to one server may fail in a row; -1 any number, 0 to never reconnect. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /** How long a server is left alone after the first attempt that failed. */
    public Duration initialWait() {
        return wait;
    }

    /** How long a server is left alone at most, but for the random part. */
    public Duration maxWait() {
        return maxWait;
    }

    /** How many times longer the wait is after each further attempt that failed. */
    public double multiplier() {
        return multiplier;
    }

    /** The random part, at most, for each unit of the wait. */
    public double jitter() {
        return jitter;
    }

    /** What publishing does while there is no connection. */
    public WhileDisconnected whileDisconnected() {
        return whileDisconnected;
    }

    /** How many bytes are kept while there is no connection. */
    public long bufferSize() {
        return bufferSize;
    }

    /** Whether the first connect is tried again like a lost connection. */
    public boolean onFirstConnect() {
        return onFirstConnect;
    }

    /** The user's own back-off, or null. */
    @Nullable
    IntFunction<Duration> delay() {
        return delay;
    }

    /** What the back-off of the builder's numbers says after so many failures, in nanoseconds, without the random part. */
    long backoffNanos(int failures) {
        if (failures == 0) {
            return 0;
        }
        double longest = (double) maxWait.toNanos();
        return Math.round(Math.min(longest, wait.toNanos() * Math.pow(multiplier, failures - 1.0)));
    }

    static Duration checkWait(String name, Duration value) {
        Checks.notNegative(name, value);
        if (value.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ": must be a day at most");
        }
        return value;
    }

    /** Collects how it is to be; each method says its default. Not thread-safe. */
    public static final class Builder {
        private int maxAttempts = -1;
        private Duration wait = Duration.ofMillis(250);
        private Duration maxWait = Duration.ofSeconds(10);
        private double multiplier = 2;
        private double jitter = 0.2;
        private @Nullable IntFunction<Duration> delay;
        private WhileDisconnected whileDisconnected = WhileDisconnected.BUFFER;
        private long bufferSize = 8 << 20;
        private boolean onFirstConnect;

        private Builder() {}

        /**
         * How many attempts to one server may fail in a row until it is tried no more; the connection closes when no
         * server is left. 0 closes the connection as soon as it is lost; -1, the default, never stops trying.
         *
         * @throws IllegalArgumentException if below -1
         */
        public Builder maxAttempts(int attempts) {
            if (attempts < -1) {
                throw new IllegalArgumentException(
                        "maxAttempts is " + attempts + ": must be -1 for any number, or not negative");
            }
            maxAttempts = attempts;
            return this;
        }

        /**
         * How long a server is left alone after the first attempt that failed; default 250 ms.
         *
         * @throws IllegalArgumentException if not above 0, or over a day
         */
        public Builder wait(Duration initial) {
            Checks.positive("wait", initial);
            wait = checkWait("wait", initial);
            return this;
        }

        /**
         * How long a server is left alone at most, but for the random part; default 10 s, or {@link #wait} where that
         * is longer.
         *
         * @throws IllegalArgumentException if not above 0, or over a day
         */
        public Builder maxWait(Duration longest) {
            Checks.positive("maxWait", longest);
            maxWait = checkWait("maxWait", longest);
            return this;
        }

        /**
         * How many times longer the wait is after each further attempt that failed; 1 keeps it as it is; default 2.
         *
         * @throws IllegalArgumentException if outside 1 to 100
         */
        public Builder multiplier(double factor) {
            if (!(factor >= 1 && factor <= MAX_MULTIPLIER)) {
                throw new IllegalArgumentException("multiplier is " + factor + ": must be 1 to 100");
            }
            multiplier = factor;
            return this;
        }

        /**
         * The random part of a wait, at most: 0 for none, 1 for up to as long again; default 0.2. A lost connection is
         * tried again after up to {@code jitter} times {@link #wait}: 1 and 5 s spread the clients of a server that went
         * over 5 s.
         *
         * @throws IllegalArgumentException if outside 0 to 1
         */
        public Builder jitter(double part) {
            if (!(part >= 0 && part <= 1)) {
                throw new IllegalArgumentException("jitter is " + part + ": must be 0 to 1");
            }
            jitter = part;
            return this;
        }

        /**
         * A back-off of one's own in place of {@link #wait}, {@link #multiplier} and {@link #maxWait}; the random part
         * still comes to it. Default none.
         *
         * @param ownDelay how long a server is left alone after so many failures in a row, 1 or more; called on a thread
         *     that may block, before the next attempt, which waits for it. What it throws, and null, a negative time or one over a day, is told by
         *     {@link ConnectionEvent.CallbackFailed}, and the wait is what the other options say.
         */
        public Builder delay(IntFunction<Duration> ownDelay) {
            delay = Objects.requireNonNull(ownDelay, "ownDelay");
            return this;
        }

        /** What publishing does while there is no connection; default BUFFER. */
        public Builder whileDisconnected(WhileDisconnected policy) {
            whileDisconnected = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * How many bytes of frames are kept while there is no connection; default 8 MiB.
         *
         * @throws IllegalArgumentException if not above 0
         */
        public Builder bufferSize(long bytes) {
            bufferSize = Checks.positive("bufferSize", bytes);
            return this;
        }

        /**
         * Whether the first connect is tried again like a lost connection, in the background; default false: it fails
         * when each server was tried once.
         */
        public Builder onFirstConnect(boolean on) {
            onFirstConnect = on;
            return this;
        }

        /** The value. */
        public Reconnect build() {
            return new Reconnect(this);
        }
    }
}
