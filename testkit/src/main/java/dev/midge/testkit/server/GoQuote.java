// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Quotes as Go's {@code %q} does, in the texts of errors: what is no UTF-8 or cannot be printed is escaped. */
final class GoQuote {
    private GoQuote() {}

    /** @param text one character for each byte, as {@link Arguments} makes it */
    static String quote(String text) {
        byte[] bytes = Arguments.bytes(text);
        StringBuilder quoted = new StringBuilder(bytes.length + 2).append('"');
        int i = 0;
        while (i < bytes.length) {
            int length = sequenceLength(bytes, i);
            if (length == 0) {
                quoted.append(String.format("\\x%02x", bytes[i] & 0xff));
                i++;
            } else {
                appendEscaped(quoted, new String(bytes, i, length, UTF_8).codePointAt(0));
                i += length;
            }
        }
        return quoted.append('"').toString();
    }

    /** How many bytes the character that starts here has in UTF-8; 0 if there is none. */
    private static int sequenceLength(byte[] bytes, int i) {
        int first = bytes[i] & 0xff;
        int length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (i + length > bytes.length) {
            return 0;
        }
        byte[] sequence = Arrays.copyOfRange(bytes, i, i + length);
        String decoded = new String(sequence, UTF_8);
        // Decoding replaces what is wrong, so that it does not come back.
        return decoded.codePointCount(0, decoded.length()) == 1 && Arrays.equals(decoded.getBytes(UTF_8), sequence)
                ? length
                : 0;
    }

    private static void appendEscaped(StringBuilder quoted, int c) {
        switch (c) {
            case '"', '\\' -> quoted.append('\\').append((char) c);
            case 7 -> quoted.append("\\a");
            case '\b' -> quoted.append("\\b");
            case '\f' -> quoted.append("\\f");
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            case 11 -> quoted.append("\\v");
            default -> {
                if (isPrintable(c)) {
                    quoted.appendCodePoint(c);
                } else if (c < 0x80) {
                    quoted.append(String.format("\\x%02x", c));
                } else {
                    quoted.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                }
            }
        }
    }

    /** Letters, marks, numbers, punctuation, symbols and the ASCII space. */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
