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

    static String clientId(String id) {
        require(CLIENT_ID.matcher(id).matches(), "clientId", quoted(id), "must be of A-Z, a-z, 0-9, - and _");
        return id;
    }

    /** A part of a subject, such as the cluster id. */
    static String tokens(String what, String name) {
        require(
                TOKENS.matcher(name).matches(),
                what,
                quoted(name),
                "must be tokens with single dots between them, without *, >, / and white space");
        return name;
    }

    /** A channel: util.go of the server, {@code IsChannelNameValid}, and what no subject may have. */
    static String channel(String name) {
        return tokens("channel", name);
    }

    static String name(String what, String name) {
        require(!name.isEmpty(), what, quoted(name), "must not be empty");
        return name;
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
