// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import java.time.Duration;
import java.util.regex.Pattern;

/** What names and numbers must be like, checked before a server is asked. */
final class Rules {
    /** server.go, {@code clientIDRegEx}. */
    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_-]+");

    private static final Pattern TOKENS = Pattern.compile("[^.\\s\\p{Cntrl}*>/]+(\\.[^.\\s\\p{Cntrl}*>/]+)*");

    private Rules() {}

    static void require(boolean holds, String what, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(what + " is " + value + ": " + rule);
        }
    }

    /** The text, if it holds; else it is quoted, which takes longer than to check it. */
    private static String text(boolean holds, String what, String text, String rule) {
        if (!holds) {
            require(false, what, quoted(text), rule);
        }
        return text;
    }

    static String clientId(String id) {
        return text(CLIENT_ID.matcher(id).matches(), "clientId", id, "must be of A-Z, a-z, 0-9, - and _");
    }

    /** A part of a subject, such as the cluster id. */
    static String tokens(String what, String name) {
        return text(
                TOKENS.matcher(name).matches(),
                what,
                name,
                "must be tokens with single dots between them, without *, >, / and white space");
    }

    /** A channel: util.go of the server, {@code IsChannelNameValid}, and what no subject may have. */
    static String channel(String name) {
        return tokens("channel", name);
    }

    static String name(String what, String name) {
        return text(!name.isEmpty(), what, name, "must not be empty");
    }

    static int between(String what, int value, int least, int most) {
        require(value >= least && value <= most, what, value, "must be from " + least + " to " + most);
        return value;
    }

    /** A duration that the protocol has in seconds. */
    static Duration seconds(String what, Duration value) {
        require(
                value.toSeconds() >= 1 && value.toNanosPart() == 0 && value.toSeconds() <= Integer.MAX_VALUE,
                what,
                value,
                "must be whole seconds, from PT1S on");
        return value;
    }

    static Duration positive(String what, Duration value) {
        require(!value.isNegative() && !value.isZero(), what, value, "must be above 0");
        return value;
    }

    static String quoted(String text) {
        return '"' + text.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
