// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.MessageView;

/** Takes the messages of a direct subscription on the connection's event loop, from the receive buffer. */
@FunctionalInterface
public interface DirectHandler {
    /**
     * Takes a message. It must not block: nothing else of the connection happens meanwhile, and nothing of the other
     * connections that share the event loop.
     *
     * @param message valid during this call only; {@link MessageView#retainPayload()} gives a payload to keep
     * @throws Exception whatever it likes: it is reported as a {@link ConnectionEvent.HandlerFailed} and the next
     *     message is delivered
     */
    void onMessage(MessageView message) throws Exception;
}
