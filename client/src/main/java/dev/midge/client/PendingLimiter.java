// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;

/** Keeps what is pending of a subscription within its limits, and tells when it becomes slow and when it has recovered. */
final class PendingLimiter {
    private final QueuedSubscription subscription;
    private final PendingQueue queue;
    private final Intake intake;
    private final PendingLimits limits;
    private final Overflow overflow;
    private final AtomicLong dropped = new AtomicLong();

    /** That of the queue; held where {@link #slow} changes and messages are dropped, so that each is of one episode. */
    private final Lock lock;

    private volatile boolean slow;

    /** Guarded by the lock. */
    private long droppedBeforeSlow;

    PendingLimiter(QueuedSubscription subscription, PendingQueue queue, PendingLimits limits, Overflow overflow) {
        this.subscription = subscription;
        this.queue = queue;
        this.intake = subscription.intake();
        this.limits = limits;
        this.overflow = overflow;
        this.lock = queue.lock();
    }

    /** How many messages were dropped, ever. */
    long dropped() {
        return dropped.get();
    }

    /** Counts messages that were dropped. */
    void drop(long messages) {
        if (messages > 0) {
            dropped.getAndAdd(messages);
            subscription.connection().dropped(messages);
        }
    }

    /** How many messages a consumer may take at once: few where the limits are low, as they are pending meanwhile. */
    int takeAtMost(int most) {
        return overflow == Overflow.DROP_OLDEST ? 1 : (int) Math.max(1, Math.min(most, limits.messages() / 4));
    }

    /** On the event loop: whether a message of this size may become pending. If not, it has been dropped. */
    boolean admits(int size) {
        return intake.takeRoom(size) || admitsNow(size);
    }

    /** Looks at what consumers have consumed: not at each message, as those write to it all the time. */
    private boolean admitsNow(int size) {
        intake.setRoom(limits.messages() - queue.pendingMessages(), limits.bytes() - queue.pendingBytes());
        if (intake.takeRoom(size)) {
            return true;
        }
        if (overflow == Overflow.PAUSE_READING) {
            // Read on although full: only to see the end of a connection being closed, which drops what is pending.
            intake.setRoom(0, 0); // a message larger than all the room there is may take it
            boolean admitted = !isFull() || subscription.connection().status() != ConnectionStatus.CLOSING;
            drop(admitted ? 0 : 1);
            return admitted;
        }
        return makeRoom(size);
    }

    private boolean makeRoom(int size) {
        subscription.flushBatch();
        boolean couldFit = size <= limits.bytes(); // else it is no reason to drop others
        boolean admitted;
        lock.lock();
        try {
            enterSlow();
            while (couldFit && overflow == Overflow.DROP_OLDEST && !fits(size) && queue.dropOldest()) {
                drop(1);
            }
            admitted = couldFit && fits(size);
            drop(admitted ? 0 : 1);
        } finally {
            lock.unlock();
        }
        if (couldFit && !admitted) {
            checkRecovered(); // the consumer may have consumed all just before, and will not look again
        }
        return admitted;
    }

    /** On the event loop: a message has become pending. */
    void admitted() {
        if (overflow == Overflow.PAUSE_READING && !intake.hasRoom() && isFull()) {
            subscription.flushBatch();
            subscription.connection().lifecycle().pauseReading(subscription);
            enterSlow();
        }
        checkRecovered(); // as above
    }

    private void enterSlow() {
        lock.lock();
        try {
            if (!slow) {
                droppedBeforeSlow = dropped.get();
                slow = true;
                subscription
                        .connection()
                        .emit(new ConnectionEvent.SlowConsumer(
                                subscription, queue.pendingMessages(), queue.pendingBytes(), droppedBeforeSlow));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * A consumer has consumed: is the slow state over? What it consumed must be visible before it is called: the event
     * loop sets {@code slow} and then looks what is pending, the consumer does it the other way round.
     */
    void checkRecovered() {
        if (!slow || !isHalfEmpty()) {
            return;
        }
        lock.lock();
        try {
            if (!slow || !isHalfEmpty()) {
                return; // another thread was faster, or it has become slow again
            }
            slow = false;
            long total = dropped.get();
            subscription
                    .connection()
                    .emit(new ConnectionEvent.SlowConsumerRecovered(subscription, total - droppedBeforeSlow, total));
        } finally {
            lock.unlock();
        }
        subscription.connection().lifecycle().resumeReading(subscription);
    }

    private boolean fits(int size) {
        return queue.pendingMessages() < limits.messages() && queue.pendingBytes() + size <= limits.bytes();
    }

    private boolean isFull() {
        return queue.pendingMessages() >= limits.messages() || queue.pendingBytes() >= limits.bytes();
    }

    private boolean isHalfEmpty() {
        return queue.pendingMessages() <= limits.messages() / 2 && queue.pendingBytes() <= limits.bytes() / 2;
    }
}
