// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where JetStream is, and how long to wait for it. Immutable. */
public final class JetStreamOptions {
    /** The domain of the server, its own prefix, 5 seconds. */
    public static final JetStreamOptions DEFAULTS = builder().build();

    /** No more than requests can wait on a connection. */
    private static final int MAX_WINDOW = 1_000_000;

    private static final String DEFAULT_PREFIX = "$JS.API";

    private final @Nullable String domain;
    private final String prefix;
    private final Duration timeout;
    private final int publishWindow;
    private final PublishOverflow publishOverflow;
    private final int publishRetries;
    private final Duration publishRetryWait;
    private final OnDisconnect onDisconnect;

    private JetStreamOptions(Builder builder) {
        domain = builder.domain;
        prefix = builder.prefix != null ? builder.prefix : domain == null ? DEFAULT_PREFIX : prefixOfDomain(domain);
        timeout = builder.timeout;
        publishWindow = builder.publishWindow;
        publishOverflow = builder.publishOverflow;
        publishRetries = builder.publishRetries;
        publishRetryWait = builder.publishRetryWait;
        onDisconnect = builder.onDisconnect;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** The domain, or null for that of the server or a prefix. */
    public @Nullable String domain() {
        return domain;
    }

    /** What the subjects of the API start with, without the dot at the end. */
    public String prefix() {
        return prefix;
    }

    /** How long to wait for an answer. */
    public Duration timeout() {
        return timeout;
    }

    /** How many acks of asynchronous publishes may be outstanding. */
    public int publishWindow() {
        return publishWindow;
    }

    /** What happens when as many are. */
    public PublishOverflow publishOverflow() {
        return publishOverflow;
    }

    /** How many times a message is published again when nobody is there to take it; -1 for as long as there is time. */
    public int publishRetries() {
        return publishRetries;
    }

    /** How long to wait before each of these times. */
    public Duration publishRetryWait() {
        return publishRetryWait;
    }

    /** What becomes of messages whose ack is outstanding when the server is lost. */
    public OnDisconnect onDisconnect() {
        return onDisconnect;
    }

    /** Whether it is the API of the server, or at least of its domain, that is asked. */
    boolean isOwn() {
        return prefix.equals(DEFAULT_PREFIX);
    }

    static String prefixOfDomain(String domain) {
        Rules.name("domain", domain);
        return "$JS." + domain + ".API";
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private @Nullable String domain;
        private @Nullable String prefix;
        private Duration timeout = Duration.ofSeconds(5);
        private int publishWindow = 4000;
        private PublishOverflow publishOverflow = PublishOverflow.WAIT;
        private int publishRetries = 2;
        private Duration publishRetryWait = Duration.ofMillis(250);
        private OnDisconnect onDisconnect = OnDisconnect.FAIL;

        private Builder() {}

        /**
         * The domain to ask, in place of that of the server.
         *
         * @throws IllegalArgumentException if it is not one token of a subject
         */
        public Builder domain(String name) {
            prefixOfDomain(name);
            domain = name;
            prefix = null;
            return this;
        }

        /**
         * What the subjects of the API start with, in place of {@code $JS.API}: that of an import from another account.
         *
         * @throws IllegalArgumentException if it is no subject without wildcards
         */
        public Builder prefix(String subject) {
            String trimmed = subject.endsWith(".") ? subject.substring(0, subject.length() - 1) : subject;
            Rules.literal("prefix", trimmed);
            prefix = trimmed;
            domain = null;
            return this;
        }

        /**
         * How long to wait for an answer; default 5 s.
         *
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder timeout(Duration time) {
            timeout = Rules.positive("timeout", time);
            return this;
        }

        /**
         * How many acks of asynchronous publishes may be outstanding, of each {@link JetStream} by itself; default 4000.
         *
         * @throws IllegalArgumentException if it is not from 1 to 1,000,000
         */
        public Builder publishWindow(int acks) {
            Rules.require(acks > 0 && acks <= MAX_WINDOW, "publishWindow", acks, "must be from 1 to " + MAX_WINDOW);
            publishWindow = acks;
            return this;
        }

        /** What an asynchronous publish does when as many are outstanding; default {@link PublishOverflow#WAIT}. */
        public Builder publishOverflow(PublishOverflow policy) {
            publishOverflow = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * How many times to publish again when nobody is there to take a message, as while a stream has no leader, and how
         * long to wait before each time; default 2, 250 ms (ADR-22).
         *
         * @param times -1 for as long as there is time, 0 for never
         * @throws IllegalArgumentException if it is less, or the wait is not above 0
         */
        public Builder publishRetries(int times, Duration wait) {
            Rules.require(times >= -1, "publishRetries", times, "must be at least -1");
            publishRetryWait = Rules.positive("publishRetries", wait);
            publishRetries = times;
            return this;
        }

        /**
         * What becomes of messages whose ack is outstanding when the server is lost; default {@link OnDisconnect#FAIL}.
         */
        public Builder onDisconnect(OnDisconnect policy) {
            onDisconnect = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** The options. */
        public JetStreamOptions build() {
            return new JetStreamOptions(this);
        }
    }
}
