// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import org.jspecify.annotations.Nullable;

/** Puts together what a caller is told about an argument: its name, its value, what is wrong with it, and the rule. */
final class Rejected {
    /** How many characters of a value are shown. */
    static final int SHOWN_CHARS = 64;

    private Rejected() {}

    /** {@code <argument> "<value, escaped and cut>": <fault>; <rule>}. */
    static IllegalArgumentException argument(String argument, @Nullable String value, String fault, String rule) {
        return new IllegalArgumentException(argument + " " + quoted(value) + ": " + fault + "; " + rule);
    }

    /** A character as the fault of a value names it. */
    static String named(char c) {
        return switch (c) {
            case ' ' -> "blank";
            case '\t' -> "tab";
            case '\r' -> "CR";
            case '\n' -> "LF";
            case 0 -> "NUL";
            default -> c > ' ' && c < 127 ? "'" + c + "'" : String.format("U+%04X", (int) c);
        };
    }

    private static String quoted(@Nullable String value) {
        if (value == null) {
            return "null";
        }
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(value.length(), SHOWN_CHARS); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
        return value.length() > SHOWN_CHARS
                ? text.append("... (")
                        .append(value.length())
                        .append(" characters)")
                        .toString()
                : text.toString();
    }
}
