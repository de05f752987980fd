// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How messages are consumed on and on. Immutable. Source: ADR-37. */
public final class ConsumeOptions {
    private static final Duration MIN_EXPIRES = Duration.ofSeconds(1);
    private static final Duration MAX_EXPIRES = Duration.ofHours(1);

    /** 500 messages, asked for when less than half of them are left, for 30 s each time, heartbeats of 15 s. */
    public static final ConsumeOptions DEFAULTS = builder().build();

    private final Pulling pulling;

    private ConsumeOptions(Pulling pulling) {
        this.pulling = pulling;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    Pulling pulling() {
        return pulling;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder extends PullSettings<Builder> {
        private int threshold = 50;
        private long stopAfter = Long.MAX_VALUE;

        private Builder() {
            super(500);
        }

        /**
         * How long the server keeps what it was asked, before it is to be asked again; default 30 s.
         *
         * @throws IllegalArgumentException if it is not from 1 s to 1 h
         */
        public Builder expires(Duration time) {
            Rules.require(
                    time.compareTo(MIN_EXPIRES) >= 0 && time.compareTo(MAX_EXPIRES) <= 0,
                    "expires",
                    time,
                    "must be from 1 s to 1 h");
            expires = time;
            return this;
        }

        /**
         * More is asked for when less than so much of {@link #maxMessages} or {@link #maxBytes} is left, in percent;
         * default 50.
         *
         * @throws IllegalArgumentException if it is not from 1 to 100
         */
        public Builder threshold(int percent) {
            Rules.require(percent > 0 && percent <= 100, "threshold", percent, "must be from 1 to 100");
            threshold = percent;
            return this;
        }

        /**
         * Ends it behind so many messages; no more are asked for.
         *
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder stopAfter(long messages) {
            Rules.require(messages > 0, "stopAfter", messages, "must be above 0");
            stopAfter = messages;
            return this;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if they do not go together: field, value and rule are said
         */
        public ConsumeOptions build() {
            check(expires);
            return new ConsumeOptions(Pulling.continuous(this, threshold, stopAfter));
        }
    }

    @Nullable
    String group() {
        return pulling.request().group();
    }
}
