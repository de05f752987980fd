// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;
import dev.midge.transport.ShortLock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a reply, and until when. Each has a place in an array, which is part of its token, so that a reply
 * finds it without a look-up; the deadlines lie side by side in an array of their own. All from any thread; whoever
 * {@linkplain #remove removes} an entry, and nobody else, ends it.
 */
final class PendingIndex<E extends PendingIndex.Entry> {
    /** Of a token, the lower bits are the place; those above, 40, a sequence number. */
    private static final int PLACE_BITS = 20;

    /** How many can wait at a time. */
    static final int MAX_PENDING = 1 << PLACE_BITS;

    /** No deadline. */
    static final long NEVER = Long.MAX_VALUE;

    private static final long MAX_SEQUENCE = (1L << 40) - 1;
    private static final int INITIAL_CAPACITY = 64;

    /** Larger arrays, in places, are not kept when nothing waits. */
    private static final int KEPT_CAPACITY = 4096;

    /** What waits. Its token is read and written with the lock held. */
    interface Entry {
        /** The last one that it was given. */
        long token();

        /** It was given a place. */
        void token(long token);
    }

    private final ShortLock lock = new ShortLock();

    // Guarded by the lock. All behind the places that were used since nothing waited are null.
    private @Nullable Object[] places = new Object[INITIAL_CAPACITY];
    private long[] deadlines = new long[INITIAL_CAPACITY];
    private int[] free = new int[INITIAL_CAPACITY];
    private int freeCount;

    /** Places from here on were never in use since the array was empty. */
    private int used;

    private int pending;
    private long sequence;

    /** When the deadlines are going to be looked at. */
    private long armedFor = NEVER;

    private boolean closed;

    /** How many wait. */
    int pending() {
        lock.lock();
        try {
            return pending;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives an entry its place.
     *
     * @param whenClosed what to throw if the index is closed
     * @return whether its deadline is before those that are watched: see {@link #armedFor}
     */
    boolean add(E entry, long deadline, Supplier<? extends RuntimeException> whenClosed) {
        lock.lockSoon();
        try {
            if (closed) {
                throw whenClosed.get();
            }
            int place = freeCount > 0 ? free[--freeCount] : newPlace();
            sequence = sequence == MAX_SEQUENCE ? 1 : sequence + 1;
            entry.token(sequence << PLACE_BITS | place);
            places[place] = entry;
            pending++;
            return watch(place, deadline);
        } finally {
            lock.unlock();
        }
    }

    private int newPlace() {
        if (used == MAX_PENDING) {
            throw new NatsException(MAX_PENDING + " requests wait for replies: there is no room for another");
        }
        if (used == places.length) {
            int capacity = used * 2;
            places = Arrays.copyOf(places, capacity);
            deadlines = Arrays.copyOf(deadlines, capacity);
            free = Arrays.copyOf(free, capacity);
        }
        return used++;
    }

    private boolean watch(int place, long deadline) {
        deadlines[place] = deadline;
        boolean earlier = deadline < armedFor;
        armedFor = earlier ? deadline : armedFor;
        return earlier;
    }

    /** Whether it had a place, which it then has no more. */
    boolean remove(E entry) {
        lock.lockSoon();
        try {
            int place = place(entry.token());
            if (at(place) != entry) {
                return false;
            }
            places[place] = null;
            deadlines[place] = NEVER;
            free[freeCount++] = place;
            if (--pending == 0) {
                used = 0;
                freeCount = 0;
                if (places.length > KEPT_CAPACITY) {
                    places = new Object[INITIAL_CAPACITY];
                    deadlines = new long[INITIAL_CAPACITY];
                    free = new int[INITIAL_CAPACITY];
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has a place. */
    boolean contains(E entry) {
        lock.lockSoon();
        try {
            return at(place(entry.token())) == entry;
        } finally {
            lock.unlock();
        }
    }

    /** Sets the deadline of an entry, unless it has no place any more; as {@link #add}. */
    boolean setDeadline(E entry, long deadline) {
        lock.lockSoon();
        try {
            int place = place(entry.token());
            return at(place) == entry && watch(place, deadline);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The entry of a token; null if it has no place any more. A token that was never given belongs to the only entry that
     * waits, if there is only one.
     */
    @Nullable
    E find(long token) {
        lock.lockSoon();
        try {
            if (token >= 0 && token >>> PLACE_BITS <= sequence) {
                E entry = at(place(token));
                return entry != null && entry.token() == token ? entry : null;
            }
            E only = null;
            for (int i = 0; pending == 1 && only == null && i < used; i++) {
                only = at(i);
            }
            return only;
        } finally {
            lock.unlock();
        }
    }

    /** When the deadlines are to be looked at; {@link #NEVER} if there are none, or it is closed. */
    long armedFor() {
        lock.lockSoon();
        try {
            return closed ? NEVER : armedFor;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Those whose deadline is over, which have none from now on.
     *
     * @param tick how long others may come together until they are looked at again
     */
    List<E> due(long now, long tick) {
        List<E> due = new ArrayList<>();
        lock.lockSoon();
        try {
            long next = NEVER;
            for (int i = 0; i < used; i++) {
                E entry = at(i);
                if (deadlines[i] <= now && entry != null) {
                    deadlines[i] = NEVER;
                    due.add(entry);
                } else {
                    next = Math.min(next, deadlines[i]);
                }
            }
            armedFor = next == NEVER ? NEVER : Math.max(next, now + tick);
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** Those of which that is true. */
    List<E> all(Predicate<? super E> which) {
        List<E> all = new ArrayList<>();
        lock.lock();
        try {
            for (int i = 0; i < used; i++) {
                E entry = at(i);
                if (entry != null && which.test(entry)) {
                    all.add(entry);
                }
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more; what waits is left. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private static int place(long token) {
        return (int) token & (MAX_PENDING - 1);
    }

    @SuppressWarnings("unchecked") // add puts nothing else there
    private @Nullable E at(int place) {
        return place < used ? (E) places[place] : null;
    }
}
