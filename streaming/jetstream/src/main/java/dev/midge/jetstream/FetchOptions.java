// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a number of messages is fetched, once. Immutable. Source: ADR-37. */
public final class FetchOptions {
    private static final Duration MIN_WAIT = Duration.ofMillis(1);
    private static final Duration MAX_WAIT = Duration.ofHours(1);

    /** Shorter fetches have no heartbeats unless that is asked for. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(10);

    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final Pulling pulling;

    private FetchOptions(Pulling pulling) {
        this.pulling = pulling;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    Pulling pulling() {
        return pulling;
    }

    @Nullable
    String group() {
        return pulling.request().group();
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder extends PullSettings<Builder> {
        private boolean noWait;

        private Builder() {
            super(1);
        }

        /**
         * How long to wait for messages at most; default 30 s.
         *
         * @throws IllegalArgumentException if it is not from 1 ms to 1 h
         */
        public Builder maxWait(Duration time) {
            Rules.require(
                    time.compareTo(MIN_WAIT) >= 0 && time.compareTo(MAX_WAIT) <= 0,
                    "maxWait",
                    time,
                    "must be from 1 ms to 1 h");
            expires = time;
            return this;
        }

        /** Takes what is there, and does not wait for more; {@link #maxWait} is for the answer of the server then. */
        public Builder noWait() {
            noWait = true;
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
        public FetchOptions build() {
            check(expires);
            Rules.require(!noWait || heartbeat == null, "idleHeartbeat", heartbeat, "must not be with noWait");
            if (heartbeat == null && !noWait && expires.compareTo(LONG_WAIT) >= 0) {
                heartbeat = HEARTBEAT;
            }
            return new FetchOptions(Pulling.once(this, noWait));
        }
    }
}
