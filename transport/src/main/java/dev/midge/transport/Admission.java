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
    private final Condition changed;

    /** Changed under the lock, read without it. */
    private final AtomicInteger threadsWaiting = new AtomicInteger();

    /** How many of them have a frame that may not fit yet when they are woken. */
    private int largeFramesWaiting;

    // Changed under the lock, read without it.
    private volatile long currentLimit;
    private volatile long wakeLimit;

    /** What offers get at once, for now or for ever. */
    private @Nullable Outcome answer;

    Admission(Lock lock, EventLoop eventLoop, Ledger ledger, long limit) {
        this.changed = lock.newCondition();
        this.eventLoop = eventLoop;
        this.ledger = ledger;
        this.limit = limit;
        setLimit(limit);
    }

    private void setLimit(long bytes) {
        currentLimit = bytes;
        wakeLimit = Math.max(bytes / 2, bytes - WAKE_SPACE);
    }

    /** Without the lock too. */
    long limit() {
        return currentLimit;
    }

    boolean isRefused() {
        return answer == Outcome.CLOSED;
    }

    /** Everybody gets an answer at once, and nothing enters. */
    boolean isAnswering() {
        return answer != null;
    }

    /** A frame of so many bytes may enter at once: the way to go as a rule. */
    boolean isOpenFor(long frame) {
        return answer == null && largeFramesWaiting == 0 && !isOverLimit(frame);
    }

    private boolean isOverLimit(long frame) {
        long queued = ledger.queuedBytes();
        return queued + frame > currentLimit && queued > 0;
    }

    /**
     * Waits until a frame may enter, but not on an event loop.
     *
     * @return {@link Outcome#ACCEPTED} if it may
     */
    Outcome await(long frame, long maxWaitNanos) throws InterruptedException {
        long remaining = maxWaitNanos <= 0 || isOnEventLoop() ? 0 : maxWaitNanos;
        boolean large = frame > currentLimit - wakeLimit;
        // Then the ledger is asked once more: the event loop changes that first, and looks who waits afterwards.
        threadsWaiting.incrementAndGet();
        largeFramesWaiting += large ? 1 : 0;
        try {
            // Small frames give way, or there might never be as much space as a large one needs.
            while (answer == null && (isOverLimit(frame) || (!large && largeFramesWaiting > 0))) {
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
        return answer == null ? Outcome.ACCEPTED : answer;
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

    /** From now on another limit holds, or everybody gets this answer at once, whoever waits included. */
    void suspend(@Nullable Outcome everybodys, long bytes) {
        if (!isRefused()) {
            answer = everybodys;
            setLimit(bytes);
        }
        changed.signalAll();
    }

    void resume() {
        suspend(null, limit);
    }

    void refuse() {
        answer = Outcome.CLOSED;
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
