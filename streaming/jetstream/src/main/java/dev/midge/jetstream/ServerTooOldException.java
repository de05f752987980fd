// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/**
 * The server does not have what was asked for yet, and might have ignored it without a word: nothing was sent. Either what
 * its INFO says of its version and API level is too low, or, with a domain or prefix, the API level that the account info says.
 */
public final class ServerTooOldException extends JetStreamException {
    private static final long serialVersionUID = 1L;

    ServerTooOldException(String message) {
        super(message);
    }
}
