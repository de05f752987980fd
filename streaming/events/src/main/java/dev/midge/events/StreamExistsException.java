// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.jetstream.JetStreamApiException;

/** The stream of an event is there already, with another configuration, and was not to be updated; err_code 10058. */
public final class StreamExistsException extends EventException {
    private static final long serialVersionUID = 1L;

    StreamExistsException(String what, JetStreamApiException cause) {
        super(what + ": the stream is there with another configuration, and is not to be updated", cause);
    }
}
