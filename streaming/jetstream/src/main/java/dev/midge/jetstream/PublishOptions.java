// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.Headers;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a stream is to check, or to do, when it stores a message: headers, in the place of those of the same name that the message
 * itself has. Immutable.
 *
 * <p>Source: the headers in nats-server's stream.go and message TTL (ADR-43).
 */
public final class PublishOptions {
    /** Nothing to check, the timeout of {@link JetStreamOptions#timeout()}. */
    public static final PublishOptions DEFAULTS = builder().build();

    static final String MESSAGE_ID = "Nats-Msg-Id";
    private static final String EXPECTED_STREAM = "Nats-Expected-Stream";
    private static final String EXPECTED_LAST_ID = "Nats-Expected-Last-Msg-Id";
    private static final String EXPECTED_LAST_SEQUENCE = "Nats-Expected-Last-Sequence";
    private static final String EXPECTED_SUBJECT_SEQUENCE = "Nats-Expected-Last-Subject-Sequence";
    private static final String EXPECTED_SUBJECT = "Nats-Expected-Last-Subject-Sequence-Subject";
    private static final String ROLLUP = "Nats-Rollup";
    private static final String TTL = "Nats-TTL";

    private final @Nullable Headers headers;
    private final @Nullable Duration timeout;

    private PublishOptions(Builder builder) {
        Headers all = builder.headers.build();
        headers = all.isEmpty() ? null : all;
        timeout = builder.timeout;
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** The headers that they stand for. */
    public Headers headers() {
        return headers == null ? Headers.EMPTY : headers;
    }

    /** How long to wait for the ack; null for {@link JetStreamOptions#timeout()}. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    /** Headers of a message with these in addition. */
    @Nullable
    Headers addTo(@Nullable Headers given) {
        Headers own = headers;
        if (own == null || given == null || given.isEmpty()) {
            return own == null ? given : own;
        }
        Headers.Builder both = given.toBuilder();
        own.forEach(both::set);
        return both.build();
    }

    /** Refuses what a server would store as a header that means nothing to it. */
    void check(Api api, String subject) {
        Headers own = headers;
        if (own != null) {
            for (String name : own.names()) {
                if (name.equals(TTL) || name.equals(EXPECTED_SUBJECT)) {
                    api.require("cannot publish to " + subject, name, Since.V2_11);
                }
            }
        }
    }

    @Override
    public String toString() {
        return "PublishOptions " + headers() + (timeout == null ? "" : ", timeout " + timeout);
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private final Headers.Builder headers = Headers.builder();
        private @Nullable Duration timeout;

        private Builder() {}

        /**
         * What tells the message from others: a stream stores none of an id that it has stored within its duplicate
         * window, and answers with a {@linkplain PublishAck#duplicate() duplicate}. Header {@code Nats-Msg-Id}.
         *
         * @throws IllegalArgumentException if it is empty or has CR or LF
         */
        public Builder messageId(String id) {
            return set(MESSAGE_ID, "messageId", id);
        }

        /**
         * The stream that is to store it; another refuses it. Header {@code Nats-Expected-Stream}.
         *
         * @throws IllegalArgumentException if it is no name of a stream
         */
        public Builder expectedStream(String name) {
            headers.set(EXPECTED_STREAM, Rules.name("expectedStream", name));
            return this;
        }

        /**
         * The message id that the last message of the stream is to have. Header {@code Nats-Expected-Last-Msg-Id}.
         *
         * @throws IllegalArgumentException if it is empty or has CR or LF
         */
        public Builder expectedLastMessageId(String id) {
            return set(EXPECTED_LAST_ID, "expectedLastMessageId", id);
        }

        /**
         * The number that the last message of the stream is to have, 0 if there is to be none; else it is refused with
         * {@link WrongLastSequenceException}. Header {@code Nats-Expected-Last-Sequence}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder expectedLastSequence(long sequence) {
            return set(EXPECTED_LAST_SEQUENCE, "expectedLastSequence", sequence);
        }

        /**
         * As {@link #expectedLastSequence}, of the last message of the same subject. Header {@code
         * Nats-Expected-Last-Subject-Sequence}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder expectedLastSubjectSequence(long sequence) {
            headers.remove(EXPECTED_SUBJECT);
            return set(EXPECTED_SUBJECT_SEQUENCE, "expectedLastSubjectSequence", sequence);
        }

        /**
         * As {@link #expectedLastSequence}, of the last message of all subjects that match. Header {@code
         * Nats-Expected-Last-Subject-Sequence-Subject}; servers from 2.11 on.
         *
         * @param subject may have wildcards; it is to match the subject of the message
         * @throws IllegalArgumentException if the number is negative, or it is no subject
         */
        public Builder expectedLastSubjectSequence(long sequence, String subject) {
            Rules.filter("expectedLastSubjectSequence", subject);
            set(EXPECTED_SUBJECT_SEQUENCE, "expectedLastSubjectSequence", sequence);
            headers.set(EXPECTED_SUBJECT, subject);
            return this;
        }

        /** Takes the place of earlier messages, where the stream allows that. Header {@code Nats-Rollup}. */
        public Builder rollup(Rollup what) {
            headers.set(ROLLUP, what.value());
            return this;
        }

        /**
         * How long the stream is to keep it, where it allows that; rounded up to seconds, which servers count in. Header
         * {@code Nats-TTL}; servers from 2.11 on.
         *
         * @throws IllegalArgumentException if it is below 1 s
         */
        public Builder ttl(Duration time) {
            Rules.require(time.compareTo(Duration.ofSeconds(1)) >= 0, "ttl", time, "must be at least 1 s");
            headers.set(TTL, String.valueOf(time.getSeconds() + (time.getNano() > 0 ? 1 : 0)));
            return this;
        }

        /** The stream is to keep it even beyond its maximum age, where it allows that: as {@link #ttl}, without an end. */
        public Builder neverExpires() {
            headers.set(TTL, "never");
            return this;
        }

        /**
         * How long to wait for the ack, in the place of {@link JetStreamOptions#timeout()}.
         *
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder timeout(Duration time) {
            timeout = Rules.positive("timeout", time);
            return this;
        }

        private Builder set(String header, String name, String value) {
            Objects.requireNonNull(value, name);
            Rules.require(!value.isBlank(), name, value, "must not be empty");
            headers.set(header, value);
            return this;
        }

        private Builder set(String header, String name, long sequence) {
            Rules.require(sequence >= 0, name, sequence, "must not be negative");
            headers.set(header, String.valueOf(sequence));
            return this;
        }

        /** The options. */
        public PublishOptions build() {
            return new PublishOptions(this);
        }
    }
}
