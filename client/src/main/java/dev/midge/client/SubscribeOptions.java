// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How a subscription behaves. Immutable; what is not set comes from the {@link Options} of the connection. */
public final class SubscribeOptions {
    /** No queue group, no maximum, the limits and the executor of the connection. */
    public static final SubscribeOptions DEFAULTS = builder().build();

    private final @Nullable String queue;
    private final long maxMessages;
    private final @Nullable PendingLimits limits;
    private final @Nullable Overflow overflow;
    private final @Nullable Executor executor;

    private SubscribeOptions(Builder builder) {
        queue = builder.queue;
        maxMessages = builder.maxMessages;
        limits = builder.limits;
        overflow = builder.overflow;
        executor = builder.executor;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** The queue group, or null. */
    public @Nullable String queue() {
        return queue;
    }

    /** After how many messages the subscription ends by itself; 0 if it does not. */
    public long maxMessages() {
        return maxMessages;
    }

    @Nullable
    PendingLimits limits() {
        return limits;
    }

    @Nullable
    Overflow overflow() {
        return overflow;
    }

    @Nullable
    Executor executor() {
        return executor;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private @Nullable String queue;
        private long maxMessages;
        private @Nullable PendingLimits limits;
        private @Nullable Overflow overflow;
        private @Nullable Executor executor;

        private Builder() {}

        /** Joins a queue group: each message goes to one of its members. Checked when subscribing. */
        public Builder queue(String group) {
            queue = Objects.requireNonNull(group, "group");
            return this;
        }

        /**
         * Ends the subscription after so many messages, as {@link Subscription#unsubscribeAfter} does.
         *
         * @throws IllegalArgumentException if the number is not above 0
         */
        public Builder maxMessages(long messages) {
            maxMessages = Checks.positive("maxMessages", messages);
            return this;
        }

        /**
         * How much may be pending, received and not yet consumed.
         *
         * @param messages most messages, above 0
         * @param bytes most bytes of headers and payloads, above 0
         * @throws IllegalArgumentException if one of them is not above 0
         */
        public Builder pendingLimits(long messages, long bytes) {
            limits = new PendingLimits(messages, bytes);
            return this;
        }

        /** What happens when a pending limit is reached. */
        public Builder overflow(Overflow policy) {
            overflow = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** Where the handler or the subscriber of the publisher is called; any executor. */
        public Builder executor(Executor handlerExecutor) {
            executor = Objects.requireNonNull(handlerExecutor, "handlerExecutor");
            return this;
        }

        /** The options. */
        public SubscribeOptions build() {
            return new SubscribeOptions(this);
        }
    }
}
