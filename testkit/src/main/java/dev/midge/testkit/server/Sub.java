// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import org.jspecify.annotations.Nullable;

/** A subscription of a client. */
final class Sub implements Interest {
    final ClientSession client;
    final String sid;
    /** As it stands in a MSG line, blanks around it included. */
    final byte[] sidInLine;

    private final String subject;
    private final @Nullable String queue;

    /** Messages that it got. */
    long delivered;
    /** How many it gets at most; 0 for all. */
    long max;
    /** It may still be in a match that was made before. */
    boolean closed;

    Sub(ClientSession client, String subject, @Nullable String queue, String sid) {
        this.client = client;
        this.subject = subject;
        this.queue = queue;
        this.sid = sid;
        sidInLine = Arguments.bytes(" " + sid + " ");
    }

    @Override
    public String subject() {
        return subject;
    }

    @Override
    public @Nullable String queue() {
        return queue;
    }
}
