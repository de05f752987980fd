// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static dev.midge.protocol.SubjectValidation.LENIENT;
import static dev.midge.protocol.SubjectValidation.NONE;
import static dev.midge.protocol.SubjectValidation.STRICT;

import org.jspecify.annotations.Nullable;

/**
 * Checks what becomes a token of a control line, as {@link SubjectValidation} says. All methods return when the value
 * is good and throw {@link IllegalArgumentException} with argument, value and rule when it is not. A good value costs
 * one pass over its characters and no allocation.
 */
public final class Subjects {
    /** Characters that a token of a subject may have in every mode. */
    private static final boolean[] PLAIN = new boolean[128];

    static {
        for (char c = '!'; c <= '~'; c++) {
            PLAIN[c] = c != '.' && c != '*' && c != '>';
        }
    }

    /** What a value is for, by the name that exceptions give it. */
    private enum Role {
        SUBJECT("subject"),
        REPLY_TO("reply-to subject"),
        FILTER("subject"),
        QUEUE("queue group"),
        INBOX_PREFIX("inbox prefix");

        final String argument;

        Role(String argument) {
            this.argument = argument;
        }
    }

    private Subjects() {}

    /** Checks the subject of a message to publish. */
    public static void checkPublish(@Nullable String subject, SubjectValidation mode) {
        if (!isPlain(subject)) {
            checkTokens(Role.SUBJECT, subject, mode);
        }
    }

    /** Checks the reply-to subject of a message to publish. */
    public static void checkReplyTo(@Nullable String replyTo, SubjectValidation mode) {
        if (!isPlain(replyTo)) {
            checkTokens(Role.REPLY_TO, replyTo, mode);
        }
    }

    /** Checks the subject of a subscription, which may have wildcards. */
    public static void checkSubscribe(@Nullable String subject, SubjectValidation mode) {
        if (!isPlain(subject)) {
            checkTokens(Role.FILTER, subject, mode);
        }
    }

    /** Checks the queue group of a subscription. */
    public static void checkQueue(@Nullable String queue, SubjectValidation mode) {
        String value = present(Role.QUEUE, queue, mode);
        for (int i = 0; i < value.length(); i++) {
            checkChar(Role.QUEUE, value, i, mode);
            if (mode == STRICT && !PLAIN[value.charAt(i)]) {
                throw rejected(Role.QUEUE, value, i, mode);
            }
        }
    }

    /** Checks what the subjects of replies to this client start with; the dot behind it is no part of it. */
    public static void checkInboxPrefix(@Nullable String prefix, SubjectValidation mode) {
        if (!isPlain(prefix)) {
            checkTokens(Role.INBOX_PREFIX, prefix, mode == NONE ? LENIENT : mode);
        }
    }

    /** Whether the subject of a subscription has wildcards, and so can get messages of more than one subject. */
    public static boolean isWildcard(String subject) {
        for (int i = 0; i < subject.length(); i++) {
            if (isWildcardChar(subject.charAt(i)) && isToken(subject, i)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the value is good in every mode: tokens of printable ASCII without wildcard characters. */
    private static boolean isPlain(@Nullable String value) {
        if (value == null) {
            return false;
        }
        boolean tokenIsEmpty = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < PLAIN.length && PLAIN[c]) {
                tokenIsEmpty = false;
            } else if (c == '.' && !tokenIsEmpty) {
                tokenIsEmpty = true;
            } else {
                return false;
            }
        }
        return !tokenIsEmpty;
    }

    private static void checkTokens(Role role, @Nullable String nullable, SubjectValidation mode) {
        String value = present(role, nullable, mode);
        int tokenStart = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || value.charAt(i) == '.') {
                if (i == tokenStart && mode != NONE) {
                    throw Rejected.argument(role.argument, value, "empty token at index " + i, rule(role, mode));
                }
                tokenStart = i + 1;
            } else {
                checkChar(role, value, i, mode);
                checkWildcard(role, value, i, mode);
            }
        }
    }

    private static void checkChar(Role role, String value, int i, SubjectValidation mode) {
        char c = value.charAt(i);
        boolean good = switch (c) {
            case ' ', '\t', '\r', '\n', 0 -> false;
            case '\f' -> mode == NONE;
            default ->
                switch (mode) {
                    case NONE -> true;
                    case LENIENT -> !HeaderRules.isLoneSurrogate(value, i);
                    case STRICT -> c > ' ' && c < 127;
                };
        };
        if (!good) {
            throw rejected(role, value, i, mode);
        }
    }

    private static void checkWildcard(Role role, String value, int i, SubjectValidation mode) {
        char c = value.charAt(i);
        if (mode == NONE || !isWildcardChar(c)) {
            return;
        }
        boolean good =
                isToken(value, i) ? role == Role.FILTER && (c == '*' || i == value.length() - 1) : mode == LENIENT;
        if (!good) {
            throw rejected(role, value, i, mode);
        }
    }

    private static String present(Role role, @Nullable String value, SubjectValidation mode) {
        if (value == null || value.isEmpty()) {
            throw Rejected.argument(role.argument, value, "nothing", rule(role, mode));
        }
        return value;
    }

    private static boolean isWildcardChar(char c) {
        return c == '*' || c == '>';
    }

    /** Whether the character at the index is a token by itself. */
    private static boolean isToken(String value, int i) {
        return (i == 0 || value.charAt(i - 1) == '.') && (i == value.length() - 1 || value.charAt(i + 1) == '.');
    }

    private static IllegalArgumentException rejected(Role role, String value, int i, SubjectValidation mode) {
        String fault = Rejected.named(value.charAt(i)) + " at index " + i;
        return Rejected.argument(role.argument, value, fault, rule(role, mode));
    }

    private static String rule(Role role, SubjectValidation mode) {
        if (mode == NONE || (mode == LENIENT && role == Role.QUEUE)) {
            return "it must not be empty, nor contain blank, tab, CR, LF or NUL";
        }
        if (role == Role.QUEUE) {
            return "it must be printable ASCII without . * > (ADR-6)";
        }
        String tokens = mode == LENIENT
                ? "it must be tokens separated by dots, without blank, tab, CR, LF, FF or NUL"
                : "it must be tokens separated by dots, of printable ASCII without * and > (ADR-6)";
        return tokens + (role == Role.FILTER ? "; * stands for a token, > for all at the end" : ", none a wildcard");
    }
}
