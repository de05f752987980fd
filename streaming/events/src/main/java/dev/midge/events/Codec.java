// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import io.avaje.jsonb.JsonType;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

/**
 * Makes bytes of messages, and messages of bytes. Any other than those here is two methods. Thread-safe, all of them.
 *
 * <p>What they write is what walnats writes for the same: a walnats process reads it, and the other way round.
 *
 * @param <T> the messages
 */
public interface Codec<T> {
    /**
     * The bytes of a message.
     *
     * @throws Exception if there are none: {@link CodecException} has it as its cause
     */
    byte[] encode(T message) throws Exception;

    /**
     * The message that bytes stand for.
     *
     * @param payload the codec's own: it may be kept
     * @throws Exception if they stand for none
     */
    T decode(byte[] payload) throws Exception;

    /** Bytes, as they are. */
    static Codec<byte[]> bytes() {
        return PlainCodec.BYTES;
    }

    /** Text as UTF-8, as it is: not JSON. Bytes that are no UTF-8 cannot be decoded. */
    static Codec<String> text() {
        return PlainCodec.TEXT;
    }

    /** A date as ISO 8601 has it, {@code 2026-11-21}. */
    static Codec<LocalDate> date() {
        return PlainCodec.DATE;
    }

    /** A date and time without an offset as ISO 8601 has it, {@code 2026-11-21T20:30:00.000001}; nothing below a second if it has nothing. */
    static Codec<LocalDateTime> dateTime() {
        return PlainCodec.DATE_TIME;
    }

    /** As {@link #dateTime}, with its offset, {@code 2026-11-21T20:30:00+00:00}. */
    static Codec<OffsetDateTime> offsetDateTime() {
        return PlainCodec.OFFSET_DATE_TIME;
    }

    /**
     * JSON in UTF-8, without spaces: text, Boolean, numbers, and records and classes that avaje-jsonb has an adapter for, made
     * at compile time by {@code @Json}. Members that it does not know are left out, null members are written, and JSON's {@code
     * null} in the place of the message cannot be decoded.
     *
     * @throws IllegalArgumentException if there is no adapter
     */
    static <T> Codec<T> json(Class<T> type) {
        return JsonCodec.of(type);
    }

    /** As {@link #json(Class)}, a list of these. */
    static <E> Codec<List<E>> jsonList(Class<E> elementType) {
        return JsonCodec.list(elementType);
    }

    /** As {@link #json(Class)}, an object with members of any names. */
    static <V> Codec<Map<String, V>> jsonMap(Class<V> valueType) {
        return JsonCodec.map(valueType);
    }

    /** As {@link #json(Class)}, by a type of the user's own Jsonb, whose settings then count. */
    static <T> Codec<T> json(JsonType<T> type) {
        return JsonCodec.of(type);
    }

    /** As {@link #gzip(Codec, int)}, of 64 MiB at most. */
    static <T> Codec<T> gzip(Codec<T> inner) {
        return gzip(inner, GzipCodec.DEFAULT_MAX_BYTES);
    }

    /**
     * What another codec writes, compressed by gzip.
     *
     * @param maxBytes how many bytes at most a payload may grow to; those that do not stop there cannot be decoded
     * @throws IllegalArgumentException if that is not from 1 to 1 GiB
     */
    static <T> Codec<T> gzip(Codec<T> inner, int maxBytes) {
        return new GzipCodec<>(inner, maxBytes);
    }

    /** As {@link #hmac(Codec, byte[], String)}, by {@code HmacSHA512}. */
    static <T> Codec<T> hmac(Codec<T> inner, byte[] key) {
        return hmac(inner, key, HmacCodec.DEFAULT_ALGORITHM);
    }

    /**
     * What another codec writes, with its digest in front. If that is not the one that the key gives it cannot be decoded, and
     * the other codec does not see it.
     *
     * @param key copied
     * @param algorithm as {@link javax.crypto.Mac#getInstance(String)} takes it
     * @throws IllegalArgumentException if there is no such algorithm, or the key is empty
     */
    static <T> Codec<T> hmac(Codec<T> inner, byte[] key, String algorithm) {
        return new HmacCodec<>(inner, key, algorithm);
    }
}
