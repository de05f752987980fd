// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** When acks must have come. All have the same time, so they are a queue, with one timer for the first of it. */
final class Deadlines {
    private final NatsSide nats;
    private final int most;
    private final Consumer<PendingAck> expired;

    /** In the order of their deadlines, but for those of threads at the same moment. Those settled leave at its head. */
    private final Queue<PendingAck> queue = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean armed = new AtomicBoolean();

    /** Of the event loop: since the whole queue was gone through. */
    private int acked;

    /**
     * @param most how many may be outstanding
     * @param expired is called on the event loop with one whose time is over
     */
    Deadlines(NatsSide nats, int most, Consumer<PendingAck> expired) {
        this.nats = nats;
        this.most = most;
        this.expired = expired;
    }

    /** From any thread, before it is sent. */
    void add(PendingAck ack) {
        queue.add(ack);
    }

    /** From any thread: one was added. */
    void watch() {
        if (armed.compareAndSet(false, true)) {
            nats.onLoop(this::tick);
        }
    }

    /** On the event loop: an ack came. Those that are settled behind one that never is must not gather until its time is over. */
    void acked() {
        if (++acked >= most) {
            acked = 0;
            queue.removeIf(PendingAck::isSettled);
        } else {
            var unused = trim();
        }
    }

    int size() {
        return queue.size();
    }

    /** The first of them that is not settled. */
    private @Nullable PendingAck trim() {
        PendingAck head = queue.peek();
        while (head != null && head.isSettled()) {
            queue.poll();
            head = queue.peek();
        }
        return head;
    }

    /** On the event loop: ends those whose time is over, and waits for the next. */
    private void tick() {
        do {
            for (PendingAck head = trim(); head != null; head = trim()) {
                long left = head.deadline() - nats.exchanges().now();
                if (left > 0) {
                    if (nats.schedule(this::tick, left) == null) {
                        armed.set(false);
                    }
                    return;
                }
                expired.accept(head);
            }
            armed.set(false);
        } while (!queue.isEmpty() && armed.compareAndSet(false, true));
    }
}
