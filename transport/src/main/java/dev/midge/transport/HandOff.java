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
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a thread pool that accepts a task only if a thread waits for it, so that the pool adds a thread
 * otherwise. The thread that has waited for the shortest time gets it: the caches know it best, and those that are not
 * needed time out. A thread whose wait times out still takes what was accepted because of it.
 *
 * <p>Not a LinkedTransferQueue, which promises the same: that of JDK 17 may spin in {@code poll} and never time out
 * (JDK-8301341), and keep a processor busy for as long as the pool is idle.
 */
final class HandOff extends AbstractQueue<Runnable> implements BlockingQueue<Runnable> {
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

    /** A thread that waits, and what it gets: it is among the waiters until it has that. */
    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private volatile @Nullable Runnable task;

        /** Waits for a task, until a time or an interrupt. */
        void await(long end) {
            long nanos = end - System.nanoTime();
            while (task == null && nanos > 0 && !thread.isInterrupted()) {
                LockSupport.parkNanos(this, nanos);
                nanos = end - System.nanoTime();
            }
        }
    }

    @Override
    public boolean offer(Runnable task) {
        return give(task, false);
    }

    /** Accepts a task though no thread may wait for it. */
    void append(Runnable task) {
        give(task, true);
    }

    private boolean give(Runnable task, boolean always) {
        Waiter waiter;
        lock.lock();
        try {
            waiter = waiters.pollLast();
            if (waiter != null) {
                waiter.task = task;
            } else if (always) {
                tasks.add(task);
            }
        } finally {
            lock.unlock();
        }
        if (waiter != null) {
            LockSupport.unpark(waiter.thread);
        }
        return always || waiter != null;
    }

    @Override
    public @Nullable Runnable poll(long timeout, TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + Math.min(unit.toNanos(timeout), Long.MAX_VALUE >> 1);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Waiter waiter;
        lock.lock();
        try {
            Runnable task = tasks.poll();
            if (task != null) {
                return task;
            }
            waiter = new Waiter();
            waiters.addLast(waiter);
        } finally {
            lock.unlock();
        }
        waiter.await(end);
        Runnable task = waiter.task;
        if (task == null) {
            task = giveUp(waiter);
        }
        if (task == null && Thread.interrupted()) {
            throw new InterruptedException();
        }
        return task;
    }

    /** Waits no longer; answers what it was given just before. */
    private @Nullable Runnable giveUp(Waiter waiter) {
        lock.lock();
        try {
            waiters.removeLastOccurrence(waiter);
            return waiter.task;
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
