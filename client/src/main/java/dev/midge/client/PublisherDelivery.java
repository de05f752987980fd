// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Gives the messages of a subscription to one subscriber, as it demands them. */
final class PublisherDelivery implements Delivery, Flow.Publisher<Message>, Flow.Subscription, Runnable {
    /** In the place of a subscriber that needs nothing more, and must not be held on to (Reactive Streams 3.13). */
    private static final Flow.Subscriber<Message> GONE = new Gone();

    private final QueuedSubscription subscription;
    private final PendingQueue queue;
    private final Executor executor;
    private final int takeAtMost;
    private final AtomicReference<Flow.@Nullable Subscriber<? super Message>> subscriber = new AtomicReference<>();
    private final AtomicLong demand = new AtomicLong();

    /** How many reasons to run there are; the run that brings it to 0 was the last. */
    private final AtomicInteger wakeUps = new AtomicInteger();

    /** The subscriber has cancelled, or was told of the end. */
    private volatile boolean over;

    private volatile @Nullable Throwable violation;

    // Of the one run there is at a time.
    private boolean subscribed;
    private @Nullable Message[] batch;

    PublisherDelivery(QueuedSubscription subscription, PendingQueue queue, Executor executor, int takeAtMost) {
        this.subscription = subscription;
        this.queue = queue;
        this.executor = executor;
        this.takeAtMost = takeAtMost;
        this.batch = Batch.first(takeAtMost);
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
            newSubscriber.onError(new IllegalStateException(subscription + " had a subscriber already"));
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
        over = true;
        subscription.unsubscribe(); // which wakes
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

    @SuppressWarnings("CatchingUnchecked") // the executor may be the user's, and throw what it likes
    private void start() {
        try {
            executor.execute(this);
        } catch (Throwable e) {
            // As behind the end of the connection. What is left, the end above all, must reach the subscriber, and not
            // on the event loop.
            ForkJoinPool.commonPool().execute(this);
        }
    }

    @Override
    public void run() {
        int handled = wakeUps.get();
        Flow.Subscriber<? super Message> target = subscriber.get();
        if (!over && target != null) {
            serve(target);
        }
        if (over) {
            subscriber.set(GONE);
        }
        if (wakeUps.addAndGet(-handled) != 0) {
            start();
        }
    }

    private void serve(Flow.Subscriber<? super Message> target) {
        if (!subscribed) {
            subscribed = true;
            signal(() -> target.onSubscribe(this));
        }
        int turn = 0;
        while (!over) {
            Throwable failure = violation;
            if (failure != null) {
                cancel();
                signal(() -> target.onError(failure));
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
            deliver(target, count);
            queue.handled(); // there may be no demand, and so no next take
            subscription.checkDrained();
            if (count == batch.length) {
                batch = Batch.grown(batch, takeAtMost);
            }
            turn += count;
            if (turn >= Batch.TURN) {
                wakeUps.getAndIncrement();
                return;
            }
        }
    }

    private void deliver(Flow.Subscriber<? super Message> target, int count) {
        for (int i = 0; i < count; i++) {
            Message message = batch[i];
            batch[i] = null;
            if (message != null) {
                if (i > 0) {
                    queue.consumed(message.pendingSize());
                }
                deliver(target, message);
            }
        }
        // what was consumed is to be seen before the slow state is read: see PendingLimiter.checkRecovered
        VarHandle.fullFence();
        subscription.checkRecovered();
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a subscriber throws ends its subscription and nothing else
    private void deliver(Flow.Subscriber<? super Message> target, Message message) {
        if (!over && subscription.claim(message)) {
            try {
                target.onNext(message);
            } catch (Throwable e) {
                failed(message, e);
            }
        }
    }

    private void complete(Flow.Subscriber<? super Message> target) {
        over = true;
        Throwable cause = queue.endCause();
        if (cause == null) {
            signal(target::onComplete);
        } else {
            signal(() -> target.onError(cause));
        }
    }

    @SuppressWarnings("CatchingUnchecked") // as above
    private void signal(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            failed(null, e);
        }
    }

    /** A subscriber that throws is one that has cancelled (Reactive Streams 2.13). */
    private void failed(@Nullable Message message, Throwable cause) {
        cancel();
        subscription.connection().handlerFailed(subscription, message, cause);
    }

    private static final class Gone implements Flow.Subscriber<Message> {
        @Override
        public void onSubscribe(Flow.Subscription none) {}

        @Override
        public void onNext(Message message) {}

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onComplete() {}
    }
}
