// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.internal.CacheLine;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What the consumers of a subscription write at each message: apart from what the event loop writes. */
final class Departures extends CacheLine {
    private static final VarHandle DELIVERED = handle("delivered");
    private static final VarHandle MESSAGES = handle("messages");
    private static final VarHandle BYTES = handle("bytes");

    /** By any number of threads at once, or by one alone. */
    private volatile long delivered;

    // One writer at a time, many readers.
    private long messages;
    private long bytes;

    /** Messages handed to the user. */
    long delivered() {
        return delivered;
    }

    /** Counts a message as handed to the user, by the only one who ever does. */
    void deliveredOneMore() {
        DELIVERED.setRelease(this, delivered + 1);
    }

    /** Counts a message as handed to the user; false if another thread was faster. */
    boolean deliveredOneMoreThan(long before) {
        return DELIVERED.compareAndSet(this, before, before + 1);
    }

    /** The turn of a pending message has come. */
    void consumed(int size) {
        MESSAGES.setRelease(this, messages + 1);
        BYTES.setRelease(this, bytes + size);
    }

    /** Messages whose turn came. */
    long consumedMessages() {
        return (long) MESSAGES.getAcquire(this);
    }

    /** Likewise, bytes of headers and payloads. */
    long consumedBytes() {
        return (long) BYTES.getAcquire(this);
    }

    private static VarHandle handle(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Departures.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
