// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.protocol.NatsException;
import dev.midge.protocol.internal.Json;
import io.avaje.json.JsonException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members of an object of an answer, taken out one by one; what has not been taken is what this version of Midge does
 * not know. A null counts as absent. Every failure is a {@link NatsException}, which says what is wrong with which.
 */
final class Fields {
    private final String what;
    private final Map<String, @Nullable Object> remaining;

    private Fields(String what, Map<String, @Nullable Object> remaining) {
        this.what = what;
        this.remaining = remaining;
    }

    /** Reads an object that says to be of that type. */
    static Fields parse(byte[] json, String type) {
        try {
            Fields fields = new Fields("the answer", Json.parse(json));
            String given = fields.text("type");
            if (!given.equals(type)) {
                throw new NatsException("the answer is of type " + given + ", not " + type);
            }
            return fields;
        } catch (JsonException e) {
            throw new NatsException("the answer is not a JSON object", e);
        }
    }

    /** Takes a text that must be there. */
    String text(String name) {
        String value = text(name, "");
        if (value.isEmpty()) {
            throw new NatsException(what + " has no " + name);
        }
        return value;
    }

    String text(String name, String absent) {
        Object value = remaining.remove(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrong(name, "a text");
    }

    /** Takes a whole number that is not negative. */
    long count(String name) {
        Object value = remaining.remove(name);
        if (value == null) {
            return 0;
        }
        if (value instanceof Long number && number >= 0) {
            return number;
        }
        throw wrong(name, "a whole number of at most 63 bits");
    }

    Duration nanos(String name) {
        return Duration.ofNanos(count(name));
    }

    Instant instant(String name) {
        String text = text(name);
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw wrong(name, "a time as in RFC 3339");
        }
    }

    /** Takes an object of texts. */
    Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        Object value = remaining.remove(name);
        if (value instanceof Map<?, ?> object) {
            object.forEach((key, member) -> {
                if (!(member instanceof String text)) {
                    throw wrong(name, "an object of texts");
                }
                texts.put(String.valueOf(key), text);
            });
        } else if (value != null) {
            throw wrong(name, "an object of texts");
        }
        return texts;
    }

    /** Takes a list of objects. */
    <T> List<T> list(String name, Function<Fields, T> element) {
        List<T> list = new ArrayList<>();
        Object value = remaining.remove(name);
        if (value instanceof List<?> array) {
            for (Object one : array) {
                if (!(one instanceof Map<?, ?> object)) {
                    throw wrong(name, "a list of objects");
                }
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                object.forEach((key, member) -> members.put(String.valueOf(key), member));
                list.add(element.apply(new Fields(what + ", " + name + "[" + list.size() + "],", members)));
            }
        } else if (value != null) {
            throw wrong(name, "a list of objects");
        }
        return list;
    }

    /** Takes whatever there is. */
    @Nullable
    Object any(String name) {
        return remaining.remove(name);
    }

    /** What has not been taken. */
    Map<String, @Nullable Object> remaining() {
        return remaining;
    }

    /** Does not show the value, which may be anything. */
    private NatsException wrong(String name, String expected) {
        return new NatsException(what + " has a field " + name + " that is not " + expected);
    }
}
