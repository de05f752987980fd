// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Refuses what cannot be: every exception names the field, the value and the rule. */
final class Rules {
    private static final int SHOWN_CHARS = 64;

    /** A name in NATS: of streams (ADR-6), and so of events, and of durable consumers. */
    static final int MAX_NAME = 255;

    /** Of streams and consumers, in bytes: JSMaxDescriptionLen in nats-server's stream.go. */
    static final int MAX_DESCRIPTION = 4 << 10;

    private Rules() {}

    static void require(boolean holds, String field, @Nullable Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " is " + shown(value) + ": " + rule);
        }
    }

    /** From the first to the last, both allowed. */
    static Duration within(String field, Duration value, Duration first, Duration last) {
        require(
                value.compareTo(first) >= 0 && value.compareTo(last) <= 0,
                field,
                value,
                "must be from " + first + " to " + last);
        return value;
    }

    static long within(String field, long value, long first, long last) {
        require(value >= first && value <= last, field, value, "must be from " + first + " to " + last);
        return value;
    }

    /** The name of an event: a subject without wildcards, and a stream's name when its dots have become dashes. */
    static String event(String name) {
        name("event name", name, true);
        require(
                !name.startsWith(".") && !name.endsWith(".") && !name.contains(".."),
                "event name",
                name,
                "must be a subject: no empty part between dots");
        require(!name.startsWith("$"), "event name", name, "must not begin with $, which is the server's");
        return name;
    }

    /** The name of an actor: a durable consumer's. */
    static String actor(String name) {
        return name("actor name", name, false);
    }

    private static String name(String field, String name, boolean dots) {
        require(
                !name.isEmpty() && name.length() <= MAX_NAME,
                field,
                name,
                "must be of 1 to " + MAX_NAME + " characters");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            require(
                    c > ' ' && c != 127 && "*>/\\".indexOf(c) < 0 && (dots || c != '.'),
                    field,
                    name,
                    dots
                            ? "must not have spaces, control characters, *, >, / or \\"
                            : "must not have spaces, control characters, ., *, >, / or \\");
        }
        return name;
    }

    static String description(String text) {
        int bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        require(bytes <= MAX_DESCRIPTION, "description", text, "must be of at most 4,096 bytes, not " + bytes);
        return text;
    }

    /** What becomes the value of a header. */
    static String header(String field, String value) {
        require(!value.isBlank(), field, value, "must not be blank");
        require(
                value.chars().noneMatch(c -> c < ' ' || c == 127),
                field,
                value,
                "must not have control characters, as it becomes a header");
        return value;
    }

    private static String shown(@Nullable Object value) {
        if (!(value instanceof CharSequence)) {
            return String.valueOf(value);
        }
        String all = value.toString();
        StringBuilder text = new StringBuilder("\"");
        all.chars()
                .limit(SHOWN_CHARS)
                .forEach(
                        c -> text.append(c >= ' ' && c < 127 ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        return text.append(all.length() > SHOWN_CHARS ? "\"..." : "\"").toString();
    }
}
