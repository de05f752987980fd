// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;

/** The calling thread was interrupted while it waited; its interrupt flag is set again. */
public final class NatsInterruptedException extends NatsException {
    private static final long serialVersionUID = 1L;

    /** For what is built on a connection, which is to set the flag too. */
    public NatsInterruptedException(String message, InterruptedException cause) {
        super(message, cause);
    }
}
