// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import org.jspecify.annotations.Nullable;

/** What may be sent as a header (ADR-4). What is received is not held to it, but for what the format itself asks. */
final class HeaderRules {
    private static final String NAME_RULE = "a name must be printable ASCII (33 to 126) without a colon";
    private static final String VALUE_RULE = "a value must not contain CR or LF, and must have UTF-8";

    private HeaderRules() {}

    static void checkName(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            throw Rejected.argument("header name", name, "nothing", NAME_RULE);
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 127 || c == ':') {
                throw Rejected.argument("header name", name, Rejected.named(c) + " at index " + i, NAME_RULE);
            }
        }
    }

    /** The value without the blanks and tabs at its start. */
    static String checkedValue(String name, @Nullable String value) {
        if (value == null) {
            throw Rejected.argument("value of header " + name, value, "nothing", VALUE_RULE);
        }
        int start = 0;
        while (start < value.length() && (value.charAt(start) == ' ' || value.charAt(start) == '\t')) {
            start++;
        }
        for (int i = start; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || isLoneSurrogate(value, i)) {
                throw Rejected.argument(
                        "value of header " + name, value, Rejected.named(c) + " at index " + i, VALUE_RULE);
            }
        }
        return value.substring(start);
    }

    /** Whether the character is half of a pair whose other half is missing. */
    static boolean isLoneSurrogate(String text, int i) {
        char c = text.charAt(i);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        return Character.isHighSurrogate(c)
                ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                : i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
    }
}
