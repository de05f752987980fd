// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.Headers;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.ProtocolException;
import dev.midge.protocol.Status;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message, received or to be published. Its array of payload is not copied on the way in or out: a received one
 * belongs to whoever received it; one to be published must not be changed until {@code publish} has returned.
 */
public final class Message {
    private static final byte[] NO_DATA = {};

    private final String subject;

    /** Of a received one that has a reply-to subject: few of them are read, and some are sent back as they came. */
    private final byte @Nullable [] replyBytes;

    /** Decoded when it is first read, where there are bytes. */
    private @Nullable String replyTo;

    private final @Nullable Headers headers;
    private final byte[] data;
    private final @Nullable NatsSubscription subscription;

    /** Known without looking at the payload, which is far from the thread that consumes till it is read. */
    private final int pendingSize;

    Message(
            String subject,
            @Nullable String replyTo,
            @Nullable Headers headers,
            byte[] data,
            @Nullable NatsSubscription subscription) {
        this(subject, replyTo, null, headers, data, subscription);
    }

    private Message(
            String subject,
            @Nullable String replyTo,
            byte @Nullable [] replyBytes,
            @Nullable Headers headers,
            byte[] data,
            @Nullable NatsSubscription subscription) {
        this.subject = subject;
        this.replyTo = replyTo;
        this.replyBytes = replyBytes;
        this.headers = headers;
        this.data = data;
        this.subscription = subscription;
        pendingSize = data.length + (headers == null ? 0 : headers.blockLength());
    }

    /** On the event loop: a copy of what came. */
    static Message received(MessageView view, String subject, NatsSubscription subscription) {
        int maxHeaders = subscription.connection().options().limits().maxHeaderCount();
        Headers headers = view.headerLength() == 0 ? null : Headers.parse(view.copyHeaders(), maxHeaders);
        return new Message(subject, null, view.copyReplyTo(), headers, view.copyPayload(), subscription);
    }

    /** Starts a message to a subject, which is checked when it is published. */
    public static Builder to(String subject) {
        return new Builder(subject);
    }

    /** The subject it was published to. */
    public String subject() {
        return subject;
    }

    /** The subject that an answer is expected on, or null. That of a received message is decoded when it is first read. */
    public @Nullable String replyTo() {
        String decoded = replyTo;
        byte[] bytes = replyBytes;
        if (decoded == null && bytes != null) {
            decoded = new String(bytes, UTF_8);
            replyTo = decoded; // racy: another thread's is equal
        }
        return decoded;
    }

    /** As it came; null if there is none, or if it was not received. */
    byte @Nullable [] replyBytes() {
        return replyBytes;
    }

    /**
     * Its headers, empty if it has none. Those of a received message are parsed when they are first read.
     */
    public Headers headers() {
        return headers == null ? Headers.EMPTY : headers;
    }

    /** Whether it has a header block. */
    public boolean hasHeaders() {
        return headers != null;
    }

    /** The payload: not a copy. */
    public byte[] data() {
        return data;
    }

    /** The length of the payload in bytes. */
    public int size() {
        return data.length;
    }

    /** The payload as UTF-8 text. */
    public String text() {
        return new String(data, UTF_8);
    }

    /**
     * Publishes an answer to the reply-to subject, as {@link Connection#publish(String, byte[])} does.
     *
     * @throws IllegalStateException if this message has no reply-to subject or was not received
     */
    public void respond(byte[] data) {
        subscription("respond").connection().publish(replyToOrFail(), data);
    }

    /** Publishes an answer as UTF-8 text; see {@link #respond(byte[])}. */
    public void respond(String text) {
        respond(text.getBytes(UTF_8));
    }

    /**
     * Publishes an answer with the headers, payload and reply-to subject of another message, whose own subject is
     * ignored; see {@link #respond(byte[])}.
     */
    public void respond(Message answer) {
        NatsSubscription origin = subscription("respond");
        origin.connection().publish(new Message(replyToOrFail(), answer.replyTo(), answer.headers, answer.data, null));
    }

    @Override
    public String toString() {
        return "Message to " + subject + (replyTo() == null ? "" : ", reply to " + replyTo()) + ", " + data.length
                + " bytes" + (headers == null ? "" : ", with headers");
    }

    @Nullable
    Headers headersOrNull() {
        return headers;
    }

    /** What it counts for against the byte limit of its subscription: as many bytes as came, whatever they mean. */
    int pendingSize() {
        return pendingSize;
    }

    /** Whether the server says by it that nobody is subscribed to the subject of a request. */
    boolean isNoResponders() {
        return data.length == 0 && statusCode() == Status.NO_RESPONDERS;
    }

    /** The code of its status, 0 if it has none. */
    int statusCode() {
        if (headers == null) {
            return 0;
        }
        try {
            Status status = headers.status();
            return status == null ? 0 : status.code();
        } catch (ProtocolException e) {
            return 0; // whoever reads the headers is told
        }
    }

    private String replyToOrFail() {
        String reply = replyTo();
        if (reply == null) {
            throw new IllegalStateException("cannot respond to the message to " + subject + ": it has no reply-to");
        }
        return reply;
    }

    private NatsSubscription subscription(String operation) {
        if (subscription == null) {
            throw new IllegalStateException(
                    "cannot " + operation + " to the message to " + subject + ": it was not received");
        }
        return subscription;
    }

    /** Puts a message together. Not thread-safe. */
    public static final class Builder {
        private final String subject;
        private @Nullable String replyTo;
        private Headers.@Nullable Builder headers;
        private byte[] data = NO_DATA;

        private Builder(String subject) {
            this.subject = Objects.requireNonNull(subject, "subject");
        }

        /** The subject that an answer is expected on, checked when the message is published; default none. */
        public Builder replyTo(@Nullable String subject) {
            replyTo = subject;
            return this;
        }

        /**
         * Adds a header behind those there are, of the same name too.
         *
         * @throws IllegalArgumentException if the name or the value is not allowed (ADR-4)
         */
        public Builder header(String name, String value) {
            Headers.Builder builder = headers;
            if (builder == null) {
                builder = Headers.builder();
                headers = builder;
            }
            builder.add(name, value);
            return this;
        }

        /** Sets all headers, in place of those there are. */
        public Builder headers(Headers all) {
            headers = all.toBuilder();
            return this;
        }

        /** The payload, which is not copied; default empty. */
        public Builder data(byte[] payload) {
            data = Objects.requireNonNull(payload, "payload");
            return this;
        }

        /** The payload as UTF-8 text. */
        public Builder data(String text) {
            return data(text.getBytes(UTF_8));
        }

        /** The message. */
        public Message build() {
            Headers block = headers == null ? null : headers.build();
            return new Message(subject, replyTo, block == null || block.isEmpty() ? null : block, data, null);
        }
    }
}
