// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;
import org.jspecify.annotations.Nullable;

/** The connection has ended or is about to: the call had no effect, or what it waited for will not come. */
public final class ConnectionClosedException extends NatsException {
    private static final long serialVersionUID = 1L;

    ConnectionClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
