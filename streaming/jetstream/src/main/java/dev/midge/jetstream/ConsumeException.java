// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.Status;
import org.jspecify.annotations.Nullable;

/** A consumption has ended, though it was not told to; it would not have been worth going on. */
public final class ConsumeException extends JetStreamException {
    private static final long serialVersionUID = 1L;

    private final ConsumeEnd end;
    private final transient @Nullable Status status;

    ConsumeException(String message, ConsumeEnd end, @Nullable Status status, @Nullable Throwable cause) {
        super(message, cause);
        this.end = end;
        this.status = status;
    }

    /** The same once more, for another thread. */
    static ConsumeException again(JetStreamException failure, @Nullable ConsumeEnd end) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof ConsumeException known
                ? new ConsumeException(message, known.end, known.status, failure)
                : new ConsumeException(message, end == null ? ConsumeEnd.REFUSED : end, null, failure);
    }

    /** Why. */
    public ConsumeEnd end() {
        return end;
    }

    /** What the server said, or null if it was not a status that ended it. */
    public @Nullable Status status() {
        return status;
    }
}
