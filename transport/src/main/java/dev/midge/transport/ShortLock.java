// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.util.concurrent.locks.ReentrantLock;

/** A lock that is held for some ten nanoseconds each time, by threads that must not wait for one another. */
public final class ShortLock extends ReentrantLock {
    private static final long serialVersionUID = 1;

    /** Some microseconds. */
    private static final int TRIES = 100;

    /** An open lock. */
    public ShortLock() {}

    /** As {@link #lock}, but tries for a while before it waits: whoever has to wake this thread loses microseconds. */
    public void lockSoon() {
        for (int tries = 0; tries < TRIES; tries++) {
            if (tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock();
    }
}
