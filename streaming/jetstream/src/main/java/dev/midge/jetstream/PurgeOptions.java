// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.internal.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which messages a purge removes; without any option all. Immutable. */
public final class PurgeOptions {
    private final Map<String, Object> body;

    private PurgeOptions(Map<String, Object> body) {
        this.body = Map.copyOf(body);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Those of a subject, which may have wildcards. */
    public static PurgeOptions subject(String subject) {
        return builder().subject(subject).build();
    }

    Map<String, Object> body() {
        return body;
    }

    @Override
    public String toString() {
        return "purge " + Json.toText(body);
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private final Map<String, Object> body = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Those of a subject, which may have wildcards, only.
         *
         * @throws IllegalArgumentException if it is no subject
         */
        public Builder subject(@Nullable String subject) {
            Rules.filter("subject", subject);
            body.put("filter", String.valueOf(subject));
            return this;
        }

        /**
         * Those before a sequence number only.
         *
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder before(long sequence) {
            Rules.require(sequence > 0, "before", sequence, "must be above 0");
            body.put("seq", sequence);
            return this;
        }

        /**
         * All but so many, the newest.
         *
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder keep(long messages) {
            Rules.require(messages > 0, "keep", messages, "must be above 0");
            body.put("keep", messages);
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if both before and keep are set
         */
        public PurgeOptions build() {
            Rules.require(
                    !body.containsKey("seq") || !body.containsKey("keep"),
                    "keep",
                    body.get("keep"),
                    "must not be with before, which says the same in another way");
            return new PurgeOptions(body);
        }
    }
}
