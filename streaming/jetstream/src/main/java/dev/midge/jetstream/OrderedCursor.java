// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** Where what is read in order goes on. Of fetches it is that of their {@link OrderedConsumer}, all else has one of its own. */
final class OrderedCursor {
    /** The last message that the user has, or that was before the first one; negative before that is known. */
    private volatile long behind = -1;

    long behind() {
        return behind;
    }

    /** On the event loop, before anything has come: the first consumer was made. */
    void startBehind(long sequence) {
        if (behind < 0) {
            behind = sequence;
        }
    }

    /** By the one that takes messages: the user has it. */
    void taken(JetStreamMessage message) {
        behind = message.metadata().streamSequence();
    }
}
