// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the tests do with a {@link PendingQueue}. */
final class Queues {
    /** Bytes of each message. */
    static final int SIZE = 1;

    /** Far more than it ever takes to be woken. */
    static final long LONG_NANOS = 10_000_000_000L;

    private static final Message MESSAGE = Message.to("a").data(new byte[SIZE]).build();

    private Queues() {}

    /** An empty one, whose consumer is idle or there is none to be started. */
    static PendingQueue newQueue(boolean startConsumer) {
        return new PendingQueue(new Intake(), new Departures(), startConsumer);
    }

    /** Adds so many messages as the event loop does, and returns whether the consumer is to be started. */
    static boolean add(PendingQueue queue, int count) {
        @Nullable Message[] batch = new Message[count];
        Arrays.fill(batch, MESSAGE);
        for (int i = 0; i < count; i++) {
            queue.announce(SIZE);
        }
        return queue.add(batch, count);
    }

    /** Waits for a message; false if it came late or not at all. */
    static boolean pollsSoon(PendingQueue queue) {
        long start = System.nanoTime();
        try {
            return queue.poll(LONG_NANOS) != null && System.nanoTime() - start < LONG_NANOS / 2;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
