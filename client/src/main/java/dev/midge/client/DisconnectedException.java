// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;
import org.jspecify.annotations.Nullable;

/** There is no server at the moment, or it was lost before it answered. The connection looks for another one. */
public final class DisconnectedException extends NatsException {
    private static final long serialVersionUID = 1L;

    DisconnectedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
