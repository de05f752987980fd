// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.client.Message;
import dev.midge.protocol.NatsException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** How long {@link Discovery} looks for services, and where. Immutable. */
public final class DiscoveryOptions {
    private static final Duration LONGEST = Duration.ofDays(1);

    static final DiscoveryOptions DEFAULTS = builder().build();

    private final Duration maxWait;
    private final Duration stall;
    private final int maxResults;
    private final String prefix;
    private final @Nullable BiConsumer<Message, NatsException> onMalformed;

    private DiscoveryOptions(Builder builder) {
        maxWait = builder.maxWait;
        stall = builder.stall;
        maxResults = builder.maxResults;
        prefix = builder.prefix;
        onMalformed = builder.onMalformed;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    Duration maxWait() {
        return maxWait;
    }

    Duration stall() {
        return stall;
    }

    int maxResults() {
        return maxResults;
    }

    String prefix() {
        return prefix;
    }

    @Nullable
    BiConsumer<Message, NatsException> onMalformed() {
        return onMalformed;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private Duration maxWait = Duration.ofSeconds(5);
        private Duration stall = Duration.ofMillis(500);
        private int maxResults = 1000;
        private String prefix = ControlSubjects.PREFIX;
        private @Nullable BiConsumer<Message, NatsException> onMalformed;

        private Builder() {}

        /**
         * How long to wait for answers at most: default 5 s.
         *
         * @throws IllegalArgumentException if it is not above 0, or more than a day
         */
        public Builder maxWait(Duration time) {
            maxWait = checked("maxWait", time);
            return this;
        }

        /**
         * How long to wait for the next answer, once there is one: default 500 ms.
         *
         * @throws IllegalArgumentException if it is not above 0, or more than a day
         */
        public Builder stall(Duration time) {
            stall = checked("stall", time);
            return this;
        }

        /**
         * How many answers are enough, those that are left out included: default 1000.
         *
         * @throws IllegalArgumentException if the number is not above 0
         */
        public Builder maxResults(int answers) {
            if (answers <= 0) {
                throw new IllegalArgumentException("maxResults is " + answers + ": must be above 0");
            }
            maxResults = answers;
            return this;
        }

        /**
         * What the services have in the place of {@code $SRV}; see {@link Service.Builder#controlPrefix}.
         *
         * @throws IllegalArgumentException if it is no subject that can be published to
         */
        public Builder controlPrefix(String subject) {
            prefix = Rules.prefix(subject);
            return this;
        }

        /**
         * Is told each answer that cannot be understood, and what is wrong with it, on the thread that looks. The default
         * logs what is wrong, as a warning.
         */
        public Builder onMalformed(BiConsumer<Message, NatsException> listener) {
            onMalformed = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** The options. */
        public DiscoveryOptions build() {
            return new DiscoveryOptions(this);
        }

        private static Duration checked(String name, Duration value) {
            if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(name + " is " + value + ": must be above 0, and at most a day");
            }
            return value;
        }
    }
}
