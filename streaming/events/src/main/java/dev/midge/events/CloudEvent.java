// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.protocol.Headers;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What CloudEvents 1.0 says about an event, put into headers: {@code ce-<name>} each. Its id tells a message from others,
 * unless there is a {@linkplain EmitOptions.Builder#uid uid}. Immutable.
 *
 * <p>Source: CloudEvents specification 1.0 and its NATS binding.
 */
public final class CloudEvent {
    private static final String PREFIX = "ce-";
    private static final String ID = "id";

    private final Map<String, String> attributes;

    private CloudEvent(Map<String, String> attributes) {
        this.attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /**
     * Starts with what every CloudEvent has.
     *
     * @throws IllegalArgumentException if one of them is blank or has control characters
     */
    public static Builder builder(String id, String source, String type) {
        return new Builder().set(ID, id).set("source", source).set("type", type).set("specversion", "1.0");
    }

    /** The CloudEvent in the headers of a message; null if there is none, as {@code ce-id} is not there. */
    public static @Nullable CloudEvent of(Headers headers) {
        Map<String, String> found = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                found.putIfAbsent(name.substring(PREFIX.length()), value);
            }
        });
        return found.containsKey(ID) ? new CloudEvent(found) : null;
    }

    /** The attributes, as they are in the headers but for the prefix. */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** One attribute, or null. */
    public @Nullable String get(String name) {
        return attributes.get(name);
    }

    String id() {
        return attributes.getOrDefault(ID, "");
    }

    void addTo(Headers.Builder headers) {
        attributes.forEach((name, value) -> headers.set(PREFIX + name, value));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CloudEvent that && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return attributes.hashCode();
    }

    @Override
    public String toString() {
        return "CloudEvent " + attributes;
    }

    /**
     * Collects attributes. All of its methods throw IllegalArgumentException for text that is blank or has control characters. Not
     * thread-safe.
     */
    public static final class Builder {
        private final Map<String, String> attributes = new LinkedHashMap<>();

        private Builder() {}

        /** The media type of the payload. */
        public Builder dataContentType(String mediaType) {
            return set("datacontenttype", mediaType);
        }

        /** Where the schema of the payload is. */
        public Builder dataSchema(String uri) {
            return set("dataschema", uri);
        }

        /** What of the source it is about. */
        public Builder subject(String subject) {
            return set("subject", subject);
        }

        /** When it happened: ISO 8601 in UTC. */
        public Builder time(Instant time) {
            return set("time", time.toString());
        }

        /** Where the payload is kept. Extension. */
        public Builder dataRef(String uri) {
            return set("dataref", uri);
        }

        /** What belongs together. Extension. */
        public Builder partitionKey(String key) {
            return set("partitionkey", key);
        }

        /**
         * How many similar events this one stands for. Extension.
         *
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder sampledRate(int rate) {
            Rules.require(rate > 0, "sampledrate", rate, "must be above 0");
            return set("sampledrate", String.valueOf(rate));
        }

        /** Its place among others of the source. Extension. */
        public Builder sequence(String value) {
            return set("sequence", value);
        }

        /** W3C trace context. Extension. */
        public Builder traceParent(String value) {
            return set("traceparent", value);
        }

        /** W3C trace context. Extension. */
        public Builder traceState(String value) {
            return set("tracestate", value);
        }

        private Builder set(String name, String value) {
            attributes.put(name, Rules.header("CloudEvent " + name, value));
            return this;
        }

        /** The CloudEvent. */
        public CloudEvent build() {
            return new CloudEvent(attributes);
        }
    }
}
