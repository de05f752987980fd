// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import org.jspecify.annotations.Nullable;

/** When the event loop is woken to write what is in an {@link OutboundBuffer}. Guarded by the lock of that buffer. */
final class WakeUp {
    /** As many bytes are worth a write of their own. */
    static final int HELD_AT_MOST = 16 << 10;

    /** As many nanoseconds are more than waking the event loop costs. */
    static final long HELD_FOR = 50_000;

    /** A batch of so many messages, and of {@link #HELD_AT_MOST} bytes, is one of many: more gather before the next one. */
    static final int MANY = 16;

    /** As many bytes that have gathered are enough for the next one. */
    static final int GATHERED = 64 << 10;

    /** Of so many frames that are held back one looks at the clock: a power of two. */
    private static final int FRAMES_PER_LOOK = 4;

    private final Ledger ledger;
    private final ChunkQueue queue;

    /** Somebody sees to it that what is queued is written: no need to wake the event loop. */
    private boolean drainDue;

    /** Draining is due only because the event loop comes again by itself. */
    private boolean gathering;

    /** Whoever holds the lock wakes the event loop as soon as it is free: that may take a system call. */
    private boolean owed;

    /** Who publishes several messages in a row, and says when that is over. */
    private @Nullable Thread holder;

    /** Since when the holder has published and nobody was woken for it, and how many frames. */
    private long heldSince;

    private int held;

    // Of the watch over holders, who may be held up themselves.
    private boolean watched;
    private boolean publishedSinceWatch;
    private boolean heldBeforeWatch;

    WakeUp(Ledger ledger, ChunkQueue queue) {
        this.ledger = ledger;
        this.queue = queue;
    }

    /**
     * Frames came.
     *
     * @param urgent somebody waits for what comes back
     */
    void accepted(boolean urgent) {
        if (holder != null && holder == Thread.currentThread()) {
            publishedSinceWatch = true;
            if (isWakeWanted(true)) {
                if (!watched || !mayHold()) {
                    wakeNow();
                }
                return;
            }
        }
        if (isWakeWanted(urgent)) {
            wakeNow();
        }
    }

    private boolean isWakeWanted(boolean urgent) {
        return !drainDue || (gathering && (urgent || ledger.queuedBytes() >= GATHERED));
    }

    private void wakeNow() {
        drainDue = true;
        gathering = false;
        owed = true;
    }

    private boolean mayHold() {
        if (held++ == 0) {
            heldSince = System.nanoTime();
            return true;
        }
        return ledger.queuedBytes() < HELD_AT_MOST
                && (held % FRAMES_PER_LOOK != 0 || System.nanoTime() - heldSince < HELD_FOR);
    }

    /**
     * The event loop took what it can take at once; it goes on if there is more.
     *
     * @param gathers it comes again by itself, a little later
     */
    void taken(boolean more, boolean gathers) {
        gathering = gathers && !more;
        drainDue = more || gathers;
        held = 0;
    }

    /** What this thread publishes is held back from now on, as long as that is watched, and unless another thread's is. */
    void hold() {
        if (holder == null) {
            holder = Thread.currentThread();
            heldBeforeWatch = false;
        }
    }

    /** What this thread published, or any, is held back no longer: the event loop is to write what is still queued. */
    void letGo(boolean all) {
        if (!all && holder != Thread.currentThread()) {
            return;
        }
        holder = null;
        leave();
    }

    /** What is held back is to be written now. */
    void leave() {
        if (held > 0) {
            held = 0;
            if (isWakeWanted(true) && !queue.isEmpty()) { // else nobody would say that it is due no more
                wakeNow();
            }
        }
    }

    /** So many frames came that were held back elsewhere, and still are. */
    void moved(int messages) {
        publishedSinceWatch = true;
        if (held == 0) {
            heldSince = System.nanoTime();
        }
        held += messages;
    }

    /** Whether somebody holds back, and is watched. */
    boolean isHolding() {
        return holder != null && watched;
    }

    /** Whether that is this thread. */
    boolean isHolder() {
        return isHolding() && holder == Thread.currentThread();
    }

    /** There is to be another {@link #watch}, whatever the last one said. */
    void watchAgain() {
        watched = true;
    }

    boolean isHeld() {
        return held > 0;
    }

    /** Whether a holder publishes while there is nobody who watches. */
    boolean isWatchWanted() {
        return publishedSinceWatch && !watched;
    }

    /**
     * Who holds back from one call of this to the next is held up: what there is leaves.
     *
     * @return whether it is to be called again
     */
    boolean watch() {
        if (holder != null && heldBeforeWatch) {
            letGo(true);
        }
        heldBeforeWatch = holder != null;
        watched = publishedSinceWatch;
        publishedSinceWatch = false;
        return watched;
    }

    /** Hands over what is owed: whether to wake the event loop. */
    boolean takeOwed() {
        boolean wake = owed;
        owed = false;
        return wake;
    }
}
