// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A text between double quotes as Go's %q writes it: what cannot be printed, quotes and backslashes are escaped.
 *
 * @param value what it stands for
 * @param end the index behind the closing quote
 */
record GoQuoted(String value, int end) {
    /** What is quoted at the index, or null when there is nothing quoted, or it does not end. */
    static @Nullable GoQuoted at(String text, int start) {
        if (start >= text.length() || text.charAt(start) != '"') {
            return null;
        }
        StringBuilder value = new StringBuilder();
        int i = start + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"') {
                return new GoQuoted(value.toString(), i + 1);
            }
            i = c == '\\' ? unescape(text, i + 1, value) : append(value, c, i + 1);
        }
        return null;
    }

    private static int append(StringBuilder value, char c, int next) {
        value.append(c);
        return next;
    }

    /** Appends what the escape stands for, or what is there when it is none; returns the index behind it. */
    private static int unescape(String text, int i, StringBuilder value) {
        if (i == text.length()) {
            return i;
        }
        char c = text.charAt(i);
        return switch (c) {
            case 'x' -> unescapeHex(text, i + 1, 2, value);
            case 'u' -> unescapeHex(text, i + 1, 4, value);
            case 'U' -> unescapeHex(text, i + 1, 8, value);
            case 'a' -> append(value, '\u0007', i + 1);
            case 'b' -> append(value, '\b', i + 1);
            case 'f' -> append(value, '\f', i + 1);
            case 'n' -> append(value, '\n', i + 1);
            case 'r' -> append(value, '\r', i + 1);
            case 't' -> append(value, '\t', i + 1);
            case 'v' -> append(value, '\u000b', i + 1);
            default -> append(value, c, i + 1);
        };
    }

    private static int unescapeHex(String text, int i, int digits, StringBuilder value) {
        int codePoint = 0;
        for (int end = i + digits; i < end; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0 || codePoint > Character.MAX_CODE_POINT >> 4) {
                return i;
            }
            codePoint = codePoint << 4 | digit;
        }
        if (Character.isValidCodePoint(codePoint)) {
            value.appendCodePoint(codePoint);
        }
        return i;
    }
}
