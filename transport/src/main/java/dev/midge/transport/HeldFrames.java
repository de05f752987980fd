// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.FrameEncoder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What the thread that {@linkplain OutboundBuffer#hold holds back} has encoded without the lock of the buffer: whoever takes
 * that next moves it into the buffer, in front of what it brings itself. So an answer costs no lock, and still comes before
 * all that happens behind it.
 */
final class HeldFrames {
    /** What becomes of a frame. */
    enum Taken {
        /** Nothing: it goes the way of all others. */
        NOT,
        /** It is held back. */
        HELD,
        /** Likewise, but now it is time to let all leave. */
        DUE
    }

    /** In bytes. Nobody waits for an answer that is held back here, as it is for a peer that has much to answer for. */
    static final int CAPACITY = 48 << 10;

    /** As many nanoseconds, for the same reason. */
    static final long HELD_FOR = 200_000;

    /** Of so many frames one looks at the clock: a power of two. */
    private static final int FRAMES_PER_LOOK = 8;

    private static final VarHandle WRITTEN = writtenHandle();
    private static final long ONE_MESSAGE = 1L << Integer.SIZE;

    private final byte[] bytes = new byte[CAPACITY];

    /** Set and cleared by the thread itself, under the lock: any other one reads that it is another. */
    private volatile @Nullable Thread user;

    /** Changed under the lock: false if the user is to hold nothing more here, until it is allowed again. */
    private volatile boolean open;

    /** The messages in the upper half, the bytes in the lower one. Written by the user, and read under the lock. */
    private long written;

    /** What of that is in the buffer by now. Guarded by the lock. */
    private long moved;

    /** Of the user: when it put the first one here. */
    private long since;

    /** By any thread, without the lock. */
    Taken add(byte[] subject, byte[] payload) {
        if (user != Thread.currentThread() || !open) {
            return Taken.NOT;
        }
        long before = written;
        int at = bytesOf(before);
        if (!FrameEncoder.fitsAnswer(subject, payload, CAPACITY - at)) {
            return Taken.NOT;
        }
        int end = FrameEncoder.answer(bytes, at, subject, payload);
        long now = before + ONE_MESSAGE + (end - at);
        WRITTEN.setRelease(this, now);
        if (!open) { // whoever closed it may not have seen this one; or looks once more, where this is not seen here
            return Taken.DUE;
        }
        return isDue(now) ? Taken.DUE : Taken.HELD;
    }

    private boolean isDue(long now) {
        int messages = messagesOf(now);
        if (messages == 1) {
            since = System.nanoTime();
            return false;
        }
        return messages % FRAMES_PER_LOOK == 0 && System.nanoTime() - since >= HELD_FOR;
    }

    // All that follows is done with the lock held.

    /** Lets this thread use it from now on, unless another one does. */
    void open() {
        Thread thread = Thread.currentThread();
        if (user == null) {
            user = thread;
        }
        open = user == thread;
    }

    /** Takes no more; whether it did. */
    boolean close() {
        boolean before = open;
        open = false;
        return before;
    }

    /** Behind {@link #move}: this thread uses it no longer. */
    void leave() {
        if (user == Thread.currentThread()) {
            open = false;
            user = null;
        }
    }

    /** What is to be moved: the messages in the upper half, their bytes in the lower one. */
    long pending() {
        return (long) WRITTEN.getAcquire(this) - moved;
    }

    /** Moves what was {@link #pending}; to nowhere, if it is lost. */
    void move(long pending, @Nullable Chunk target) {
        if (target != null) {
            target.buffer.writeBytes(bytes, (int) moved, bytesOf(pending));
            target.messages += messagesOf(pending);
        }
        moved += pending;
        if (user == Thread.currentThread()) {
            written = 0;
            moved = 0;
        }
    }

    static int messagesOf(long frames) {
        return (int) (frames >>> Integer.SIZE);
    }

    static int bytesOf(long frames) {
        return (int) frames;
    }

    private static VarHandle writtenHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(HeldFrames.class, "written", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
