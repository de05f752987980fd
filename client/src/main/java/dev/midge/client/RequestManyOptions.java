// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * When a request to many ends: at the first of what is set here. Immutable. Source: ADR-47, whose strategies are the
 * named constructors.
 */
public final class RequestManyOptions {
    /** As long as {@link Options#requestTimeout()} says. */
    public static final RequestManyOptions DEFAULTS = builder().build();

    private final @Nullable Duration maxWait;
    private final long maxMessages;
    private final @Nullable Duration stall;
    private final @Nullable Predicate<Message> sentinel;
    private final boolean standardSentinel;
    private final boolean includeSentinel;

    private RequestManyOptions(Builder builder) {
        maxWait = builder.maxWait;
        maxMessages = builder.maxMessages;
        stall = builder.stall;
        sentinel = builder.sentinel;
        standardSentinel = builder.standardSentinel;
        includeSentinel = builder.includeSentinel;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** All responses that come in so long a time; see {@link Builder#maxWait}. */
    public static RequestManyOptions timeout(Duration maxWait) {
        return builder().maxWait(maxWait).build();
    }

    /** Until none has come for so long; see {@link Builder#stall}. */
    public static RequestManyOptions stall(Duration gap) {
        return builder().stall(gap).build();
    }

    /** So many; see {@link Builder#maxMessages}. */
    public static RequestManyOptions maxMessages(long messages) {
        return builder().maxMessages(messages).build();
    }

    /** Until one is the last; see {@link Builder#sentinel}. */
    public static RequestManyOptions sentinel(Predicate<Message> isSentinel) {
        return builder().sentinel(isSentinel).build();
    }

    /** Until one has no payload; see {@link Builder#standardSentinel}. */
    public static RequestManyOptions standardSentinel() {
        return builder().standardSentinel().build();
    }

    /** How long to wait at most, or null for {@link Options#requestTimeout()}. */
    public @Nullable Duration maxWait() {
        return maxWait;
    }

    /** How many responses are wanted; 0 for any number. */
    public long maxMessages() {
        return maxMessages;
    }

    /** How long to wait for another response, or null for as long as there is time. */
    public @Nullable Duration stall() {
        return stall;
    }

    @Nullable
    Predicate<Message> sentinel() {
        return sentinel;
    }

    boolean hasStandardSentinel() {
        return standardSentinel;
    }

    boolean includesSentinel() {
        return includeSentinel;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private @Nullable Duration maxWait;
        private long maxMessages;
        private @Nullable Duration stall;
        private @Nullable Predicate<Message> sentinel;
        private boolean standardSentinel;
        private boolean includeSentinel;

        private Builder() {}

        /**
         * How long to wait for all responses together, the first one included; default {@link Options#requestTimeout()}.
         * The time that their consumer takes is not counted.
         *
         * @throws IllegalArgumentException if not above 0
         */
        public Builder maxWait(Duration wait) {
            maxWait = Checks.positive("maxWait", wait);
            return this;
        }

        /**
         * Ends behind so many responses; default any number.
         *
         * @throws IllegalArgumentException if not above 0
         */
        public Builder maxMessages(long messages) {
            maxMessages = Checks.positive("maxMessages", messages);
            return this;
        }

        /**
         * Ends when no other response has come for so long behind the last one; does not count before the first. Below
         * 1 ms, or not below the longest wait, it is as if it were not set, as in ADR-47; default not set.
         */
        public Builder stall(Duration gap) {
            stall = Objects.requireNonNull(gap, "gap");
            return this;
        }

        /**
         * Ends at the response that this <em>is true</em> of; default none. ADR-47 counts the other way round: there,
         * true means to go on. It is called with each response in order, where that is consumed: in the thread that
         * iterates, or on the executor; what it throws is told by {@link ConnectionEvent.HandlerFailed}, and counts as false.
         */
        public Builder sentinel(Predicate<Message> isSentinel) {
            sentinel = Objects.requireNonNull(isSentinel, "isSentinel");
            return this;
        }

        /** Ends at the first response without payload; default off. It is found as soon as it comes. */
        public Builder standardSentinel() {
            standardSentinel = true;
            return this;
        }

        /** Whether the response that is the sentinel is delivered as the last one; default false. */
        public Builder includeSentinel(boolean on) {
            includeSentinel = on;
            return this;
        }

        /** The options. */
        public RequestManyOptions build() {
            return new RequestManyOptions(this);
        }
    }
}
