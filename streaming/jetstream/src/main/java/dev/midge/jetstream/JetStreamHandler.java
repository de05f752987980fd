// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** Takes the messages of a consumer, one at a time, in order. */
@FunctionalInterface
public interface JetStreamHandler {
    /**
     * Takes a message. It may block: that holds up no more than the messages behind it.
     *
     * @throws Exception whatever it likes: it is reported as a {@link dev.midge.client.ConnectionEvent.HandlerFailed},
     *     and the next message is delivered; this one is acknowledged by nobody, and so delivered again
     */
    void onMessage(JetStreamMessage message) throws Exception;
}
