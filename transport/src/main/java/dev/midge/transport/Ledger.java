// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps account of what an {@link OutboundBuffer} accepted and what became of it. Publishers write one side, under the
 * buffer's lock, and the event loop the other, without it.
 */
final class Ledger {
    // Each has one writer at a time, so that it need not be updated atomically.
    private final AtomicLong acceptedMessages = new AtomicLong();
    private final AtomicLong acceptedBytes = new AtomicLong();

    // Settled is what was written or discarded.
    private final AtomicLong settledMessages = new AtomicLong();
    private final AtomicLong settledBytes = new AtomicLong();
    private final AtomicLong writtenMessages = new AtomicLong();
    private final AtomicLong writtenBytes = new AtomicLong();

    /** Odd while the event loop changes its side, and another one afterwards. */
    private final AtomicLong version = new AtomicLong();

    /** Accepted and discarded at once, in one go. Written under the lock. */
    private final AtomicLong droppedMessages = new AtomicLong();

    private final AtomicLong droppedBytes = new AtomicLong();

    private long reportedMessages;
    private long reportedBytes;

    /** Under the lock. */
    void accepted(int messages, long bytes) {
        acceptedMessages.lazySet(acceptedMessages.getPlain() + messages);
        acceptedBytes.lazySet(acceptedBytes.getPlain() + bytes);
    }

    /** Under the lock: how many messages were accepted, but for those that were discarded instead of queued. */
    long acceptedMessages() {
        return acceptedMessages.getPlain();
    }

    /** Under the lock: messages that are discarded instead of queued. */
    void dropped(int messages, long bytes) {
        droppedMessages.lazySet(droppedMessages.getPlain() + messages);
        droppedBytes.lazySet(droppedBytes.getPlain() + bytes);
    }

    /** On the event loop. What it reads next, it reads after others can see this. */
    void settled(int messages, long bytes, int messagesWritten, long bytesWritten) {
        long before = version.getPlain();
        version.lazySet(before + 1);
        writtenMessages.lazySet(writtenMessages.getPlain() + messagesWritten);
        writtenBytes.lazySet(writtenBytes.getPlain() + bytesWritten);
        settledMessages.lazySet(settledMessages.getPlain() + messages);
        settledBytes.lazySet(settledBytes.getPlain() + bytes);
        version.set(before + 2);
    }

    /** Any thread, at any time. */
    long queuedBytes() {
        return difference(acceptedBytes, settledBytes);
    }

    /** Any thread, at any time. */
    long queuedMessages() {
        return difference(acceptedMessages, settledMessages);
    }

    /** Both only grow: if the second is the same before and behind, the difference was exact in between. */
    private static long difference(AtomicLong accepted, AtomicLong settled) {
        long before;
        long total;
        long behind = settled.get();
        do {
            before = behind;
            total = accepted.get();
            behind = settled.get();
        } while (before != behind);
        return total - before;
    }

    /** Under the lock. */
    OutboundCounts counts() {
        while (true) {
            long before = version.get();
            long messages = acceptedMessages.get();
            long bytes = acceptedBytes.get();
            long messagesSettled = settledMessages.get();
            long bytesSettled = settledBytes.get();
            long messagesWritten = writtenMessages.get();
            long bytesWritten = writtenBytes.get();
            if (before % 2 == 0 && before == version.get()) {
                return new OutboundCounts(
                        messages + droppedMessages.getPlain(),
                        messagesWritten,
                        messages - messagesSettled,
                        messagesSettled - messagesWritten + droppedMessages.getPlain(),
                        bytes + droppedBytes.getPlain(),
                        bytesWritten,
                        bytes - bytesSettled,
                        bytesSettled - bytesWritten + droppedBytes.getPlain());
            }
            Thread.onSpinWait();
        }
    }

    /**
     * Tells of all that was discarded and not told of yet, if there are messages among it. On the event loop, outside of
     * the lock.
     */
    void report(OutboundListener listener, Throwable cause) {
        long messages = settledMessages.getPlain() - writtenMessages.getPlain() + droppedMessages.get();
        long bytes = settledBytes.getPlain() - writtenBytes.getPlain() + droppedBytes.get();
        long newMessages = messages - reportedMessages;
        long newBytes = bytes - reportedBytes;
        reportedMessages = messages;
        reportedBytes = bytes;
        if (newMessages > 0) {
            listener.discarded(newMessages, newBytes, cause);
        }
    }
}
