// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.internal.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which messages of a stream to get in batches, ADR-31. Immutable. Servers from 2.11 on. */
public final class BatchQuery {
    private static final int DEFAULT_BATCH = 1000;

    private final Map<String, Object> body;

    private BatchQuery(Map<String, Object> body) {
        this.body = body;
    }

    /** A builder for the messages of a subject, which may have wildcards, in their order. */
    public static Builder subject(String subject) {
        Rules.filter("subject", subject);
        Builder builder = new Builder();
        builder.body.put("seq", 1L);
        builder.body.put("next_by_subj", subject);
        return builder;
    }

    /** A builder for the last message of each subject that one of these matches: 1024 subjects at most. */
    public static Builder lastOf(String... subjects) {
        Rules.require(subjects.length > 0, "subjects", "[]", "must not be empty");
        Rules.filters("subjects", List.of(subjects));
        Builder builder = new Builder();
        builder.body.put("multi_last", List.of(subjects));
        return builder;
    }

    /** What to ask for one batch. */
    Map<String, Object> body() {
        return body;
    }

    boolean isLastOf() {
        return body.containsKey("multi_last");
    }

    @Override
    public String toString() {
        return "messages " + Json.toText(body);
    }

    /** Collects a query. Not thread-safe. */
    public static final class Builder {
        private final Map<String, Object> body = new LinkedHashMap<>();

        private Builder() {
            body.put("batch", (long) DEFAULT_BATCH);
        }

        /** From a sequence number on. */
        public Builder from(long sequence) {
            return put("seq", sequence);
        }

        /** From a time on; in place of a sequence number. */
        public Builder from(Instant time) {
            body.remove("seq");
            body.put("start_time", time.toString());
            return this;
        }

        /** Up to a sequence number; for the last of each subject, which is then the last there was. */
        public Builder upTo(long sequence) {
            return put("up_to_seq", sequence);
        }

        /** Up to a time; for the last of each subject, which is then the last there was. */
        public Builder upTo(Instant time) {
            body.put("up_to_time", time.toString());
            return this;
        }

        /** How many messages a batch has at most; default 1000. More batches are asked for as they are needed. */
        public Builder batch(int messages) {
            return put("batch", messages);
        }

        /** How many bytes a batch has at most, but for its last message; default what the server sends a client at once. */
        public Builder maxBytes(int bytes) {
            return put("max_bytes", bytes);
        }

        private Builder put(String field, long value) {
            Rules.require(value > 0, field, value, "must be above 0");
            body.put(field, value);
            return this;
        }

        /**
         * The query.
         *
         * @throws IllegalArgumentException if there is an end for messages in their order
         */
        public BatchQuery build() {
            boolean ends = body.containsKey("up_to_seq") || body.containsKey("up_to_time");
            Rules.require(
                    !ends || body.containsKey("multi_last"), "upTo", ends, "is for the last message of each subject");
            return new BatchQuery(Map.copyOf(body));
        }
    }
}
