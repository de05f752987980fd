// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import io.avaje.json.JsonException;
import io.avaje.json.mapper.JsonMapper;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a frame must look like. */
sealed interface Expectation {
    /** The verb that an expected frame begins with, in upper case. */
    String verb();

    /** Why a frame is not as expected, or null when it is; captures are put into the variables then. */
    @Nullable
    String mismatch(String frame, Map<String, String> variables);

    /**
     * Reads an expectation; {@code text} has its escapes undone.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    static Expectation parse(String text) {
        return text.startsWith("INFO {") || text.startsWith("CONNECT {")
                ? Fields.parse(text)
                : new Whole(Template.parse(text), verbOf(text));
    }

    /** The first word of a frame in upper case, as verbs may be written in any case. */
    static String verbOf(String frame) {
        int end = 0;
        while (end < frame.length() && frame.charAt(end) > ' ') {
            end++;
        }
        return frame.substring(0, end).toUpperCase(java.util.Locale.ROOT);
    }

    /** All of the frame's bytes. */
    record Whole(Template template, String verb) implements Expectation {
        @Override
        public @Nullable String mismatch(String frame, Map<String, String> variables) {
            return template.matches(frame, variables) ? null : Text.quote(frame);
        }
    }

    /**
     * Some fields of the JSON of an INFO or CONNECT. A text is a template for the value's own text, null says that there
     * must be no such field, anything else has to be equal.
     */
    record Fields(String verb, Map<String, Object> fields) implements Expectation {
        private static final JsonMapper MAPPER = JsonMapper.builder().build();

        static Fields parse(String text) {
            int space = text.indexOf(' ');
            try {
                return new Fields(
                        text.substring(0, space), object(text.substring(space).strip()));
            } catch (JsonException e) {
                throw new IllegalArgumentException("no JSON object after the verb: " + text, e);
            }
        }

        @Override
        public @Nullable String mismatch(String frame, Map<String, String> variables) {
            if (!verbOf(frame).equals(verb) || frame.length() <= verb.length()) {
                return Text.quote(frame);
            }
            Map<String, Object> seen;
            try {
                seen = MAPPER.fromJsonObject(
                        new String(Text.bytes(frame.substring(verb.length())), java.nio.charset.StandardCharsets.UTF_8)
                                .strip());
            } catch (JsonException e) {
                return Text.quote(frame);
            }
            Map<String, String> captured = new HashMap<>(variables);
            for (Map.Entry<String, Object> field : fields.entrySet()) {
                Object value = seen.get(field.getKey());
                if (!matches(field.getValue(), value, captured)) {
                    return "field " + field.getKey() + (value == null ? " absent" : " = " + MAPPER.toJson(value));
                }
            }
            variables.putAll(captured);
            return null;
        }

        private static boolean matches(
                @Nullable Object expected, @Nullable Object value, Map<String, String> variables) {
            if (expected instanceof String text) {
                return value != null
                        && Template.parse(text)
                                .matches(value instanceof String seen ? seen : MAPPER.toJson(value), variables);
            }
            return expected == null ? value == null : expected.equals(value);
        }

        static Map<String, Object> object(String json) {
            return MAPPER.fromJsonObject(json);
        }

        /** The JSON of a CONNECT: the fields of the first, changed by those of the second, where null takes one away. */
        static String merge(Map<String, Object> defaults, String overrides) {
            Map<String, Object> merged = new LinkedHashMap<>(defaults);
            merged.putAll(MAPPER.fromJsonObject(overrides));
            merged.values().removeIf(value -> value == null);
            return MAPPER.toJson(merged);
        }
    }
}
