// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.avaje.json.JsonDataException;
import io.avaje.json.JsonException;
import io.avaje.json.JsonReader;
import io.avaje.json.JsonReader.Token;
import io.avaje.json.JsonWriter;
import io.avaje.json.stream.BufferRecycleStrategy;
import io.avaje.json.stream.BufferedJsonWriter;
import io.avaje.json.stream.JsonStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as a tree, in the order of the text: {@link String}, {@link Boolean}, {@link Long}, {@link BigDecimal} where a Long
 * cannot hold the number, unmodifiable lists and maps of these, and null.
 */
final class Json {
    /** Deeper than any answer is, and shallow enough that hostile nesting cannot exhaust a stack. */
    static final int MAX_DEPTH = 32;

    /** More digits than any number of the API has; a short text can stand for a number of a billion digits. */
    private static final int MAX_EXPONENT = 1000;

    private static final JsonStream STREAM = JsonStream.builder()
            .bufferRecycling(BufferRecycleStrategy.NO_RECYCLING)
            .serializeNulls(true)
            .serializeEmpty(true)
            .build();

    private Json() {}

    /**
     * Reads one object that is all of the text.
     *
     * @throws JsonException if it is anything else, or nested deeper than {@value #MAX_DEPTH}
     */
    static Map<String, @Nullable Object> parse(byte[] text) {
        try (JsonReader reader = STREAM.reader(text)) {
            if (reader.currentToken() != Token.BEGIN_OBJECT) {
                throw new JsonDataException("not an object");
            }
            Map<String, @Nullable Object> object = readObject(reader, 1);
            if (reader.hasNextStreamElement()) {
                throw new JsonDataException("more text after the object");
            }
            return object;
        } catch (IndexOutOfBoundsException e) { // how the reader reports text that ends within an escape
            throw new JsonDataException("text ends within a value", e);
        }
    }

    private static @Nullable Object read(JsonReader reader, int depth) {
        return switch (reader.currentToken()) {
            case BEGIN_OBJECT -> readObject(reader, depth + 1);
            case BEGIN_ARRAY -> readArray(reader, depth + 1);
            case STRING -> reader.readString();
            case BOOLEAN -> reader.readBoolean();
            case NUMBER -> exact(reader.readDecimal());
            case NULL -> readNull(reader);
            default -> throw new JsonDataException("no value");
        };
    }

    private static @Nullable Object readNull(JsonReader reader) {
        if (!reader.isNullValue()) {
            throw new JsonDataException("no value");
        }
        return null;
    }

    private static Map<String, @Nullable Object> readObject(JsonReader reader, int depth) {
        checkDepth(depth);
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNextField()) {
            String name = reader.nextField();
            object.put(name, read(reader, depth));
        }
        reader.endObject();
        return Collections.unmodifiableMap(object);
    }

    private static List<@Nullable Object> readArray(JsonReader reader, int depth) {
        checkDepth(depth);
        List<@Nullable Object> array = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNextElement()) {
            array.add(read(reader, depth));
        }
        reader.endArray();
        return Collections.unmodifiableList(array);
    }

    private static void checkDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new JsonDataException("nested deeper than " + MAX_DEPTH);
        }
    }

    /** Narrowed here, as the reader's own longs wrap without a word. */
    private static Object exact(BigDecimal number) {
        if (Math.abs((long) number.scale()) > MAX_EXPONENT) {
            throw new JsonDataException("a number with an exponent beyond " + MAX_EXPONENT);
        }
        try {
            return number.longValueExact();
        } catch (ArithmeticException notALong) {
            return number;
        }
    }

    /** Writes an object, members in the order of the map, nulls included. */
    static String toText(Map<String, ? extends @Nullable Object> object) {
        try (BufferedJsonWriter writer = STREAM.bufferedWriter()) {
            write(writer, object);
            return writer.result();
        }
    }

    /** As {@link #toText}, in UTF-8. */
    static byte[] toBytes(Map<String, ? extends @Nullable Object> object) {
        return toText(object).getBytes(UTF_8);
    }

    private static void write(JsonWriter writer, @Nullable Object value) {
        if (value == null) {
            writer.nullValue();
        } else if (value instanceof String text) {
            writer.value(encodable(text));
        } else if (value instanceof Boolean flag) {
            writer.value(flag);
        } else if (value instanceof Number number) {
            writer.value(new BigDecimal(number.toString()));
        } else if (value instanceof List<?> array) {
            writer.beginArray();
            for (Object element : array) {
                if (element instanceof List) {
                    writer.rawValue(""); // the writer puts no comma before an array: this brings it
                }
                write(writer, element);
            }
            writer.endArray();
        } else if (value instanceof Map<?, ?> object) {
            writer.beginObject();
            object.forEach((name, member) -> {
                writer.name(encodable(String.valueOf(name)));
                write(writer, member);
            });
            writer.endObject();
        } else {
            throw new IllegalArgumentException(value.getClass() + " has no JSON");
        }
    }

    /** Half a surrogate pair, which has no UTF-8, becomes a question mark. */
    private static String encodable(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }
}
