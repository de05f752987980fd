// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.jetstream.JetStreamApiException;

/** The server refuses a configuration, above all as what is there cannot be changed to it; err_codes 10052 and 10012. */
public final class StreamConfigException extends EventException {
    private static final long serialVersionUID = 1L;

    StreamConfigException(String what, JetStreamApiException cause) {
        super(what + ": the server refuses that configuration: " + cause.description(), cause);
    }
}
