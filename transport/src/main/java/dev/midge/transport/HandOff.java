// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a thread pool that accepts a task only if a thread waits for it, so that the pool adds a thread
 * otherwise. A thread whose wait times out still takes what was accepted because of it.
 *
 * <p>Not a LinkedTransferQueue, which promises the same: that of JDK 17 may spin in {@code poll} and never time out
 * (JDK-8301341), and keep a processor busy for as long as the pool is idle.
 */
final class HandOff extends AbstractQueue<Runnable> implements BlockingQueue<Runnable> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();

    // Guarded by the lock.
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private int waiting;

    @Override
    public boolean offer(Runnable task) {
        lock.lock();
        try {
            if (waiting <= tasks.size()) {
                return false;
            }
            append(task);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Accepts a task though no thread may wait for it. */
    void append(Runnable task) {
        lock.lock();
        try {
            tasks.add(task);
            added.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Runnable poll(long timeout, TimeUnit unit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = unit.toNanos(timeout);
            waiting++;
            try {
                while (tasks.isEmpty() && nanos > 0) {
                    nanos = added.awaitNanos(nanos);
                }
            } finally {
                waiting--;
            }
            return tasks.poll();
        } catch (InterruptedException e) {
            added.signal(); // the signal may have been for this thread
            throw e;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Runnable take() throws InterruptedException {
        while (true) {
            Runnable task = poll(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            if (task != null) {
                return task;
            }
        }
    }

    @Override
    public @Nullable Runnable poll() {
        lock.lock();
        try {
            return tasks.poll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Runnable peek() {
        lock.lock();
        try {
            return tasks.peek();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int size() {
        lock.lock();
        try {
            return tasks.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean remove(@Nullable Object task) {
        lock.lock();
        try {
            return tasks.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /** Of what was there at the time of the call. */
    @Override
    public Iterator<Runnable> iterator() {
        lock.lock();
        try {
            return List.copyOf(tasks).iterator();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int drainTo(Collection<? super Runnable> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    @Override
    public int drainTo(Collection<? super Runnable> target, int max) {
        lock.lock();
        try {
            int count = Math.min(max, tasks.size());
            for (int i = 0; i < count; i++) {
                target.add(tasks.remove());
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int remainingCapacity() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void put(Runnable task) {
        append(task);
    }

    @Override
    public boolean offer(Runnable task, long timeout, TimeUnit unit) {
        return offer(task);
    }
}
