// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

/** A binary that is not on this machine; the text is one sentence that names every place. */
final class MissingServerException extends Exception {
    private static final long serialVersionUID = 1L;

    MissingServerException(String message) {
        super(message);
    }
}
