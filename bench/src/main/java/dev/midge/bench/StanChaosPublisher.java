// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.protocol.NatsException;
import dev.midge.stan.StanPublishException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Publishes {@code <publisher>:<number>} at a steady rate, on a thread of its own, and keeps what was acknowledged. */
final class StanChaosPublisher extends StanChaosClient {
    static final String CHANNEL = "chaos";
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final int index;
    private final int rate;
    private final Thread thread;
    private final Set<String> acked = ConcurrentHashMap.newKeySet();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong notStored = new AtomicLong();
    private volatile boolean stopped;
    private long sent;

    StanChaosPublisher(String url, int index, int rate) {
        super(url, "publisher-" + index);
        this.index = index;
        this.rate = rate;
        thread = new Thread(this::run, "chaos-publisher-" + index);
    }

    void start() {
        thread.start();
    }

    /** Ends it, and waits until all that is outstanding is settled. */
    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (acked.size() + unknown() + notStored() < sent && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    private void run() {
        long start = System.nanoTime();
        long due = 0;
        while (!stopped) {
            long next = (System.nanoTime() - start) * rate / TimeUnit.SECONDS.toNanos(1);
            for (; due < next && !stopped; due++) {
                publish();
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    private void publish() {
        sent++;
        String text = index + ":" + sent;
        var unused = stan().publishAsync(CHANNEL, text).whenComplete((guid, failure) -> settled(text, failure));
    }

    private void settled(String text, @Nullable Throwable failure) {
        if (failure == null) {
            acked.add(text);
            return;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof StanPublishException e && e.isOutcomeUnknown()) {
            unknown.incrementAndGet();
        } else if (cause instanceof NatsException) {
            notStored.incrementAndGet();
        } else {
            throw new AssertionError("unexpected", failure);
        }
    }

    Set<String> acked() {
        return acked;
    }

    long sent() {
        return sent;
    }

    long unknown() {
        return unknown.get();
    }

    long notStored() {
        return notStored.get();
    }
}
