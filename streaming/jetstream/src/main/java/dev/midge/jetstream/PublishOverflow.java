// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** What {@link JetStream#publishAsync(dev.midge.client.Message, PublishOptions)} does when as many acks are outstanding as may be. */
public enum PublishOverflow {
    /**
     * It waits for an ack, for as long as it would wait for its own, then fails with {@link PublishWindowFullException}; on
     * an event loop it does not wait.
     */
    WAIT,
    /** It fails at once with {@link PublishWindowFullException}. */
    FAIL
}
