// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that exists while anybody uses it: started for the first user, stopped behind the last. Thread-safe. */
final class SharedResource<T> {
    private final Supplier<T> start;
    private final Consumer<T> stop;
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable T resource;
    private int users;

    /**
     * @param start makes the resource; what it throws reaches the one who acquires
     * @param stop called once for each resource made; must not block
     */
    SharedResource(Supplier<T> start, Consumer<T> stop) {
        this.start = start;
        this.stop = stop;
    }

    /** Every call must be followed by one of {@link #release}. */
    T acquire() {
        lock.lock();
        try {
            T current = resource;
            if (current == null) {
                current = start.get();
                resource = current;
            }
            users++;
            return current;
        } finally {
            lock.unlock();
        }
    }

    void release() {
        T last = null;
        lock.lock();
        try {
            if (--users == 0) {
                last = resource;
                resource = null;
            }
        } finally {
            lock.unlock();
        }
        if (last != null) {
            stop.accept(last);
        }
    }
}
