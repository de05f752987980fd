// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Gives the messages of a subscription to one subscriber, as it demands them. */
final class PublisherDelivery implements Delivery, Flow.Publisher<Message>, Flow.Subscription, Runnable {
    private final QueuedSubscription subscription;
    private final PendingQueue queue;
    private final Executor executor;
    private final @Nullable Message[] batch;
    private final AtomicReference<Flow.@Nullable Subscriber<? super Message>> subscriber = new AtomicReference<>();
    private final AtomicLong demand = new AtomicLong();

    /** How many reasons to run there are; the run that brings it to 0 was the last. */
    private final AtomicInteger wakeUps = new AtomicInteger();

    private volatile boolean subscribed;
    private volatile boolean cancelled;
    private volatile @Nullable Throwable violation;

    PublisherDelivery(QueuedSubscription subscription, PendingQueue queue, Executor executor, int takeAtMost) {
        this.subscription = subscription;
        this.queue = queue;
        this.executor = executor;
        this.batch = new Message[takeAtMost];
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Message> newSubscriber) {
        Objects.requireNonNull(newSubscriber, "subscriber");
        if (!subscriber.compareAndSet(null, newSubscriber)) {
            newSubscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {}
            });
            newSubscriber.onError(new IllegalStateException(subscription + " has a subscriber already"));
            return;
        }
        wake();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            violation = new IllegalArgumentException("demand is " + n + ": must be above 0 (Reactive Streams 3.9)");
        } else {
            demand.getAndAccumulate(n, (sum, more) -> sum + more < 0 ? Long.MAX_VALUE : sum + more);
        }
        wake();
    }

    @Override
    public void cancel() {
        cancelled = true;
        subscription.unsubscribe();
    }

    @Override
    public void wake() {
        if (subscriber.get() != null && wakeUps.getAndIncrement() == 0) {
            start();
        }
    }

    @Override
    public void ended() {
        wake();
    }

    private void start() {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException e) {
            run(); // the connection has ended: what is left is delivered on the thread that demands it
        }
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // whatever a subscriber throws ends its subscription and nothing else
    public void run() {
        Flow.Subscriber<? super Message> target = subscriber.get();
        int handled = wakeUps.get();
        if (target != null && !cancelled) {
            try {
                if (!subscribed) {
                    subscribed = true;
                    target.onSubscribe(this);
                }
                emit(target);
            } catch (Throwable e) {
                cancel();
                subscription.connection().handlerFailed(subscription, null, e);
            }
        }
        if (wakeUps.addAndGet(-handled) != 0) {
            start();
        }
    }

    private void emit(Flow.Subscriber<? super Message> target) {
        while (!cancelled) {
            Throwable failure = violation;
            if (failure != null) {
                cancel();
                target.onError(failure);
                return;
            }
            long demanded = demand.get();
            int count = demanded == 0 ? 0 : queue.take(batch, (int) Math.min(demanded, batch.length));
            if (count == 0) {
                if (queue.isFinished()) {
                    complete(target);
                }
                return;
            }
            demand.addAndGet(-count);
            for (int i = 0; i < count; i++) {
                Message message = batch[i];
                batch[i] = null;
                if (message != null) {
                    queue.consumed(message.pendingSize());
                    if (!cancelled && !queue.isDiscarding() && subscription.claimDelivery()) {
                        target.onNext(message);
                    }
                }
            }
            VarHandle.fullFence();
            subscription.checkRecovered();
        }
    }

    private void complete(Flow.Subscriber<? super Message> target) {
        cancelled = true;
        Throwable cause = queue.endCause();
        if (cause == null) {
            target.onComplete();
        } else {
            target.onError(cause);
        }
    }
}
