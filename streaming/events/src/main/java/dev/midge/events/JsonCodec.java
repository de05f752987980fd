// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.avaje.json.JsonDataException;
import io.avaje.json.JsonReader;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.avaje.jsonb.Types;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Compact JSON by avaje-jsonb. */
final class JsonCodec<T> implements Codec<T> {
    /** Of whole numbers, which its reader would cut off without a word. */
    private static final Map<Class<?>, Function<BigDecimal, Object>> WHOLE = Map.of(
            Integer.class, BigDecimal::intValueExact,
            Long.class, BigDecimal::longValueExact,
            Short.class, BigDecimal::shortValueExact,
            Byte.class, BigDecimal::byteValueExact);

    private final JsonType<T> type;

    private JsonCodec(JsonType<T> type) {
        this.type = Objects.requireNonNull(type, "type");
    }

    /** Made when first needed. */
    private static final class Default {
        /** Nulls are written, as others do, and have it that a member must be there. */
        static final Jsonb JSONB =
                Jsonb.builder().serializeNulls(true).serializeEmpty(true).build();

        private Default() {}
    }

    static <T> Codec<T> of(Class<T> type) {
        Function<BigDecimal, Object> exact = WHOLE.get(type);
        return exact != null ? new Whole<>(type, exact) : of(adapter(type));
    }

    static <T> Codec<T> of(JsonType<T> type) {
        return new JsonCodec<>(type);
    }

    static <E> Codec<List<E>> list(Class<E> type) {
        return of(adapter(Types.listOf(type)));
    }

    static <V> Codec<Map<String, V>> map(Class<V> type) {
        return of(adapter(Types.mapOf(type)));
    }

    private static <T> JsonType<T> adapter(Type type) {
        Objects.requireNonNull(type, "type");
        try {
            return Default.JSONB.type(type);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "type is " + type.getTypeName()
                            + ": must have a JSON adapter, which @Json and the annotation processor avaje-jsonb-generator make: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public byte[] encode(T message) {
        return withCommas(type.toJson(Objects.requireNonNull(message, "message")))
                .getBytes(UTF_8);
    }

    @Override
    public T decode(byte[] payload) throws CharacterCodingException {
        String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
        T message;
        try (JsonReader reader = Default.JSONB.reader(text)) {
            reader.currentToken(); // else it does not find the text that is all there is
            message = type.fromJson(reader);
            if (reader.hasNextStreamElement()) {
                throw new JsonDataException("there is more behind the value");
            }
        }
        if (message == null) {
            throw new JsonDataException("it is null");
        }
        return message;
    }

    /** Puts in what avaje-jsonb leaves out: the comma in front of an array that is not the first element of another. */
    static String withCommas(String json) {
        StringBuilder mended = null;
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '[' && i > 0 && "[,:".indexOf(json.charAt(i - 1)) < 0) {
                mended = mended == null ? new StringBuilder(json.length() + 16) : mended;
                mended.append(json, from, i).append(',');
                from = i;
            }
        }
        return mended == null ? json : mended.append(json, from, json.length()).toString();
    }

    private record Whole<T>(Class<T> type, Function<BigDecimal, Object> exact, JsonCodec<BigDecimal> decimal)
            implements Codec<T> {
        Whole(Class<T> type, Function<BigDecimal, Object> exact) {
            this(type, exact, new JsonCodec<>(adapter(BigDecimal.class)));
        }

        @Override
        public byte[] encode(T message) {
            return message.toString().getBytes(UTF_8);
        }

        @Override
        public T decode(byte[] payload) throws CharacterCodingException {
            BigDecimal number = decimal.decode(payload);
            if (number.scale() < -20) { // a billion digits may stand behind a few characters
                throw new JsonDataException("the number is too large");
            }
            return type.cast(exact.apply(number));
        }
    }
}
