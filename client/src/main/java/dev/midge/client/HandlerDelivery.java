// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.internal.BatchHandler;
import dev.midge.transport.OutboundBuffer;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls a handler, one message at a time: there is at most one task of it in the executor. What the handler publishes for the
 * messages of a batch leaves together, as a rule.
 */
final class HandlerDelivery implements Delivery, Runnable {
    private final QueuedSubscription subscription;
    private final OutboundBuffer outbound;
    private final PendingQueue queue;
    private final Executor executor;
    private final MessageHandler handler;

    /** The same, if it is one: to ask that of an interface at each message costs more than the call. */
    private final @Nullable BatchHandler batchHandler;

    private final int takeAtMost;

    /** Of the one run there is at a time. */
    private @Nullable Message[] batch;

    /** Of the event loop: the executor did not take the last task, and that was reported. */
    private boolean rejected;

    HandlerDelivery(
            QueuedSubscription subscription,
            PendingQueue queue,
            Executor executor,
            MessageHandler handler,
            int takeAtMost) {
        this.subscription = subscription;
        this.outbound = subscription.connection().publishing().outbound();
        this.queue = queue;
        this.executor = executor;
        this.handler = handler;
        batchHandler = handler instanceof BatchHandler batches ? batches : null;
        this.takeAtMost = takeAtMost;
        this.batch = Batch.first(takeAtMost);
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // the executor may be the user's, and throw what it likes
    public void wake() {
        try {
            executor.execute(this);
            rejected = false;
        } catch (Throwable e) {
            queue.consumerStopped();
            if (!rejected) {
                rejected = true;
                subscription.connection().handlerFailed(subscription, null, e);
            }
            // It may be full and soon free again, and no other message need come.
            subscription.connection().lifecycle().soon(this::wakeAgain);
        }
    }

    private void wakeAgain() {
        if (queue.restartsConsumer()) {
            wake();
        }
    }

    @Override
    public void ended() {
        // a handler is not told of the end
    }

    @Override
    public void run() {
        int turn = 0;
        boolean holding = false;
        while (true) {
            int count = queue.take(batch, batch.length);
            if (holding != count > 1) {
                holding = !holding;
                if (holding) {
                    outbound.hold();
                } else {
                    outbound.letGo();
                }
            }
            if (count == 0) {
                subscription.checkDrained();
                return;
            }
            boolean follows = false;
            for (int i = 0; i < count; i++) {
                Message message = batch[i];
                batch[i] = null;
                if (message != null) {
                    if (i > 0) {
                        queue.consumed(message.pendingSize());
                    }
                    deliver(message, follows);
                    follows = true;
                }
            }
            if (count == batch.length) {
                batch = Batch.grown(batch, takeAtMost);
            }
            // what was consumed is to be seen before the slow state is read: see PendingLimiter.checkRecovered
            VarHandle.fullFence();
            subscription.checkRecovered();
            turn += count;
            if (turn >= Batch.TURN) {
                if (holding) {
                    outbound.letGo();
                    holding = false;
                }
                if (goesOnLater()) {
                    return;
                }
                turn = 0;
            }
        }
    }

    /** False if the executor takes nothing more, as the connection has ended: what is left is delivered now. */
    @SuppressWarnings("CatchingUnchecked") // the executor may be the user's, and throw what it likes
    private boolean goesOnLater() {
        try {
            executor.execute(this);
            return true;
        } catch (Throwable e) {
            return false;
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a handler throws must not stop delivery
    private void deliver(Message message, boolean follows) {
        if (!subscription.claim(message)) {
            return;
        }
        try {
            BatchHandler batches = batchHandler;
            if (batches != null) {
                batches.onMessage(message, follows);
            } else {
                handler.onMessage(message);
            }
        } catch (Throwable e) {
            subscription.connection().handlerFailed(subscription, message, e);
        }
    }
}
