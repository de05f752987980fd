// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.jetstream.JetStreamOptions;
import dev.midge.jetstream.PublishOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a message is emitted. Immutable. */
public final class EmitOptions {
    /** Nothing but the message. */
    public static final EmitOptions DEFAULTS = builder().build();

    private final Builder settings;

    private EmitOptions(Builder settings) {
        this.settings = settings;
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    EmitSettings<?> settings() {
        return settings;
    }

    PublishOptions publish() {
        Duration timeout = settings.timeout;
        return timeout == null
                ? PublishOptions.DEFAULTS
                : PublishOptions.builder().timeout(timeout).build();
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder extends EmitSettings<Builder> {
        private @Nullable Duration timeout;

        private Builder() {}

        /**
         * How long to wait for the stream's ack, where that is waited for, in the place of {@link JetStreamOptions#timeout()}.
         *
         * @throws IllegalArgumentException if it is not from 1 ms to 1 h
         */
        public Builder timeout(Duration time) {
            timeout = Rules.within("timeout", time, RequestOptions.MIN_TIMEOUT, RequestOptions.MAX_TIMEOUT);
            return this;
        }

        @Override
        Builder self() {
            return this;
        }

        /** The options. */
        public EmitOptions build() {
            Builder copy = new Builder();
            copyTo(copy);
            copy.timeout = timeout;
            return new EmitOptions(copy);
        }
    }
}
