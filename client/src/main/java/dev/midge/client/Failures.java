// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;
import org.jspecify.annotations.Nullable;

/** Turns the failure of a future into what a waiting method throws. */
final class Failures {
    private Failures() {}

    /** The failure itself, with the trace of the caller as a suppressed exception, as it comes from another thread. */
    static RuntimeException rethrown(@Nullable Throwable failure) {
        if (failure instanceof NatsException nats) {
            nats.addSuppressed(new CallerTrace());
            return nats;
        }
        return new NatsException("unexpected failure: " + failure, failure);
    }

    /** Where the call was made. */
    private static final class CallerTrace extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CallerTrace() {
            super("called here");
        }
    }
}
