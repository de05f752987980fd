// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/**
 * There is no JetStream where it was asked for: not on the server, not in the domain or behind the prefix, or not for this
 * account; the text says which.
 */
public final class JetStreamNotEnabledException extends JetStreamException {
    private static final long serialVersionUID = 1L;

    JetStreamNotEnabledException(String message, Throwable cause) {
        super(message, cause);
    }
}
