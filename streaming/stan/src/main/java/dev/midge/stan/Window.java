// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.NatsInterruptedException;
import dev.midge.client.internal.Exchanges;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds how many acks are outstanding. From any thread. */
final class Window {
    /** Such a part of all places is free at once: else the server would have nothing to do till the end of a long burst. */
    private static final int WORTH_WAKING = 8;

    private final StanOptions options;
    private final Exchanges exchanges;
    private final Semaphore places;

    /** Acks that came with the present burst of reads: their places become free at its end, at the latest. */
    private final AtomicInteger left = new AtomicInteger();

    private final Runnable freePlaces = this::freePlaces;

    Window(StanOptions options, Exchanges exchanges) {
        this.options = options;
        this.exchanges = exchanges;
        places = new Semaphore(options.maxPubAcksInFlight());
    }

    /** Waits for a place, if that may be. */
    void enter(String subject, boolean mayBlock) {
        if (places.tryAcquire()) {
            return;
        }
        boolean waits = mayBlock && options.publishOverflow() == PublishOverflow.WAIT;
        try {
            if (waits && places.tryAcquire(TimeUnit.NANOSECONDS.convert(options.ackTimeout()), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NatsInterruptedException(
                    "publish to channel " + subject + ": interrupted while waiting for one of "
                            + options.maxPubAcksInFlight() + " outstanding acks; nothing was sent",
                    e);
        }
        throw new StanWindowFullException("cannot publish to channel " + subject + ": " + options.maxPubAcksInFlight()
                + " acks are outstanding, which is as many as may be (StanOptions.maxPubAcksInFlight); "
                + (waits ? "waited " + options.ackTimeout() : "not waited for"));
    }

    /**
     * Whoever waits for a place is not woken for each: that takes longer than to use one.
     *
     * @param atOnce the place is needed as soon as this returns
     */
    void leave(boolean atOnce) {
        if (atOnce || exchanges.mayBlock()) { // or no event loop, whose burst this would have to wait for
            places.release();
            return;
        }
        int count = left.incrementAndGet();
        if (count == 1) {
            exchanges.behindReads(freePlaces);
        } else if (count >= options.maxPubAcksInFlight() / WORTH_WAKING) {
            freePlaces();
        }
    }

    private void freePlaces() {
        places.release(left.getAndSet(0));
    }
}
