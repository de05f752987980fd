// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

/** What patterns have in common, as nats-server's sublist.go sees it. */
final class Wildcards {
    private Wildcards() {}

    /** Whether a token of the subject is {@code *} or {@code >}. */
    static boolean has(String subject) {
        for (String token : tokens(subject)) {
            if (token.equals("*") || token.equals(">")) {
                return true;
            }
        }
        return false;
    }

    /** Whether all that the subject, which may have wildcards, stands for is in what the pattern stands for. */
    static boolean covers(String pattern, String subject) {
        String[] wanted = tokens(pattern);
        String[] tokens = tokens(subject);
        for (int i = 0; i < wanted.length; i++) {
            if (i >= tokens.length || wanted[i].isEmpty()) {
                return false;
            }
            if (wanted[i].equals(">")) {
                return true;
            }
            String token = tokens[i];
            if (token.isEmpty() || token.equals(">")) {
                return false;
            }
            if (token.equals("*") ? !wanted[i].equals("*") : !wanted[i].startsWith("*") && !wanted[i].equals(token)) {
                return false;
            }
        }
        return tokens.length == wanted.length;
    }

    /** Whether some subject without wildcards is in both. */
    static boolean overlap(String first, String second) {
        String[] a = tokens(first);
        String[] b = tokens(second);
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            if (a[i].equals(">") || b[i].equals(">")) {
                return true;
            }
            if (!a[i].equals("*") && !b[i].equals("*") && !a[i].equals(b[i])) {
                return false;
            }
        }
        return a.length == b.length;
    }

    /** Whether a publisher in pedantic mode may use the subject: no empty token, none a wildcard. */
    static boolean isLiteral(String subject) {
        for (String token : tokens(subject)) {
            if (token.isEmpty() || token.equals("*") || token.equals(">")) {
                return false;
            }
        }
        return true;
    }

    static String[] tokens(String subject) {
        return subject.split("\\.", -1);
    }
}
