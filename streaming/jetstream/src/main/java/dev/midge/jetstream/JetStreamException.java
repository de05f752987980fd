// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.NatsException;
import org.jspecify.annotations.Nullable;

/**
 * Something of JetStream failed. Itself, not a subclass, it stands for an answer of the server that is not what the
 * API says.
 */
public class JetStreamException extends NatsException {
    private static final long serialVersionUID = 1L;

    JetStreamException(String message) {
        super(message);
    }

    JetStreamException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
