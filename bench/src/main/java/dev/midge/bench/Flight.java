// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** Requests of which so many are under way at any time, as each makes the next one when its reply has come. */
final class Flight {
    /** Makes a request. */
    interface Requester {
        CompletableFuture<?> request() throws Exception;
    }

    private final Requester requester;
    private final long end;
    private final AtomicLong count = new AtomicLong();
    private final CountDownLatch landed;

    private Flight(Requester requester, int size, long nanos) {
        this.requester = requester;
        end = System.nanoTime() + nanos;
        landed = new CountDownLatch(size);
    }

    /** Keeps so many under way for so long, and answers how many replies came. */
    static long fly(Requester requester, int size, long nanos) throws InterruptedException {
        Flight flight = new Flight(requester, size, nanos);
        for (int i = 0; i < size; i++) {
            flight.new Seat().next();
        }
        flight.landed.await();
        return flight.count.get();
    }

    private final class Seat implements BiConsumer<Object, Throwable> {
        private long requests;

        void next() {
            try {
                CompletableFuture<?> unused = requester.request().whenComplete(this);
            } catch (Exception e) {
                end(e);
            }
        }

        @Override
        public void accept(Object reply, Throwable failure) {
            requests++;
            if (failure != null || System.nanoTime() - end > 0) {
                end(failure);
            } else {
                next();
            }
        }

        private void end(Throwable failure) {
            if (failure != null) {
                failure.printStackTrace();
            }
            count.addAndGet(requests);
            landed.countDown();
        }
    }
}
