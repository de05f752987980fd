// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Message;
import dev.midge.client.Subscription;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives each subscriber a consumption of its own, which pulls no more than is demanded. */
record PullPublisher(Supplier<PullEngine> engines, AckSender acks) implements Flow.Publisher<JetStreamMessage> {
    @Override
    public void subscribe(Flow.Subscriber<? super JetStreamMessage> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        PullEngine engine;
        try {
            engine = engines.get();
        } catch (RuntimeException e) {
            subscriber.onSubscribe(new Nothing());
            subscriber.onError(e);
            return;
        }
        new Subscriber(engine, acks, subscriber).begin();
    }

    private record Nothing() implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    /** One subscriber: it is called by one thread at a time, on the executor. */
    private static final class Subscriber implements Flow.Subscription {
        private final PullEngine engine;
        private final AckSender acks;
        private final Executor executor;
        private final Queue<Message> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicLong demand = new AtomicLong();
        private final AtomicInteger reasons = new AtomicInteger();
        private final AtomicLong left;
        private volatile Flow.@Nullable Subscriber<? super JetStreamMessage> subscriber;
        private volatile @Nullable Subscription source;
        private volatile @Nullable Throwable violation;
        private volatile boolean cancelled;
        private volatile boolean ended;

        /** Of the one run there is at a time. */
        private boolean subscribed;

        /** Of the same: how many are still to come. */
        private long remaining;

        Subscriber(PullEngine engine, AckSender acks, Flow.Subscriber<? super JetStreamMessage> subscriber) {
            this.engine = engine;
            this.acks = acks;
            this.subscriber = subscriber;
            Executor given = engine.pulling().executor();
            executor = given == null ? engine.api().connection().direct().executor() : given;
            remaining = engine.pulling().wanted();
            left = new AtomicLong(remaining);
        }

        void begin() {
            engine.onEnd(this::end);
            wake();
        }

        private void onMessage(Message message) {
            if (!Arrivals.isStatus(message)) {
                waiting.add(message);
                wake();
            }
        }

        private void end() {
            ended = true;
            wake();
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                violation = new IllegalArgumentException("demand is " + n + ": must be above 0 (Reactive Streams 3.9)");
            } else {
                demand.getAndAccumulate(n, (sum, more) -> sum + more < 0 ? Long.MAX_VALUE : sum + more);
                engine.demand(limited(n));
            }
            wake();
        }

        /** No more than are to come at all. */
        private long limited(long n) {
            long before = left.getAndUpdate(now -> now == Long.MAX_VALUE ? now : now - Math.min(now, n));
            return Math.min(before, n);
        }

        @Override
        public void cancel() {
            cancelled = true;
            Subscription from = source;
            if (from != null) {
                from.unsubscribe();
            }
            engine.stop(ConsumeEnd.STOPPED);
            wake();
        }

        private void wake() {
            if (reasons.getAndIncrement() == 0) {
                start();
            }
        }

        @SuppressWarnings("CatchingUnchecked") // the executor may be the user's, and throw what it likes
        private void start() {
            try {
                executor.execute(this::run);
            } catch (Throwable e) {
                engine.api().connection().direct().executor().execute(this::run);
            }
        }

        private void run() {
            int handled = reasons.get();
            Flow.Subscriber<? super JetStreamMessage> target = subscriber;
            if (target != null && !cancelled) {
                serve(target);
            }
            if (cancelled) {
                subscriber = null; // it must not be held on to (Reactive Streams 3.13)
                waiting.clear();
            }
            if (reasons.addAndGet(-handled) != 0) {
                start();
            }
        }

        @SuppressWarnings("CatchingUnchecked") // a subscriber that throws is one that has cancelled (2.13)
        private void serve(Flow.Subscriber<? super JetStreamMessage> target) {
            try {
                if (!subscribed) {
                    subscribed = true;
                    target.onSubscribe(this);
                    if (!cancelled && !open(target)) {
                        return;
                    }
                }
                boolean noMore = ended; // before it is looked what there is
                while (!cancelled && demand.get() > 0) {
                    Message message = waiting.poll();
                    if (message == null) {
                        break;
                    }
                    demand.decrementAndGet();
                    target.onNext(acks.message(message));
                    handled(message);
                }
                Throwable broken = violation;
                if (!cancelled && broken != null) {
                    cancel();
                    target.onError(broken);
                } else if (!cancelled && noMore && waiting.isEmpty()) {
                    cancelled = true;
                    complete(target);
                }
            } catch (Throwable e) {
                cancel();
                engine.reports().failed(e);
            }
        }

        /** False if there is nothing to consume from any more. */
        private boolean open(Flow.Subscriber<? super JetStreamMessage> target) {
            try {
                source = engine.open(this::onMessage);
                return true;
            } catch (RuntimeException e) { // the connection has ended
                cancelled = true;
                target.onError(e);
                return false;
            }
        }

        private void handled(Message message) {
            engine.handled(message);
            if (--remaining == 0) {
                engine.stop(ConsumeEnd.COMPLETE);
            }
        }

        private void complete(Flow.Subscriber<? super JetStreamMessage> target) {
            JetStreamException failure = engine.failure();
            if (failure != null) {
                target.onError(failure);
            } else if (engine.end() == ConsumeEnd.CONNECTION_CLOSED) {
                target.onError(new ConsumeException(
                        "cannot " + engine.what() + ": the connection has ended",
                        ConsumeEnd.CONNECTION_CLOSED,
                        null,
                        null));
            } else {
                target.onComplete();
            }
        }
    }
}
