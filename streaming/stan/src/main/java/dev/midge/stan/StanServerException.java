// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

/** The server refused what it was asked for. */
public final class StanServerException extends StanException {
    private static final long serialVersionUID = 1L;

    private final StanError error;
    private final String serverText;

    StanServerException(String what, String serverText) {
        super(what + ": the server says \"" + serverText + "\"", null);
        this.serverText = serverText;
        error = StanError.of(serverText);
    }

    /** What the server said, typed. */
    public StanError error() {
        return error;
    }

    /** What the server said. */
    public String serverText() {
        return serverText;
    }
}
