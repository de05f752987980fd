// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.internal;

import dev.midge.client.Message;
import dev.midge.client.MessageHandler;

/** A handler that is told which of its calls follow one another without anything between them. */
public interface BatchHandler extends MessageHandler {
    /**
     * Called in place of {@link #onMessage(Message)}, likewise.
     *
     * @param follows whether the last call ended just now, on this thread
     */
    void onMessage(Message message, boolean follows);

    @Override
    default void onMessage(Message message) {
        onMessage(message, false);
    }
}
