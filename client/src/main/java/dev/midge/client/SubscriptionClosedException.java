// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;
import org.jspecify.annotations.Nullable;

/** The subscription has ended and there is no message of it left. */
public final class SubscriptionClosedException extends NatsException {
    private static final long serialVersionUID = 1L;

    /** With a text that says what has ended, and why, or null. */
    public SubscriptionClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
