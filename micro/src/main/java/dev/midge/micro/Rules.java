// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.protocol.SubjectValidation;
import dev.midge.protocol.Subjects;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What services, endpoints and groups may be called (ADR-32). Every exception names the value and the rule. */
final class Rules {
    private static final int SHOWN_CHARS = 64;

    /** Longer than any that was ever given, and short enough for the recursion of a regular expression. */
    private static final int MAX_VERSION = 256;

    /** In bytes, at most, all keys and values together: as the server has it for streams (ADR-33). */
    private static final int MAX_METADATA = 128 << 10;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

    /** The official one of semver.org. */
    private static final Pattern VERSION = Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
            + "(-(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(\\.(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
            + "(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?");

    private Rules() {}

    static String name(String what, @Nullable String value) {
        if (value == null || !NAME.matcher(value).matches()) {
            throw refused(what, value, "must be one or more of A-Z, a-z, 0-9, - and _ (ADR-32)");
        }
        return value;
    }

    static String version(@Nullable String value) {
        if (value == null
                || value.length() > MAX_VERSION
                || !VERSION.matcher(value).matches()) {
            throw refused(
                    "service version",
                    value,
                    "must be as in semver.org, like 1.0.0 or 1.0.0-rc.1+build, of at most " + MAX_VERSION
                            + " characters");
        }
        return value;
    }

    /** Checks the subject of an endpoint, without the prefix of its group. */
    static String subject(@Nullable String value) {
        Subjects.checkSubscribe(value, SubjectValidation.LENIENT);
        return Objects.requireNonNull(value);
    }

    static String queueGroup(@Nullable String value) {
        Subjects.checkQueue(value, SubjectValidation.LENIENT);
        return Objects.requireNonNull(value);
    }

    /** Checks what the subjects of a group start with; may be empty, which adds nothing. */
    static String groupName(@Nullable String value) {
        if (value == null || value.equals(">") || value.endsWith(".>")) {
            throw refused("group name", value, "must be empty or a subject, without > (ADR-32)");
        }
        if (!value.isEmpty()) {
            subject(value);
        }
        return value;
    }

    /** Checks what the control subjects start with. */
    static String prefix(@Nullable String value) {
        Subjects.checkPublish(value, SubjectValidation.LENIENT);
        return Objects.requireNonNull(value);
    }

    /** A copy that cannot be changed. */
    static Map<String, String> metadata(Map<String, String> given) {
        Map<String, String> copy = new LinkedHashMap<>();
        long size = 0;
        for (Map.Entry<String, String> entry : given.entrySet()) {
            String key = entry.getKey();
            String value = entry.getValue();
            if (key == null || key.isEmpty()) {
                throw refused("metadata key", key, "must not be empty");
            }
            if (value == null) {
                throw refused("metadata value of " + shown(key), value, "must be a text (ADR-32)");
            }
            size += key.length() + value.length();
            copy.put(key, value);
        }
        if (size > MAX_METADATA) {
            throw new IllegalArgumentException("metadata of " + copy.size() + " entries has " + size
                    + " characters: must have at most " + MAX_METADATA);
        }
        return Collections.unmodifiableMap(copy);
    }

    static IllegalArgumentException refused(String what, @Nullable String value, String rule) {
        return new IllegalArgumentException(what + " " + (value == null ? "null" : shown(value)) + ": " + rule);
    }

    private static String shown(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.chars()
                .limit(SHOWN_CHARS)
                .forEach(c -> text.append(c >= ' ' && c < 127 ? (char) c + "" : String.format("\\u%04x", c)));
        return text.append(value.length() > SHOWN_CHARS ? "\"..." : "\"").toString();
    }
}
