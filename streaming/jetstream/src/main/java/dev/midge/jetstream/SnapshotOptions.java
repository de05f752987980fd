// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a snapshot has in it, and how it comes. Immutable. */
public final class SnapshotOptions {
    /** With consumers, not checked before, in chunks of the size that the server likes. */
    public static final SnapshotOptions DEFAULTS = builder().build();

    private static final int MIN_CHUNK = 1 << 10;
    private static final int MAX_CHUNK = 1 << 20;
    private static final int MAX_WINDOW = 32 << 20;

    /** Servers before 2.15 leave it unread, or refuse it. */
    private static final String WINDOW = "window_size";

    private final Map<String, Object> body;

    private SnapshotOptions(Map<String, Object> body) {
        this.body = Map.copyOf(body);
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** The request for a snapshot that is delivered there. */
    Map<String, Object> body(String deliverSubject) {
        Map<String, Object> request = new LinkedHashMap<>(body);
        request.put("deliver_subject", deliverSubject);
        return request;
    }

    /** Refuses what the server does not have. */
    void check(Api api, String what) {
        if (body.containsKey(WINDOW)) {
            api.require(what, WINDOW, Since.V2_15);
        }
    }

    @Override
    public String toString() {
        return "SnapshotOptions " + body;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private final Map<String, Object> body = new LinkedHashMap<>();

        private Builder() {}

        /** Leaves the consumers and their state out. */
        public Builder withoutConsumers() {
            body.put("no_consumers", true);
            return this;
        }

        /** Has the server check all messages before: slower. */
        public Builder checked() {
            body.put("jsck", true);
            return this;
        }

        /**
         * The size of the chunks in bytes, which is what is in memory at a time besides what the server sends ahead; default
         * that of the server, 128 KiB.
         *
         * @throws IllegalArgumentException if it is not from 1 KiB to 1 MiB
         */
        public Builder chunkSize(int bytes) {
            return put("chunk_size", "chunkSize", bytes, MAX_CHUNK);
        }

        /**
         * How many bytes the server sends ahead of those that it is told were written, and at least a chunk; default that of the
         * server, 8 MiB. Servers from 2.15 on.
         *
         * @throws IllegalArgumentException if it is not from 1 KiB to 32 MiB
         */
        public Builder windowSize(int bytes) {
            return put(WINDOW, "windowSize", bytes, MAX_WINDOW);
        }

        private Builder put(String field, String name, int bytes, int most) {
            Rules.require(
                    bytes >= MIN_CHUNK && bytes <= most, name, bytes, "must be from " + MIN_CHUNK + " to " + most);
            body.put(field, (long) bytes);
            return this;
        }

        /** The options. */
        public SnapshotOptions build() {
            return new SnapshotOptions(body);
        }
    }
}
