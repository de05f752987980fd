// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.Nuid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an ordered consumer delivers, and how it is consumed. Immutable. */
public final class OrderedOptions {
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final Duration INACTIVE = Duration.ofMinutes(5);

    /** All messages of the stream from the first on; 500 are asked for at once, heartbeats every 5 s. */
    public static final OrderedOptions DEFAULTS = builder().build();

    private final ConsumerConfig config;
    private final Pulling pulling;
    private final @Nullable String prefix;

    private OrderedOptions(ConsumerConfig config, Pulling pulling, @Nullable String prefix) {
        this.config = config;
        this.pulling = pulling;
        this.prefix = prefix;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    Pulling pulling() {
        return pulling;
    }

    /** How the first consumer is made, but for its name. */
    ConsumerConfig config() {
        return config;
    }

    /** What the names of the consumers begin with. */
    String prefix() {
        return prefix == null ? Nuid.next() : prefix;
    }

    static void requireNoGroup(@Nullable String group) {
        Rules.require(
                group == null, "group", group, "must not be with an ordered consumer, which has its consumer alone");
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder extends PullSettings<Builder> {
        private final ConsumerConfigBuilder config = ConsumerConfig.builder()
                .ackPolicy(AckPolicy.NONE)
                .maxDeliver(1)
                .memStorage(true)
                .numReplicas(1)
                .inactiveThreshold(INACTIVE);
        private @Nullable String prefix;

        private Builder() {
            super(500);
            heartbeat = HEARTBEAT;
        }

        /** Only messages whose subject is one of these, or is matched by it; more than one needs servers from 2.10 on. */
        public Builder filterSubjects(String... subjects) {
            if (subjects.length == 1) {
                config.filterSubject(subjects[0]);
            } else {
                config.filterSubjects(List.of(subjects));
            }
            return this;
        }

        /** With which message it starts; the default is the first of the stream. */
        public Builder deliverPolicy(DeliverPolicy policy) {
            config.deliverPolicy(policy);
            return this;
        }

        /** Starts with the message of a sequence number, or the first behind it. */
        public Builder startSequence(long sequence) {
            Rules.require(sequence > 0, "startSequence", sequence, "must be above 0");
            config.deliverPolicy(DeliverPolicy.BY_START_SEQUENCE).optStartSeq(sequence);
            return this;
        }

        /** Starts with the first message stored at a time or later. */
        public Builder startTime(Instant time) {
            config.deliverPolicy(DeliverPolicy.BY_START_TIME).optStartTime(time);
            return this;
        }

        /** How fast messages come; the default is as fast as can be. */
        public Builder replayPolicy(ReplayPolicy policy) {
            config.replayPolicy(policy);
            return this;
        }

        /** Without the payloads, whose size is in the header {@code Nats-Msg-Size}. */
        public Builder headersOnly() {
            config.headersOnly(true);
            return this;
        }

        /**
         * What the names of the consumers begin with; a number follows. The default is random. What reads a stream at the same time
         * by another {@link OrderedConsumer} must have another one.
         *
         * @throws IllegalArgumentException if it cannot be in a name
         */
        public Builder namePrefix(String text) {
            prefix = Rules.name("namePrefix", text);
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
        public OrderedOptions build() {
            check(expires);
            requireNoGroup(group);
            return new OrderedOptions(config.build(), Pulling.continuous(this, 50, Long.MAX_VALUE), prefix);
        }
    }
}
