// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import org.jspecify.annotations.Nullable;

/** A step of a script did not come out as written; the text tells all. */
final class ScriptFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    ScriptFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
