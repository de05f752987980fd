// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps account of what an {@link OutboundBuffer} accepted. All changes are made under the buffer's lock; what is queued
 * can be read without it.
 */
final class Ledger {
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong queuedMessages = new AtomicLong();
    private long acceptedBytes;
    private long acceptedMessages;
    private long writtenBytes;
    private long writtenMessages;
    private long discardedBytes;
    private long discardedMessages;
    private long reportedBytes;
    private long reportedMessages;

    long queuedBytes() {
        return queuedBytes.get();
    }

    long queuedMessages() {
        return queuedMessages.get();
    }

    void accepted(int messages, long bytes) {
        acceptedMessages += messages;
        acceptedBytes += bytes;
        queue(messages, bytes);
    }

    void written(int messages, long bytes) {
        writtenMessages += messages;
        writtenBytes += bytes;
        queue(-messages, -bytes);
    }

    void discarded(int messages, long bytes) {
        discardedMessages += messages;
        discardedBytes += bytes;
        queue(-messages, -bytes);
    }

    /** How many messages were discarded since {@link #reported}. */
    long unreportedMessages() {
        return discardedMessages - reportedMessages;
    }

    /** How many bytes were discarded since {@link #reported}. */
    long unreportedBytes() {
        return discardedBytes - reportedBytes;
    }

    /** Everything discarded has been reported. */
    void reported() {
        reportedMessages = discardedMessages;
        reportedBytes = discardedBytes;
    }

    OutboundCounts counts() {
        return new OutboundCounts(
                acceptedMessages,
                writtenMessages,
                queuedMessages.get(),
                discardedMessages,
                acceptedBytes,
                writtenBytes,
                queuedBytes.get(),
                discardedBytes);
    }

    /** There is one writer at a time, so this need not be atomic, only visible. */
    private void queue(int messages, long bytes) {
        queuedMessages.setRelease(queuedMessages.getPlain() + messages);
        queuedBytes.setRelease(queuedBytes.getPlain() + bytes);
    }
}
