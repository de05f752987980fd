// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.internal.CacheLine;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What the event loop writes at each message of a subscription: apart from what consumers read, which would slow
 * both. All but the two counts is of the event loop alone.
 */
final class Intake extends CacheLine {
    private static final VarHandle MESSAGES = handle("messages");
    private static final VarHandle BYTES = handle("bytes");

    private long received;

    // One writer, many readers.
    private long messages;
    private long bytes;

    /** So many more may become pending, at least: what consumers have consumed since is not in it. */
    private long roomForMessages;

    private long roomForBytes;

    private @Nullable Message @Nullable [] batch;
    private int batchSize;

    /** Counts a message that came. */
    void received() {
        received++;
    }

    /** Messages that came. */
    long receivedMessages() {
        return received;
    }

    /** A message becomes pending. */
    void announce(int size) {
        MESSAGES.setRelease(this, messages + 1);
        BYTES.setRelease(this, bytes + size);
    }

    /** Messages that became pending, ever. From any thread. */
    long announcedMessages() {
        return (long) MESSAGES.getAcquire(this);
    }

    /** Likewise, bytes of headers and payloads. */
    long announcedBytes() {
        return (long) BYTES.getAcquire(this);
    }

    /** Whether there is known to be room for a message of this size, which then has it. */
    boolean takeRoom(int size) {
        if (roomForMessages <= 0 || roomForBytes < size) {
            return false;
        }
        roomForMessages--;
        roomForBytes -= size;
        return true;
    }

    /** So much room there is now. */
    void setRoom(long messages, long bytes) {
        roomForMessages = messages;
        roomForBytes = bytes;
    }

    /** Whether room for another message is known. */
    boolean hasRoom() {
        return roomForMessages > 0 && roomForBytes > 0;
    }

    /** Puts a message into the batch; whether that is full now. */
    boolean addToBatch(Message message) {
        @Nullable Message[] pending = batch;
        if (pending == null) {
            pending = Batch.first(Batch.MOST);
            batch = pending;
        } else if (batchSize == pending.length) {
            pending = Batch.grown(pending, Batch.MOST);
            batch = pending;
        }
        pending[batchSize++] = message;
        return batchSize == Batch.MOST;
    }

    /** Messages in the batch. */
    int batchSize() {
        return batchSize;
    }

    /** The batch, whose {@link #batchSize()} messages the caller takes out. */
    @Nullable
    Message[] takeBatch() {
        @Nullable Message[] pending = batch;
        batchSize = 0;
        return pending == null ? new Message[0] : pending;
    }

    private static VarHandle handle(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Intake.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
