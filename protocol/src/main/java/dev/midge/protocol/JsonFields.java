// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.internal.Json;
import io.avaje.json.JsonException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, taken out one by one with the type each must have; what has not been taken is what
 * this version of Midge does not know. A null counts as absent. Every failure is a {@link ProtocolException}.
 */
final class JsonFields {
    private final String what;
    private final boolean secret;
    private final Map<String, @Nullable Object> remaining;

    private JsonFields(String what, boolean secret, Map<String, @Nullable Object> remaining) {
        this.what = what;
        this.secret = secret;
        this.remaining = remaining;
    }

    /**
     * Reads an object.
     *
     * @param what what the text is, for the exception
     * @param secret whether the text may hold credentials, so that no exception shows any of it
     */
    static JsonFields parse(String what, String text, boolean secret) {
        try {
            return new JsonFields(what, secret, Json.parse(text.strip()));
        } catch (JsonException e) {
            if (secret) {
                throw new ProtocolException(what + " is not a JSON object");
            }
            byte[] bytes = text.getBytes(UTF_8);
            ProtocolException failure =
                    ProtocolException.quoting(what + " is not a JSON object", bytes, 0, bytes.length);
            failure.initCause(e);
            throw failure;
        }
    }

    /**
     * Takes members for one of these, which are in lower case, whatever the case of their names: so does Go. The last of
     * several counts.
     */
    void foldCase(Set<String> names) {
        for (String name : List.copyOf(remaining.keySet())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!lower.equals(name) && names.contains(lower)) {
                remaining.put(lower, remaining.remove(name));
            }
        }
    }

    /** Takes a text, null when absent. */
    @Nullable
    String text(String name) {
        Object value = remaining.remove(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrongType(name, "a text", value);
    }

    /** Takes a text that has a default. */
    String text(String name, String absent) {
        String value = text(name);
        return value == null ? absent : value;
    }

    /** Takes true or false. */
    boolean flag(String name, boolean absent) {
        Object value = remaining.remove(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrongType(name, "true or false", value);
    }

    /** Takes a whole number of the given range. */
    long whole(String name, long min, long max, long absent) {
        Object value = remaining.remove(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Long number && number >= min && number <= max) {
            return number;
        }
        throw wrongType(name, "a whole number from " + min + " to " + max, value);
    }

    /** Takes a whole number of 32 bits. */
    int whole(String name) {
        return (int) whole(name, Integer.MIN_VALUE, Integer.MAX_VALUE, 0);
    }

    /** Takes a list of texts, empty when absent. */
    List<String> texts(String name) {
        Object value = remaining.remove(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrongType(name, "a list of texts", value);
        }
        List<String> texts = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw wrongType(name, "a list of texts", value);
            }
            texts.add(text);
        }
        return texts;
    }

    /** What has not been taken. */
    Map<String, @Nullable Object> remaining() {
        return remaining;
    }

    private ProtocolException wrongType(String name, String expected, Object value) {
        String text = what + " field " + name + " must be " + expected;
        if (secret) {
            return new ProtocolException(text);
        }
        boolean number = value instanceof Number;
        byte[] shown = (number ? plain((Number) value) : String.valueOf(value)).getBytes(UTF_8);
        return ProtocolException.quoting(text + (number ? ", not the number" : ", not"), shown, 0, shown.length);
    }

    private static String plain(Number number) {
        return number instanceof BigDecimal decimal ? decimal.toEngineeringString() : number.toString();
    }
}
