// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

/** What was requested had a uid that the stream has had before: it did not store it, and nobody will respond. */
public final class DuplicateEventException extends EventException {
    private static final long serialVersionUID = 1L;

    DuplicateEventException(String message) {
        super(message, null);
    }
}
