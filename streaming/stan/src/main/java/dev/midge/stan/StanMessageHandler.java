// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

/** Takes the messages of a subscription, one at a time and in order, on the subscription's executor. */
@FunctionalInterface
public interface StanMessageHandler {
    /**
     * Takes a message. Unless acks are manual it is acknowledged when this has returned.
     *
     * @throws Exception whatever it likes: it is reported as a {@link StanEvent.HandlerFailed}, the message is not
     *     acknowledged, and so is delivered again after the ack wait; the next message is delivered
     */
    void onMessage(StanMessage message) throws Exception;
}
