// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;

/** The server does not take headers: nothing was sent. */
public final class HeadersNotSupportedException extends NatsException {
    private static final long serialVersionUID = 1L;

    HeadersNotSupportedException(String message) {
        super(message);
    }
}
