// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import org.jspecify.annotations.Nullable;

/** Root of every exception that Midge throws by itself: what was attempted, on what, why it failed. */
public class NatsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception with a text and no cause. */
    public NatsException(String message) {
        super(message);
    }

    /** An exception with a text and what caused it. */
    public NatsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
