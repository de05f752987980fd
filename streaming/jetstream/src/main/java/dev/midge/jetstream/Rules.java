// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.SubjectValidation;
import dev.midge.protocol.Subjects;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What servers of all versions refuse, checked before they are asked; each failure names field, value and rule. */
final class Rules {
    /** JSMaxNameLen in nats-server's jetstream_api.go. */
    static final int MAX_NAME = 255;

    /** JSMaxDescriptionLen, in bytes. */
    static final int MAX_DESCRIPTION = 4 * 1024;

    /** JSMaxMetadataLen: all keys and values together, in bytes. */
    static final int MAX_METADATA = 128 * 1024;

    /** StreamMaxReplicas in nats-server's stream.go. */
    static final int MAX_REPLICAS = 5;

    /** isValidAssetName in nats-server's jetstream.go. */
    private static final String NOT_IN_NAMES = " \t\r\n\f.*>\\/";

    private static final int QUOTED_CHARS = 64;

    private Rules() {}

    static IllegalArgumentException broken(Object field, @Nullable Object value, String rule) {
        String text = String.valueOf(value);
        String cut = text.length() > QUOTED_CHARS ? text.substring(0, QUOTED_CHARS) + "..." : text;
        String shown = cut.replaceAll("\\p{Cntrl}", "?");
        boolean quoted = value instanceof CharSequence;
        return new IllegalArgumentException(field + " is " + (quoted ? "\"" + shown + "\"" : shown) + ": " + rule);
    }

    /** Checks a combination. */
    static void require(boolean kept, Object field, @Nullable Object value, String rule) {
        if (!kept) {
            throw broken(field, value, rule);
        }
    }

    static Duration positive(Object field, Duration value) {
        require(!value.isNegative() && !value.isZero(), field, value, "must be above 0");
        return value;
    }

    /** Checks the name of a stream or consumer, ADR-6 and the server's own rule. */
    static String name(Object field, @Nullable String value) {
        boolean good = value != null && !value.isEmpty() && value.getBytes(UTF_8).length <= MAX_NAME;
        if (good && value != null) {
            for (int i = 0; i < value.length() && good; i++) {
                char c = value.charAt(i);
                good = c >= ' ' && c != 127 && NOT_IN_NAMES.indexOf(c) < 0;
            }
        }
        if (!good || value == null) {
            throw broken(
                    field,
                    value,
                    "must be 1 to " + MAX_NAME + " bytes without blanks, control characters and . * > / \\");
        }
        return value;
    }

    /** Checks a subject that may have wildcards. */
    static void filter(Object field, @Nullable String value) {
        try {
            Subjects.checkSubscribe(value, SubjectValidation.LENIENT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }

    /** Checks a subject without wildcards. */
    static void literal(Object field, @Nullable String value) {
        try {
            Subjects.checkPublish(value, SubjectValidation.LENIENT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }

    /** Checks the destination of a transform: a subject whose tokens may be functions, as in {@code {{wildcard(1)}}}. */
    static void subject(Object field, String value) {
        filter(field, value.replaceAll("\\{\\{[^{}]*}}", "x"));
    }

    static void queue(Object field, String value) {
        try {
            Subjects.checkQueue(value, SubjectValidation.LENIENT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }

    static void filters(Object field, List<String> values) {
        Set<String> seen = new HashSet<>();
        for (String value : values) {
            filter(field, value);
            require(seen.add(value), field, value, "must be there only once");
        }
    }

    static void description(Object field, @Nullable String value) {
        if (value != null) {
            int length = value.getBytes(UTF_8).length;
            require(length <= MAX_DESCRIPTION, field, value, "must not be over " + MAX_DESCRIPTION + " bytes");
        }
    }

    static void metadata(Object field, Map<String, String> values) {
        long length = 0;
        for (Map.Entry<String, String> entry : values.entrySet()) {
            length += entry.getKey().getBytes(UTF_8).length + entry.getValue().getBytes(UTF_8).length;
        }
        require(length <= MAX_METADATA, field, length + " bytes", "must not be over " + MAX_METADATA + " bytes");
    }

    /** Whether one subject matches no more than another: subjectIsSubsetMatch in nats-server's sublist.go. */
    static boolean isSubset(String subject, String of) {
        String[] tokens = subject.split("\\.", -1);
        String[] wider = of.split("\\.", -1);
        for (int i = 0; i < wider.length; i++) {
            if (i >= tokens.length) {
                return false;
            }
            if (wider[i].equals(">")) {
                return true;
            }
            boolean wild = tokens[i].equals(">") || (tokens[i].equals("*") && !wider[i].equals("*"));
            if (wild || !(wider[i].equals("*") || wider[i].equals(tokens[i]))) {
                return false;
            }
        }
        return tokens.length == wider.length;
    }
}
