// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.protocol.NatsException;
import org.jspecify.annotations.Nullable;

/** What goes wrong with NATS Streaming: what was attempted, on what, and why it failed. */
public class StanException extends NatsException {
    private static final long serialVersionUID = 1L;

    /** For what is built on a streaming connection. */
    public StanException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
