// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;

/** Nobody is subscribed to the subject of a request: the server answered it, with the status 503. */
public final class NoRespondersException extends NatsException {
    private static final long serialVersionUID = 1L;

    NoRespondersException(String subject) {
        super("nobody is subscribed to " + subject + " to answer the request (status 503)");
    }
}
