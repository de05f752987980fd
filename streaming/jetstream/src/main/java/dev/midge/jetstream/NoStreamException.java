// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import org.jspecify.annotations.Nullable;

/**
 * No stream takes the subject, or it has no leader now, or JetStream is not enabled: nobody was there to answer. Nothing was
 * stored.
 */
public final class NoStreamException extends JetStreamException {
    private static final long serialVersionUID = 1L;

    private final int attempts;

    NoStreamException(String message, int attempts, @Nullable Throwable cause) {
        super(message, cause);
        this.attempts = attempts;
    }

    /** How many times it was published, the retries of {@link JetStreamOptions.Builder#publishRetries} included. */
    public int attempts() {
        return attempts;
    }
}
