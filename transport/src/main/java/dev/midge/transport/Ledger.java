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

    /** Tells the listener of all that was discarded and not told of yet, if there are messages among it. */
    void report(OutboundListener listener, Throwable cause) {
        long messages = discardedMessages - reportedMessages;
        long bytes = discardedBytes - reportedBytes;
        reportedMessages = discardedMessages;
        reportedBytes = discardedBytes;
        if (messages > 0) {
            listener.discarded(messages, bytes, cause);
        }
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
