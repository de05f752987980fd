// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Requests of which so many are under way at any time, as each makes the next one when its reply has come. */
public final class Flight {
    /** Makes a request. */
    public interface Requester {
        /** Makes it, and completes with the reply. */
        CompletableFuture<?> request() throws Exception;
    }

    private final Requester requester;
    private final long end;
    private final AtomicLong count = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    private final CountDownLatch landed;

    private Flight(Requester requester, int size, long nanos) {
        this.requester = requester;
        end = System.nanoTime() + nanos;
        landed = new CountDownLatch(size);
    }

    /** Keeps so many under way for so long, and answers how many replies came. */
    static long fly(Requester requester, int size, long nanos) throws InterruptedException, ExecutionException {
        return fly(requester, size, nanos, () -> latency -> {});
    }

    /**
     * Keeps so many under way for so long, and answers how many replies came.
     *
     * @param latencies asked once for each request that is under way at a time, for what takes nanoseconds of it and its
     *     successors, one after the other
     * @throws ExecutionException when a request failed: with the first failure
     */
    public static long fly(Requester requester, int size, long nanos, Supplier<LongConsumer> latencies)
            throws InterruptedException, ExecutionException {
        Flight flight = new Flight(requester, size, nanos);
        for (int i = 0; i < size; i++) {
            flight.new Seat(latencies.get()).next(System.nanoTime());
        }
        flight.landed.await();
        Throwable failure = flight.firstFailure.get();
        if (failure != null) {
            throw new ExecutionException(failure);
        }
        return flight.count.get();
    }

    private final class Seat implements BiConsumer<Object, Throwable> {
        private final LongConsumer latencies;
        private long requests;
        private long start;

        Seat(LongConsumer latencies) {
            this.latencies = latencies;
        }

        void next(long now) {
            start = now;
            try {
                CompletableFuture<?> unused = requester.request().whenComplete(this);
            } catch (Exception e) {
                end(e);
            }
        }

        @Override
        public void accept(Object reply, Throwable failure) {
            requests++;
            long now = System.nanoTime();
            latencies.accept(now - start);
            if (failure != null || now - end > 0) {
                end(failure);
            } else {
                next(now);
            }
        }

        private void end(@Nullable Throwable failure) {
            if (failure != null) {
                firstFailure.compareAndSet(null, failure);
            }
            count.addAndGet(requests);
            landed.countDown();
        }
    }
}
