// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.protocol.NatsException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Publishes numbered messages at a steady rate, on a thread of its own: {@code chaos.<publisher>.<subscriber>}. */
final class ChaosPublisher {
    private static final int PAYLOAD = 128;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final int index;
    private final int rate;
    private final String[] subjects;
    private final long[] lastFor;
    private final ChaosEvents events = new ChaosEvents();
    private final Connection connection;
    private final Thread thread;
    private final byte[] payload = new byte[PAYLOAD];
    private volatile boolean stopped;
    private long accepted;
    private long refused;

    ChaosPublisher(int index, int subscribers, int rate, Function<ChaosEvents, Connection> connect) {
        this.index = index;
        this.rate = rate;
        subjects = new String[subscribers];
        lastFor = new long[subscribers];
        for (int i = 0; i < subscribers; i++) {
            subjects[i] = "chaos." + index + "." + i;
        }
        connection = connect.apply(events);
        thread = new Thread(this::run, "chaos-publisher-" + index);
    }

    int index() {
        return index;
    }

    ChaosEvents events() {
        return events;
    }

    Connection connection() {
        return connection;
    }

    void start() {
        thread.start();
    }

    /** Waits until it has stopped. */
    void stop() {
        stopped = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long start = System.nanoTime();
        long due = 0;
        while (!stopped) {
            long next = (System.nanoTime() - start) * rate / TimeUnit.SECONDS.toNanos(1);
            publish(Math.toIntExact(next - due));
            due = next;
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    /** On its thread, or behind {@link #stop}. */
    void publish(int count) {
        for (int i = 0; i < count; i++) {
            int to = (int) (accepted % subjects.length);
            ByteBuffer.wrap(payload).putLong(accepted + 1);
            try {
                connection.publish(subjects[to], payload);
                accepted++;
                lastFor[to] = accepted;
            } catch (NatsException e) {
                refused++;
            }
        }
    }

    long accepted() {
        return accepted;
    }

    long refused() {
        return refused;
    }

    /** The number of the last message that was for this subscriber. */
    long lastFor(int subscriber) {
        return lastFor[subscriber];
    }
}
