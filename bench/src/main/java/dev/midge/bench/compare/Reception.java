// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.concurrent.Semaphore;

/**
 * Counts what comes to a subscription: the first message of a run begins the clock, and one with nothing in it is the end of
 * the run. So it does not matter which comes first, the messages or the word that they are to come.
 */
final class Reception implements Client.Receiver {
    private final Meter meter;
    private final Semaphore ended = new Semaphore(0);
    private long count;
    private long total;

    Reception(Meter meter) {
        this.meter = meter;
    }

    @Override
    public void received(int size) {
        if (count == 0) {
            meter.begin();
        }
        if (size == 0) {
            total = count;
            count = 0;
            meter.end();
            ended.release();
        } else {
            count++;
        }
    }

    /** Waits for the end of a run; how many messages were in it. */
    long await() throws InterruptedException {
        ended.acquire();
        return total;
    }
}
