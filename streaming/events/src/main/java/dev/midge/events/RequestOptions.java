// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import java.time.Duration;

/** How a response is requested. Immutable. */
public final class RequestOptions {
    static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    /** Waits for 4 s. */
    public static final RequestOptions DEFAULTS = builder().build();

    private final Builder settings;

    private RequestOptions(Builder settings) {
        this.settings = settings;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** How long to wait for the response at most. */
    public Duration timeout() {
        return settings.timeout;
    }

    EmitSettings<?> settings() {
        return settings;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder extends EmitSettings<Builder> {
        private Duration timeout = Duration.ofSeconds(4);

        private Builder() {}

        /**
         * How long to wait for the response at most, from the call on, the ack of the stream included; default 4 s.
         *
         * @throws IllegalArgumentException if it is not from 1 ms to 1 h
         */
        public Builder timeout(Duration time) {
            timeout = Rules.within("timeout", time, MIN_TIMEOUT, MAX_TIMEOUT);
            return this;
        }

        @Override
        Builder self() {
            return this;
        }

        /** The options. */
        public RequestOptions build() {
            Builder copy = new Builder();
            copyTo(copy);
            copy.timeout = timeout;
            return new RequestOptions(copy);
        }
    }
}
