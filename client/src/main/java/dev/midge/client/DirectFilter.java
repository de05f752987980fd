// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.MessageView;

/** Sees the messages of a subscription on the connection's event loop, before they become pending. */
@FunctionalInterface
public interface DirectFilter {
    /**
     * Whether a message is to become pending, and so to be consumed. It must not block, see {@link DirectHandler}.
     *
     * @param message valid during this call only
     * @throws Exception whatever it likes: it is reported as a {@link ConnectionEvent.HandlerFailed}, and the message is
     *     not consumed
     */
    boolean test(MessageView message) throws Exception;
}
