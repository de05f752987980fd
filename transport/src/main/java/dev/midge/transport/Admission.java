// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a message may enter an {@link OutboundBuffer}, and lets its publisher wait until it may. Guarded by the
 * buffer's lock, which is free while somebody waits.
 */
final class Admission {
    /** Bytes of space, of a limit that is much larger, that are worth waking those who wait. */
    static final int WAKE_SPACE = 1 << 20;

    private final EventLoop eventLoop;
    private final Ledger ledger;
    private final long limit;
    private final long wakeLimit;
    private final Condition changed;

    /** Changed under the lock, read without it. */
    private final AtomicInteger threadsWaiting = new AtomicInteger();

    /** How many of them have a frame that may not fit yet when they are woken. */
    private int largeFramesWaiting;

    private @Nullable Throwable refusal;

    Admission(Lock lock, EventLoop eventLoop, Ledger ledger, long limit) {
        this.changed = lock.newCondition();
        this.eventLoop = eventLoop;
        this.ledger = ledger;
        this.limit = limit;
        this.wakeLimit = Math.max(limit / 2, limit - WAKE_SPACE);
    }

    long limit() {
        return limit;
    }

    boolean isRefused() {
        return refusal != null;
    }

    /** A frame of so many bytes may enter at once: the way to go as a rule. */
    boolean isOpenFor(long frame) {
        return refusal == null && largeFramesWaiting == 0 && !isOverLimit(frame);
    }

    private boolean isOverLimit(long frame) {
        long queued = ledger.queuedBytes();
        return queued + frame > limit && queued > 0;
    }

    /**
     * Waits until a frame may enter, but not on an event loop.
     *
     * @return {@link Outcome#ACCEPTED} if it may
     */
    Outcome await(long frame, long maxWaitNanos) throws InterruptedException {
        long remaining = maxWaitNanos <= 0 || isOnEventLoop() ? 0 : maxWaitNanos;
        boolean large = frame > limit - wakeLimit;
        // Then the ledger is asked once more: the event loop changes that first, and looks who waits afterwards.
        threadsWaiting.incrementAndGet();
        largeFramesWaiting += large ? 1 : 0;
        try {
            // Small frames give way, or there might never be as much space as a large one needs.
            while (refusal == null && (isOverLimit(frame) || (!large && largeFramesWaiting > 0))) {
                if (remaining <= 0) {
                    return Outcome.FULL;
                }
                remaining = changed.awaitNanos(remaining);
            }
        } finally {
            threadsWaiting.decrementAndGet();
            largeFramesWaiting -= large ? 1 : 0;
            if (large) {
                changed.signalAll();
            }
        }
        return refusal == null ? Outcome.ACCEPTED : Outcome.CLOSED;
    }

    /**
     * Whether those who wait are to be told that there is space: not before there is enough of it for many frames, so
     * that threads are not woken for one each. On the event loop, behind a change of the ledger; needs no lock.
     */
    boolean isSpaceAwaited() {
        return threadsWaiting.get() > 0 && ledger.queuedBytes() <= wakeLimit;
    }

    void spaceFreed() {
        changed.signalAll();
    }

    void refuse(Throwable cause) {
        if (refusal == null) {
            refusal = cause;
        }
        changed.signalAll();
    }

    /** Whoever waits on a loop, be it another connection's, holds up those who make space. */
    private boolean isOnEventLoop() {
        if (eventLoop.inEventLoop() || LoopGroup.isOnLoop()) {
            return true;
        }
        EventLoopGroup group = eventLoop.parent();
        if (group != null) {
            for (EventExecutor other : group) {
                if (other.inEventLoop()) {
                    return true;
                }
            }
        }
        return false;
    }
}
