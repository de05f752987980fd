// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.jetstream.StreamConfigBuilder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much the stream of an event may hold. What is not given is unlimited. When a limit is reached the stream drops its oldest
 * messages; those that are too large it refuses. Immutable.
 *
 * @param age how long a message is kept at most, from 100 ms on (the server's rule), or null
 * @param consumers how many actors the event may have, or null
 * @param messages how many messages are kept at most, or null
 * @param bytes how many bytes are kept at most, or null
 * @param messageSize the largest message in bytes, headers included, or null
 */
public record Limits(
        @Nullable Duration age,
        @Nullable Long consumers,
        @Nullable Long messages,
        @Nullable Long bytes,
        @Nullable Integer messageSize) {
    /** No limits. */
    public static final Limits NONE = new Limits(null, null, null, null, null);

    private static final Duration MIN_AGE = Duration.ofMillis(100);

    /** What the server has room for, in nanoseconds, is 292 years. */
    private static final Duration MAX_AGE = Duration.ofDays(365 * 100);

    /**
     * Limits, checked.
     *
     * @throws IllegalArgumentException if one of them is not above 0, or the age is not from 100 ms to 100 years
     */
    public Limits {
        if (age != null) {
            Rules.within("limit age", age, MIN_AGE, MAX_AGE);
        }
        positive("limit consumers", consumers);
        positive("limit messages", messages);
        positive("limit bytes", bytes);
        positive("limit messageSize", messageSize);
    }

    private static void positive(String field, @Nullable Number value) {
        Rules.require(value == null || value.longValue() > 0, field, value, "must be above 0");
    }

    /** These with another age. */
    public Limits withAge(Duration limit) {
        return new Limits(limit, consumers, messages, bytes, messageSize);
    }

    /** These with another number of actors. */
    public Limits withConsumers(long limit) {
        return new Limits(age, limit, messages, bytes, messageSize);
    }

    /** These with another number of messages. */
    public Limits withMessages(long limit) {
        return new Limits(age, consumers, limit, bytes, messageSize);
    }

    /** These with another number of bytes. */
    public Limits withBytes(long limit) {
        return new Limits(age, consumers, messages, limit, messageSize);
    }

    /** These with another size of messages. */
    public Limits withMessageSize(int limit) {
        return new Limits(age, consumers, messages, bytes, limit);
    }

    /** Says them to a stream. */
    void applyTo(StreamConfigBuilder config) {
        if (age != null) {
            config.maxAge(age);
        }
        if (consumers != null) {
            config.maxConsumers(consumers);
        }
        if (messages != null) {
            config.maxMsgs(messages);
        }
        if (bytes != null) {
            config.maxBytes(bytes);
        }
        if (messageSize != null) {
            config.maxMsgSize(messageSize);
        }
    }
}
