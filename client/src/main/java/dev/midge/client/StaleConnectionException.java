// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;

/** Nothing came from a server for so long that it is taken for gone: {@link Options#pingInterval()}. */
public final class StaleConnectionException extends NatsException {
    private static final long serialVersionUID = 1L;

    StaleConnectionException(String server) {
        super("nothing came from " + server + ", not even an answer to PING: the connection is taken for lost", null);
    }
}
