// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/** Takes the messages of a subscription, one at a time and in order, on the subscription's executor. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Takes a message.
     *
     * @throws Exception whatever it likes: it is reported as a {@link ConnectionEvent.HandlerFailed} and the next
     *     message is delivered
     */
    void onMessage(Message message) throws Exception;
}
