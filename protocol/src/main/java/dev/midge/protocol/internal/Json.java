// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol.internal;

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
 * JSON objects from text and to text, as trees in the order of the text. Values are {@link String}, {@link Boolean},
 * {@link Long}, {@link BigDecimal} where a Long cannot hold the number, unmodifiable lists and maps of these, and null.
 */
public final class Json {
    /** Deeper than anything a server sends, and shallow enough that hostile nesting cannot exhaust a stack. */
    static final int MAX_DEPTH = 32;

    /** More digits than any number of the protocol has; a short text can stand for a number of a billion digits. */
    private static final int MAX_EXPONENT = 1000;

    /** Without pools, as an INFO and a CONNECT per connection do not pay for per-thread buffers. */
    private static final JsonStream STREAM = JsonStream.builder()
            .bufferRecycling(BufferRecycleStrategy.NO_RECYCLING)
            .serializeNulls(true)
            .serializeEmpty(true)
            .build();

    private Json() {}

    /**
     * Reads one object that is all of the text.
     *
     * @return may be changed; what lies in it may not
     * @throws JsonException if it is anything else, cut, or nested deeper than {@value #MAX_DEPTH}
     */
    public static Map<String, @Nullable Object> parse(byte[] text) {
        try (JsonReader reader = STREAM.reader(text)) {
            if (reader.currentToken() != Token.BEGIN_OBJECT) {
                throw new JsonDataException("not an object");
            }
            Map<String, @Nullable Object> object = readObject(reader, 1);
            if (reader.hasNextStreamElement()) {
                throw new JsonDataException("more text after the object");
            }
            return object;
        } catch (IndexOutOfBoundsException e) {
            // How the reader reports text that ends within an escape or within a multi-byte character.
            throw new JsonDataException("text ends within a value", e);
        }
    }

    /** As {@link #parse(byte[])}. */
    public static Map<String, @Nullable Object> parse(String text) {
        return parse(text.getBytes(UTF_8));
    }

    private static @Nullable Object read(JsonReader reader, int depth) {
        return switch (reader.currentToken()) {
            case BEGIN_OBJECT -> Collections.unmodifiableMap(readObject(reader, depth + 1));
            case BEGIN_ARRAY -> readArray(reader, depth + 1);
            case STRING -> reader.readString();
            case BOOLEAN -> reader.readBoolean();
            case NUMBER -> exact(reader.readDecimal());
            case NULL -> readNull(reader);
            default -> throw new JsonDataException("no value");
        };
    }

    private static @Nullable Object readNull(JsonReader reader) {
        if (reader.isNullValue()) {
            return null;
        }
        throw new JsonDataException("no null");
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
        return object;
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

    /** Read as decimals and narrowed here: the reader's own longs and doubles wrap and round without a word. */
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

    /**
     * Writes one object, members in the map's order, nulls included. Text that has no UTF-8 is written as {@link
     * #encodable} says.
     *
     * @throws IllegalArgumentException if there is something in it that has no JSON, or it is nested deeper than {@value
     *     #MAX_DEPTH}
     */
    public static String toText(Map<String, ? extends @Nullable Object> object) {
        try (BufferedJsonWriter writer = STREAM.bufferedWriter()) {
            write(writer, object, 1);
            return writer.result();
        }
    }

    /** As {@link #toText}, in UTF-8. */
    public static byte[] toBytes(Map<String, ? extends @Nullable Object> object) {
        return toText(object).getBytes(UTF_8);
    }

    private static void write(JsonWriter writer, @Nullable Object value, int depth) {
        if (depth > MAX_DEPTH && (value instanceof List || value instanceof Map)) {
            throw new IllegalArgumentException("nested deeper than " + MAX_DEPTH);
        }
        if (value == null) {
            writer.nullValue();
        } else if (value instanceof String text) {
            writer.value(encodable(text));
        } else if (value instanceof Boolean flag) {
            writer.value(flag);
        } else if (value instanceof Number number) {
            writer.value(new BigDecimal(number.toString())); // not NaN or infinite
        } else if (value instanceof List<?> array) {
            writer.beginArray();
            for (Object element : array) {
                if (element instanceof List) {
                    // The writer puts no comma before an array: an empty raw value brings it, where there must be one.
                    writer.rawValue("");
                }
                write(writer, element, depth + 1);
            }
            writer.endArray();
        } else if (value instanceof Map<?, ?> object) {
            writer.beginObject();
            object.forEach((name, member) -> {
                writer.name(encodable(String.valueOf(name)));
                write(writer, member, depth + 1);
            });
            writer.endObject();
        } else {
            throw new IllegalArgumentException(value.getClass() + " has no JSON");
        }
    }

    /** The text, where half a surrogate pair, which has no UTF-8, has become a question mark. */
    public static String encodable(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }
}
