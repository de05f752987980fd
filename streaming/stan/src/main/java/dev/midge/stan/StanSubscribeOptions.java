// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.stan.pb.SubscriptionRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a subscription behaves, and where it starts: with new messages, unless told otherwise. A durable, or a queue group, that
 * the server knows already goes on where it was, wherever it is asked to start. Immutable.
 */
public final class StanSubscribeOptions {
    /** New messages only, acknowledged when they were handled, ack wait 30 s, 1024 in flight. */
    public static final StanSubscribeOptions DEFAULTS = builder().build();

    private final @Nullable String durable;
    private final @Nullable String queue;
    private final boolean manualAcks;
    private final Duration ackWait;
    private final int maxInFlight;
    private final Start start;
    private final @Nullable Executor executor;

    private StanSubscribeOptions(Builder builder) {
        durable = builder.durable;
        queue = builder.queue;
        manualAcks = builder.manualAcks;
        ackWait = builder.ackWait;
        maxInFlight = builder.maxInFlight;
        start = builder.start;
        executor = builder.executor;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with everything as it is here. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.durable = durable;
        builder.queue = queue;
        builder.manualAcks = manualAcks;
        builder.ackWait = ackWait;
        builder.maxInFlight = maxInFlight;
        builder.start = start;
        builder.executor = executor;
        return builder;
    }

    /** The durable name, or null. */
    public @Nullable String durable() {
        return durable;
    }

    /** The queue group, or null. */
    public @Nullable String queue() {
        return queue;
    }

    /** Whether {@link StanMessage#ack} acknowledges, and nothing else. */
    public boolean manualAcks() {
        return manualAcks;
    }

    /** After how long without an ack a message is delivered again. */
    public Duration ackWait() {
        return ackWait;
    }

    /** How many messages without an ack there may be. */
    public int maxInFlight() {
        return maxInFlight;
    }

    @Nullable
    Executor executor() {
        return executor;
    }

    /** As the server is asked for it at this moment. */
    SubscriptionRequest request() {
        SubscriptionRequest request = SubscriptionRequest.newInstance()
                .setMaxInFlight(maxInFlight)
                .setAckWaitInSecs((int) ackWait.toSeconds());
        start.into(request);
        if (durable != null) {
            request.setDurableName(durable);
        }
        if (queue != null) {
            request.setQGroup(queue);
        }
        return request;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private @Nullable String durable;
        private @Nullable String queue;
        private boolean manualAcks;
        private Duration ackWait = Duration.ofSeconds(30);
        private int maxInFlight = 1024;
        private Start start = Start.NEW_ONLY;
        private @Nullable Executor executor;

        private Builder() {}

        /**
         * The server remembers under this name what was acknowledged, when the subscription is closed or the client gone, until it
         * is {@linkplain StanSubscription#unsubscribe unsubscribed}.
         *
         * @param name of a subscription with a queue group it must not hold {@code :}, which {@link #build} checks
         * @throws IllegalArgumentException if it is empty
         */
        public Builder durable(String name) {
            durable = Rules.name("durable", Objects.requireNonNull(name, "name"));
            return this;
        }

        /**
         * Joins a queue group: each message goes to one of its members. With a durable name the group remembers where it was
         * also when nobody is in it.
         *
         * @throws IllegalArgumentException if it is empty
         */
        public Builder queue(String group) {
            queue = Rules.name("queue", Objects.requireNonNull(group, "group"));
            return this;
        }

        /** Messages are acknowledged by {@link StanMessage#ack}; default when their handler has returned. */
        public Builder manualAcks() {
            manualAcks = true;
            return this;
        }

        /**
         * After how long without an ack a message is delivered again; default 30 s.
         *
         * @param wait whole seconds, as the protocol has them
         * @throws IllegalArgumentException if it is less than a second, or not whole
         */
        public Builder ackWait(Duration wait) {
            ackWait = Rules.seconds("ackWait", wait);
            return this;
        }

        /**
         * How many messages without an ack there may be; default 1024.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxInFlight(int messages) {
            maxInFlight = Rules.between("maxInFlight", messages, 1, Integer.MAX_VALUE);
            return this;
        }

        /** Starts with the message that is stored last. */
        public Builder startWithLastReceived() {
            start = Start.LAST_RECEIVED;
            return this;
        }

        /** Starts with the message that is stored first. */
        public Builder deliverAllAvailable() {
            start = Start.FIRST;
            return this;
        }

        /** Starts with messages that are stored from now on; the default. */
        public Builder deliverNewOnly() {
            start = Start.NEW_ONLY;
            return this;
        }

        /**
         * Starts with a sequence number; with the first message if that is already a later one, with new ones if there is none yet.
         *
         * @throws IllegalArgumentException if it is less than 1, which is the first there is
         */
        public Builder startAtSequence(long number) {
            start = Start.at(number);
            return this;
        }

        /**
         * Starts with the first message of this time or later, by the clock of the server: how long ago it was by the clock of
         * this machine when it subscribes is what the server is told.
         *
         * @throws IllegalArgumentException if it is so far away that the protocol has no room for it: 292 years
         */
        public Builder startAtTime(Instant time) {
            start = Start.at(time);
            return this;
        }

        /**
         * Starts with the first message that is not older than this when it subscribes.
         *
         * @throws IllegalArgumentException if it is negative, or more than 292 years
         */
        public Builder startAtTimeDelta(Duration ago) {
            start = Start.ago(ago);
            return this;
        }

        /** Where the handler is called; default the executor of the NATS connection. */
        public Builder executor(Executor handlerExecutor) {
            executor = Objects.requireNonNull(handlerExecutor, "handlerExecutor");
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if there is a queue group, and the durable name holds {@code :}
         */
        public StanSubscribeOptions build() {
            if (queue != null && durable != null) {
                Rules.require(
                        durable.indexOf(':') < 0,
                        "durable",
                        Rules.quoted(durable),
                        "must not hold : with a queue group");
            }
            return new StanSubscribeOptions(this);
        }
    }
}
