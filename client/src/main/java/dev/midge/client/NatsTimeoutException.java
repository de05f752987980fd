// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;

/** What was waited for did not come in the time given for it. */
public final class NatsTimeoutException extends NatsException {
    private static final long serialVersionUID = 1L;

    /** For what is built on a connection. */
    public NatsTimeoutException(String message) {
        super(message);
    }
}
