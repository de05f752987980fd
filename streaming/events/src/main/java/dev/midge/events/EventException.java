// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.protocol.NatsException;
import org.jspecify.annotations.Nullable;

/** Something of events failed, as the subclass says. */
public class EventException extends NatsException {
    private static final long serialVersionUID = 1L;

    EventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
