// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where JetStream is, and how long to wait for it. Immutable. */
public final class JetStreamOptions {
    /** The domain of the server, its own prefix, 5 seconds. */
    public static final JetStreamOptions DEFAULTS = builder().build();

    private static final String DEFAULT_PREFIX = "$JS.API";

    private final @Nullable String domain;
    private final String prefix;
    private final Duration timeout;

    private JetStreamOptions(Builder builder) {
        domain = builder.domain;
        prefix = builder.prefix != null ? builder.prefix : domain == null ? DEFAULT_PREFIX : prefixOfDomain(domain);
        timeout = builder.timeout;
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
            Rules.require(!time.isNegative() && !time.isZero(), "timeout", time, "must be above 0");
            timeout = time;
            return this;
        }

        /** The options. */
        public JetStreamOptions build() {
            return new JetStreamOptions(this);
        }
    }
}
