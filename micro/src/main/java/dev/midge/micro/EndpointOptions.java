// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an endpoint is called and how it behaves. Immutable. */
public final class EndpointOptions {
    private final String name;
    private final String subject;
    private final Map<String, String> metadata;
    private final Builder settings;

    private EndpointOptions(Builder builder) {
        name = builder.name;
        subject = builder.subject == null ? name : builder.subject;
        metadata = builder.metadata;
        settings = builder.copy();
    }

    /**
     * A builder for an endpoint of that name.
     *
     * @param name need not be unique
     * @throws IllegalArgumentException unless it is of A-Z, a-z, 0-9, - and _ (ADR-32)
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    String name() {
        return name;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** With the subject as the prefix: it is complete now. */
    Scope within(Scope outer) {
        return settings.within(outer, subject);
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder extends Settings<Builder> {
        private final String name;
        private @Nullable String subject;
        private Map<String, String> metadata = Map.of();

        private Builder(String name) {
            this.name = Rules.name("endpoint name", name);
        }

        private Builder copy() {
            return copyTo(new Builder(name));
        }

        /**
         * What requests are sent to, behind the prefix of the group; may have wildcards. The default is the name.
         *
         * @throws IllegalArgumentException if it is no subject that can be subscribed to
         */
        public Builder subject(String subjectOrWildcard) {
            subject = Rules.subject(subjectOrWildcard);
            return this;
        }

        /**
         * What is told of the endpoint by INFO, copied.
         *
         * @throws IllegalArgumentException if a key is empty, or all are of more than 131,072 characters
         */
        public Builder metadata(Map<String, String> texts) {
            metadata = Rules.metadata(texts);
            return this;
        }

        /** The options. */
        public EndpointOptions build() {
            return new EndpointOptions(this);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
