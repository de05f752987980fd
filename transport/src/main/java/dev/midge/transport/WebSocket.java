// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How to talk to {@code ws://} and {@code wss://} servers, by RFC 6455. Needs the optional jar
 * {@code io.netty:netty-codec-http}. Immutable.
 */
public final class WebSocket {
    /** A server puts all that waits for a client into one frame: at most its max_pending, by default 64 MiB. */
    private static final int DEFAULT_MAX_FRAME_SIZE = 64 << 20;

    /** Those of the upgrade itself, in lower case. */
    private static final Set<String> OWN_HEADERS = Set.of(
            "host",
            "connection",
            "upgrade",
            "content-length",
            "transfer-encoding",
            "sec-websocket-key",
            "sec-websocket-version",
            "sec-websocket-accept",
            "sec-websocket-extensions");

    private final Map<String, String> headers;
    private final Supplier<Map<String, String>> supplier;
    private final boolean compression;
    private final int maxFrameSize;

    private WebSocket(Builder builder) {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(builder.headers));
        supplier = builder.supplier;
        compression = builder.compression;
        maxFrameSize = builder.maxFrameSize;
    }

    /** Everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether messages are compressed where the server agrees. */
    public boolean compression() {
        return compression;
    }

    /** The largest frame that is accepted, in bytes. */
    public int maxFrameSize() {
        return maxFrameSize;
    }

    /**
     * Those of one attempt. May block.
     *
     * @throws IllegalArgumentException if the supplier gives one that cannot be sent
     */
    Map<String, String> headers() {
        Map<String, String> all = new LinkedHashMap<>(headers);
        Objects.requireNonNull(supplier.get(), "the supplier of headers returned null")
                .forEach((name, value) -> {
                    checkHeader(name, value);
                    all.put(name, value);
                });
        return all;
    }

    /** For logs: values of headers may be secrets and are not shown. */
    @Override
    public String toString() {
        return "WebSocket[headers " + headers.keySet() + (compression ? ", compression" : "") + ", frames up to "
                + maxFrameSize + " bytes]";
    }

    private static void checkHeader(String name, String value) {
        boolean token = !name.isEmpty();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            token &= c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
        if (!token) {
            throw new IllegalArgumentException("header name is \"" + escaped(name) + "\": must be an HTTP token");
        }
        if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("header name is \"" + name + "\": the upgrade sets that one itself");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '\t' && (c < ' ' || c > 0xff || c == 0x7f)) {
                throw new IllegalArgumentException("value of header " + name
                        + " has a control character, or one outside of ISO 8859-1, at index " + i);
            }
        }
    }

    /** What may come from a stranger, fit for a text of one line. */
    static String escaped(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 200); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        return text.length() > 200 ? shown.append("...").toString() : shown.toString();
    }

    /** Collects how it is to be; each method says its default. Not thread-safe. */
    public static final class Builder {
        private final Map<String, String> headers = new LinkedHashMap<>();
        private Supplier<Map<String, String>> supplier = Map::of;
        private boolean compression;
        private int maxFrameSize = DEFAULT_MAX_FRAME_SIZE;

        private Builder() {}

        /**
         * Adds a header to the request that asks for the upgrade, in place of one with this name; default none.
         *
         * @throws IllegalArgumentException if the name is no HTTP token or one that the upgrade sets itself, or the
         *     value has a control character or one outside of ISO 8859-1
         */
        public Builder header(String name, String value) {
            checkHeader(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            headers.put(name, value);
            return this;
        }

        /**
         * {@link #header} for each of them.
         *
         * @throws IllegalArgumentException if one cannot be sent; then none is added
         */
        public Builder headers(Map<String, String> added) {
            added.forEach(WebSocket::checkHeader);
            headers.putAll(added);
            return this;
        }

        /**
         * Gives the headers that change, on top of the others: as a token that expires. Default none.
         *
         * @param source asked at every attempt, on a thread that may block; what it throws, null, and a header that
         *     cannot be sent fail the attempt
         */
        public Builder headers(Supplier<Map<String, String>> source) {
            supplier = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Whether to ask the server for permessage-deflate (RFC 7692) without memory from message to message, in both
         * directions. A server that does not offer it is talked to without. Default false: it takes the event loop's
         * time.
         */
        public Builder compression(boolean on) {
            compression = on;
            return this;
        }

        /**
         * The largest frame that the server may send, and the largest message after decompression; a larger one ends
         * the connection. Frames are passed on as they arrive, so this costs no memory. Default 64 MiB.
         *
         * @throws IllegalArgumentException if outside 1,024 to 1,073,741,824 bytes
         */
        public Builder maxFrameSize(int bytes) {
            if (bytes < 1 << 10 || bytes > 1 << 30) {
                throw new IllegalArgumentException("maxFrameSize is " + bytes + ": must be 1024 to 1073741824");
            }
            maxFrameSize = bytes;
            return this;
        }

        /** The value. */
        public WebSocket build() {
            return new WebSocket(this);
        }
    }
}
