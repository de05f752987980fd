// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import java.time.Duration;

/** How actors listen together. Immutable. */
public final class ListenOptions {
    private static final Duration MIN_POLL = Duration.ofSeconds(1);
    private static final Duration MAX_POLL = Duration.ofHours(1);
    private static final int MAX_BATCH = 10_000;
    private static final int MAX_JOBS = 100_000;

    /** 16 handlers at once, one message at a time, polls of 2 s. */
    public static final ListenOptions DEFAULTS = builder().build();

    private final Duration pollDelay;
    private final int batch;
    private final int maxJobs;

    private ListenOptions(Builder builder) {
        pollDelay = builder.pollDelay;
        batch = builder.batch;
        maxJobs = builder.maxJobs;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** How long the server is asked to wait for messages each time. */
    public Duration pollDelay() {
        return pollDelay;
    }

    /** How many messages an actor asks for at once, at most. */
    public int batch() {
        return batch;
    }

    /** How many handlers may run at once, of all actors. */
    public int maxJobs() {
        return maxJobs;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private Duration pollDelay = Duration.ofSeconds(2);
        private int batch = 1;
        private int maxJobs = 16;

        private Builder() {}

        /**
         * How long the server is asked to wait for messages each time; default 2 s. That it is longer makes nothing slower: a
         * message comes at once.
         *
         * @throws IllegalArgumentException if it is not from 1 s to 1 h
         */
        public Builder pollDelay(Duration time) {
            pollDelay = Rules.within("pollDelay", time, MIN_POLL, MAX_POLL);
            return this;
        }

        /**
         * How many messages an actor asks for at once, at most; default 1. More is faster, and may have messages wait here for a
         * handler while another instance is idle.
         *
         * @throws IllegalArgumentException if it is not from 1 to 10,000
         */
        public Builder batch(int messages) {
            batch = (int) Rules.within("batch", messages, 1, MAX_BATCH);
            return this;
        }

        /**
         * How many handlers may run at once, of all actors; default 16. Nothing is asked for while so many messages are here.
         *
         * @throws IllegalArgumentException if it is not from 1 to 100,000
         */
        public Builder maxJobs(int jobs) {
            maxJobs = (int) Rules.within("maxJobs", jobs, 1, MAX_JOBS);
            return this;
        }

        /** The options. */
        public ListenOptions build() {
            return new ListenOptions(this);
        }
    }
}
