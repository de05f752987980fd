// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;

/** More is waiting for the socket than {@link Options#outboundLimit()} allows: the message was not taken. */
public final class OutboundFullException extends NatsException {
    private static final long serialVersionUID = 1L;

    OutboundFullException(String message) {
        super(message);
    }
}
