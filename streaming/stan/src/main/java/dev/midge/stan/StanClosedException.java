// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import org.jspecify.annotations.Nullable;

/** There is no session with the server: the streaming connection or the subscription has ended, or the session was lost. */
public final class StanClosedException extends StanException {
    private static final long serialVersionUID = 1L;

    StanClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
