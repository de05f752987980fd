// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.jetstream;

import dev.midge.stan.StanSubscribeOptions;
import java.time.Duration;
import java.util.Objects;

/** Which channel is copied, where to, and from where on. Immutable. */
public final class BridgeOptions {
    private final String channel;
    private final String stream;
    private final String subject;
    private final StanSubscribeOptions start;
    private final Duration retryWait;

    private BridgeOptions(Builder builder) {
        channel = builder.channel;
        stream = builder.stream;
        subject = builder.subject;
        start = builder.start;
        retryWait = builder.retryWait;
    }

    /**
     * A builder: all that the channel has, to the subject of the same name, unless told otherwise.
     *
     * @param channel what is copied
     * @param stream the stream, which is to be there, and to take the subject
     */
    public static Builder builder(String channel, String stream) {
        return new Builder(channel, stream);
    }

    /** What is copied. */
    public String channel() {
        return channel;
    }

    /** The stream it is copied into. */
    public String stream() {
        return stream;
    }

    /** The subject that it is published to. */
    public String subject() {
        return subject;
    }

    /** Where the copy starts when the stream has nothing of it yet. */
    public StanSubscribeOptions start() {
        return start;
    }

    /** How long to wait before a message is published again that was not stored, as far as is known. */
    public Duration retryWait() {
        return retryWait;
    }

    /** What a bridge cannot do that fails. */
    String what() {
        return "cannot copy channel " + channel + " to stream " + stream;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private final String channel;
        private final String stream;
        private String subject;
        private StanSubscribeOptions start =
                StanSubscribeOptions.builder().deliverAllAvailable().build();
        private Duration retryWait = Duration.ofMillis(250);

        private Builder(String channel, String stream) {
            this.channel = Objects.requireNonNull(channel, "channel");
            this.stream = Objects.requireNonNull(stream, "stream");
            subject = channel;
        }

        /** The subject to publish to; default the name of the channel. Nobody else is to publish to it while it is copied. */
        public Builder subject(String name) {
            subject = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Where the copy starts when the stream has nothing of it yet, how many messages are in flight, and so on; default all
         * that is available. Later it goes on behind what the stream has.
         *
         * @throws IllegalArgumentException if it is a durable, of a queue group, or with manual acks: the stream is what remembers
         *     how far it came, and there must be no other that gets a part
         */
        public Builder start(StanSubscribeOptions options) {
            if (options.durable() != null || options.queue() != null || options.manualAcks()) {
                throw new IllegalArgumentException("start is a subscription with durable " + options.durable()
                        + ", queue " + options.queue() + ", manualAcks " + options.manualAcks()
                        + ": a bridge must have none of these");
            }
            start = options;
            return this;
        }

        /**
         * How long to wait before a message is published again; default 250 ms.
         *
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder retryWait(Duration wait) {
            if (wait.isNegative() || wait.isZero()) {
                throw new IllegalArgumentException("retryWait is " + wait + ": must be above 0");
            }
            retryWait = wait;
            return this;
        }

        /** The options. */
        public BridgeOptions build() {
            return new BridgeOptions(this);
        }
    }
}
