// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes as strings of one character for each byte, so that regular expressions work on them, and their form with escapes, in
 * which conversations and reports show them.
 */
final class Text {
    /** What a report shows of a frame at most. */
    private static final int SHOWN = 160;

    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x[0-9a-fA-F]{2}|.?)", Pattern.DOTALL);

    private Text() {}

    static byte[] bytes(String latin1) {
        return latin1.getBytes(ISO_8859_1);
    }

    static String of(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, ISO_8859_1);
    }

    /** The bytes of a text as it is written in a file. */
    static String ofUtf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    /**
     * Undoes {@code \r \n \t \\} and {@code \x1f}.
     *
     * @throws IllegalArgumentException at any other escape
     */
    static String unescape(String text) {
        return ESCAPE.matcher(text).replaceAll(escape -> Matcher.quoteReplacement(character(escape.group())));
    }

    private static String character(String escape) {
        return switch (escape) {
            case "\\r" -> "\r";
            case "\\n" -> "\n";
            case "\\t" -> "\t";
            case "\\\\" -> "\\";
            default -> {
                if (escape.length() == 4) {
                    yield String.valueOf((char) Integer.parseInt(escape, 2, 4, 16));
                }
                throw new IllegalArgumentException("unknown escape: " + escape);
            }
        };
    }

    /** As it would be written in a conversation, in quotes, and cut after {@value #SHOWN} characters. */
    static String quote(String latin1) {
        return latin1.length() > SHOWN
                ? '"' + escape(latin1.substring(0, SHOWN)) + "\"... (" + latin1.length() + " bytes)"
                : '"' + escape(latin1) + '"';
    }

    /** As it would be written in a conversation. */
    static String escape(String latin1) {
        StringBuilder text = new StringBuilder(latin1.length());
        for (int i = 0; i < latin1.length(); i++) {
            char c = latin1.charAt(i);
            switch (c) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (c >= ' ' && c < 127) {
                        text.append(c);
                    } else {
                        text.append(String.format("\\x%02x", (int) c));
                    }
                }
            }
        }
        return text.toString();
    }
}
