// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a subscription that were received and not yet consumed. The event loop adds them in batches, one
 * consumer takes them; neither allocates for a message, and the lock is held for a batch, not for a message.
 *
 * <p>How much is pending is told without the lock: the difference of what ever was added, which the event loop alone
 * counts, and what was consumed or dropped.
 */
final class PendingQueue {
    private static final int INITIAL_CAPACITY = 16;

    /** A ring larger than this, in messages, is not kept when it has become empty. */
    private static final int KEPT_CAPACITY = 4096;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock: a ring whose length is a power of two.
    private @Nullable Message[] ring = new Message[0];
    private int head;
    private int size;
    private boolean consumerIdle;
    private int inHand;
    private boolean ended;
    private @Nullable Throwable endCause;
    private @Nullable Watch watch;
    private volatile boolean discarding;

    private final Intake added;
    private final Departures consumed;

    // Written with the lock held.
    private final Counter removedMessages = new Counter();
    private final Counter removedBytes = new Counter();

    /**
     * @param added where the event loop counts what becomes pending
     * @param consumed where the consumers count what they took
     * @param startConsumer whether {@link #add} is to say that a consumer must be started
     */
    PendingQueue(Intake added, Departures consumed, boolean startConsumer) {
        this.added = added;
        this.consumed = consumed;
        consumerIdle = startConsumer;
    }

    /** Is told what the consumer does, with the lock held. */
    interface Watch {
        /** Messages were added. */
        void filled();

        /** The consumer wants more than there is. */
        void waits();

        /** The consumer has one or more to work on. */
        void takes();
    }

    /** Tells this one from now on. */
    void watch(Watch newWatch) {
        lock.lock();
        try {
            watch = newWatch;
        } finally {
            lock.unlock();
        }
    }

    /** For what must not happen while this queue changes. */
    Lock lock() {
        return lock;
    }

    /** Messages received and neither consumed nor dropped. */
    long pendingMessages() {
        long gone = consumed.consumedMessages() + removedMessages.get();
        return added.announcedMessages() - gone;
    }

    /** Likewise, bytes of headers and payloads. */
    long pendingBytes() {
        long gone = consumed.consumedBytes() + removedBytes.get();
        return added.announcedBytes() - gone;
    }

    /** On the event loop: a message will be {@linkplain #add added}; it is pending from now on. */
    void announce(int bytes) {
        added.announce(bytes);
    }

    /**
     * By the one consumer that {@linkplain #take takes}: the turn of this message has come, it is pending no more. Not to
     * be called for the first of those that were taken together.
     */
    void consumed(int bytes) {
        consumed.consumed(bytes);
    }

    /**
     * Adds announced messages and takes them out of the array.
     *
     * @return whether the consumer is idle and is to be started
     */
    boolean add(@Nullable Message[] batch, int count) {
        lock.lock();
        try {
            ensureCapacity(size + count);
            for (int i = 0; i < count; i++) {
                ring[(head + size + i) & (ring.length - 1)] = batch[i];
                batch[i] = null;
            }
            size += count;
            if (discarding) {
                discard();
                return false;
            }
            if (watch != null) {
                watch.filled();
            }
            changed.signal();
            boolean start = consumerIdle;
            consumerIdle = false;
            return start;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves the oldest messages to the array. The first is consumed by that; the others stay pending till {@link
     * #consumed}. So whoever takes one at a time leaves no moment at which a message is pending and can no more be
     * {@linkplain #dropOldest dropped}.
     *
     * @return how many; 0 means that the consumer is idle from now on, to be started at the next add
     */
    int take(@Nullable Message[] target, int max) {
        lock.lock();
        try {
            int count = Math.min(size, max);
            for (int i = 0; i < count; i++) {
                Message message = removeHead();
                target[i] = message;
                if (i == 0) {
                    consumed(message.pendingSize());
                }
            }
            consumerIdle = count == 0;
            inHand = count; // those that were taken before have been handled
            tellWatch(count > 0);
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** The oldest message, waiting for one for so long; null if none came or the queue has ended and is empty. */
    @Nullable
    Message poll(long maxWaitNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long remaining = maxWaitNanos;
            while (size == 0 && !ended) {
                tellWatch(false);
                if (remaining <= 0) {
                    return null;
                }
                remaining = changed.awaitNanos(remaining);
            }
            if (size == 0) {
                return null;
            }
            Message message = removeHead();
            consumed(message.pendingSize());
            tellWatch(true);
            if (size > 0) {
                changed.signal(); // a batch is added with one signal, and others may wait too
            }
            return message;
        } finally {
            lock.unlock();
        }
    }

    /** Drops the oldest message; false if there is none, or the consumer has it already. */
    boolean dropOldest() {
        lock.lock();
        try {
            if (size == 0) {
                return false;
            }
            removed(removeHead());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing will be added any more. What is in the queue stays to be consumed. */
    void end(@Nullable Throwable cause) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                endCause = cause;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Drops all there is and all that comes, and returns how many messages there were. */
    long discard() {
        lock.lock();
        try {
            discarding = true;
            long count = size;
            while (size > 0) {
                removed(removeHead());
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #discard} was called: what a consumer took before is not to be delivered. */
    boolean isDiscarding() {
        return discarding;
    }

    /** The consumer could not be started: the next add says so again. */
    void consumerStopped() {
        lock.lock();
        try {
            consumerIdle = true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is something for a consumer that stopped, which the caller is then to start. */
    boolean restartsConsumer() {
        lock.lock();
        try {
            boolean start = consumerIdle && size > 0;
            consumerIdle &= !start;
            return start;
        } finally {
            lock.unlock();
        }
    }

    /** All that was {@linkplain #take taken} has been handled: for a consumer that does not take again at once. */
    void handled() {
        lock.lock();
        try {
            inHand = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is there, nothing will come, and what was taken has been handled. */
    boolean isHandled() {
        lock.lock();
        try {
            return ended && size == 0 && inHand == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Messages that are pending, and the one that is being handled. */
    long unhandledMessages() {
        lock.lock();
        try {
            return pendingMessages() + (inHand > 0 ? 1 : 0);
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is there and nothing will come. */
    boolean isFinished() {
        lock.lock();
        try {
            return ended && size == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Why it ended; null if it has not, or by the user's wish. */
    @Nullable
    Throwable endCause() {
        lock.lock();
        try {
            return endCause;
        } finally {
            lock.unlock();
        }
    }

    private void tellWatch(boolean takes) {
        if (watch != null) {
            if (takes) {
                watch.takes();
            } else {
                watch.waits();
            }
        }
    }

    private void removed(Message message) {
        removedMessages.add(1);
        removedBytes.add(message.pendingSize());
    }

    private Message removeHead() {
        Message message = ring[head];
        if (message == null) {
            throw new AssertionError("an empty place in the ring");
        }
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        if (size == 0 && ring.length > KEPT_CAPACITY) {
            ring = new Message[0]; // a large burst is over: give its memory back
            head = 0;
        }
        return message;
    }

    private void ensureCapacity(int wanted) {
        if (wanted > ring.length) {
            int capacity = Math.max(INITIAL_CAPACITY, Integer.highestOneBit(wanted - 1) << 1);
            Message[] larger = new Message[capacity];
            for (int i = 0; i < size; i++) {
                larger[i] = ring[(head + i) & (ring.length - 1)];
            }
            ring = larger;
            head = 0;
        }
    }
}
