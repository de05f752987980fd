// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import org.jspecify.annotations.Nullable;

/** What a client's control line begins with. No verb is the beginning of another. */
enum Verb {
    PUB("PUB", Then.BLANKS),
    HPUB("HPUB", Then.BLANKS),
    SUB("SUB", Then.BLANKS),
    UNSUB("UNSUB", Then.BLANKS),
    PING("PING", Then.ANYTHING),
    PONG("PONG", Then.ANYTHING),
    CONNECT("CONNECT", Then.ARGUMENTS),
    /** A client has no business sending it, and nats-server does not mind. */
    INFO("INFO", Then.ARGUMENTS),
    /** Likewise. */
    OK("+OK", Then.ANYTHING),
    /** The client says that the server did something wrong; the connection ends. */
    ERR("-ERR", Then.BLANKS),
    /** Servers send it to each other; from a client it is an empty message to nobody. */
    HMSG("HMSG", Then.BLANKS);

    /** What has to come behind the verb. */
    enum Then {
        /** At least one blank, then arguments. */
        BLANKS,
        /** Arguments, with or without blanks before them. */
        ARGUMENTS,
        /** Whatever there is up to the line feed counts for nothing. */
        ANYTHING
    }

    private static final Verb[] ALL = values();

    final Then then;
    private final String text;

    Verb(String text, Then then) {
        this.text = text;
        this.then = then;
    }

    int length() {
        return text.length();
    }

    /**
     * The first verb that begins as another one does, and goes on with this byte in either case.
     *
     * @param begun the verb in question so far
     * @param matched how many of its characters have come
     * @return null if there is none
     */
    static @Nullable Verb continuing(Verb begun, int matched, byte next) {
        int upper = next >= 'a' && next <= 'z' ? next - 0x20 : next;
        for (Verb verb : ALL) {
            if (matched < verb.text.length() && verb.text.charAt(matched) == upper && verb.beginsAs(begun, matched)) {
                return verb;
            }
        }
        return null;
    }

    private boolean beginsAs(Verb other, int length) {
        return text.regionMatches(0, other.text, 0, length);
    }
}
