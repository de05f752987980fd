// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;
import dev.midge.protocol.ServerError;

/** The server answered with {@code -ERR}. */
public final class ServerErrorException extends NatsException {
    private static final long serialVersionUID = 1L;

    private final transient ServerError error;

    ServerErrorException(ServerError error) {
        super("the server sent -ERR " + error.text());
        this.error = error;
    }

    /** What the server said. */
    public ServerError error() {
        return error;
    }
}
