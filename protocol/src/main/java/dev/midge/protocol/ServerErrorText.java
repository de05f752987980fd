// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import dev.midge.protocol.ServerError.Kind;
import dev.midge.protocol.ServerError.Known;
import dev.midge.protocol.ServerError.Operation;
import dev.midge.protocol.ServerError.PermissionsViolation;
import dev.midge.protocol.ServerError.Unknown;
import org.jspecify.annotations.Nullable;

/** Takes the text of {@code -ERR} apart. Parameters in it are quoted as Go's %q does. */
final class ServerErrorText {
    private static final String PERMISSIONS = "permissions violation for ";
    private static final String SUBSCRIPTION = PERMISSIONS + "subscription to ";
    private static final String PUBLISH = PERMISSIONS + "publish to ";
    private static final String REPLY_TO = PERMISSIONS + "publish with reply of ";
    private static final String QUEUE = " using queue ";
    private static final String SID = " (sid ";

    private ServerErrorText() {}

    static ServerError parse(String raw) {
        String text = unquoted(raw.strip());
        if (startsWith(text, 0, PERMISSIONS)) {
            ServerError violation = permissionsViolation(text);
            return violation == null ? new Unknown(text) : violation;
        }
        for (Kind kind : Kind.values()) {
            if (startsWith(text, 0, kind.start)) {
                return new Known(text, kind);
            }
        }
        return new Unknown(text);
    }

    private static @Nullable ServerError permissionsViolation(String text) {
        if (startsWith(text, 0, SUBSCRIPTION)) {
            return violation(text, Operation.SUBSCRIBE, SUBSCRIPTION);
        }
        if (startsWith(text, 0, PUBLISH)) {
            return violation(text, Operation.PUBLISH, PUBLISH);
        }
        return startsWith(text, 0, REPLY_TO) ? violation(text, Operation.REPLY_TO, REPLY_TO) : null;
    }

    /** {@code <start>"subject"[ using queue "queue"][ (sid "7")][, too many tokens]}. */
    private static @Nullable ServerError violation(String text, Operation operation, String start) {
        GoQuoted subject = GoQuoted.at(text, start.length());
        if (subject == null) {
            return null;
        }
        int at = subject.end();
        GoQuoted queue = startsWith(text, at, QUEUE) ? GoQuoted.at(text, at + QUEUE.length()) : null;
        if (queue != null) {
            at = queue.end();
        }
        GoQuoted sid = startsWith(text, at, SID) ? GoQuoted.at(text, at + SID.length()) : null;
        return new PermissionsViolation(
                text, operation, subject.value(), queue == null ? null : queue.value(), number(sid));
    }

    /** A sid of this client: up to 18 digits. Anything else is none. */
    private static long number(@Nullable GoQuoted sid) {
        return sid != null && sid.value().matches("\\d{1,18}") ? Long.parseLong(sid.value()) : 0;
    }

    private static boolean startsWith(String text, int at, String lowerCase) {
        return text.regionMatches(true, at, lowerCase, 0, lowerCase.length());
    }

    private static String unquoted(String text) {
        int last = text.length() - 1;
        return last > 0 && text.charAt(0) == '\'' && text.charAt(last) == '\'' ? text.substring(1, last) : text;
    }
}
