// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.MessageView;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A subscription whose messages wait in a queue for a handler, a caller of next, or a subscriber. */
class QueuedSubscription extends NatsSubscription {
    private final Executor executor;
    private final SubjectDecoder subjects;
    private final @Nullable DirectFilter filter;
    private final PendingQueue queue;
    private final PendingLimiter limiter;
    private final boolean hasHandler;
    private final AtomicReference<@Nullable Delivery> delivery = new AtomicReference<>();

    /** The connection was closed: what is pending is dropped, and that is counted. */
    private volatile boolean countsDiscarded;

    /** Of the event loop. */
    private boolean awaitsReadComplete;

    QueuedSubscription(
            NatsConnection connection,
            String subject,
            SubscribeOptions options,
            long sid,
            @Nullable DirectFilter filter,
            @Nullable MessageHandler handler) {
        super(connection, subject, options.queue(), sid, options.maxMessages());
        Options defaults = connection.options();
        executor = options.executor() == null ? connection.executor() : options.executor();
        subjects = new SubjectDecoder(subject);
        this.filter = filter;
        hasHandler = handler != null;
        queue = new PendingQueue(intake(), departures(), handler != null);
        limiter = new PendingLimiter(
                this,
                queue,
                options.limits() == null ? defaults.pendingLimits() : options.limits(),
                options.overflow() == null ? defaults.overflow() : options.overflow());
        if (handler != null) {
            delivery.set(new HandlerDelivery(this, queue, executor, handler, limiter.takeAtMost(Batch.MOST)));
        }
    }

    @Override
    void accept(MessageView view) {
        if (filter != null && !passes(filter, view)) {
            return;
        }
        int size = view.headerLength() + view.payloadLength();
        if (limiter.admits(size)) {
            Message message = Message.received(view, subjects.subject(view), this);
            queue.announce(size);
            enqueue(message);
            limiter.admitted();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a filter throws must not end the connection
    private boolean passes(DirectFilter test, MessageView view) {
        try {
            return test.test(view);
        } catch (Throwable e) {
            connection().handlerFailed(this, null, e);
            return false;
        }
    }

    private void enqueue(Message message) {
        if (!awaitsReadComplete) {
            awaitsReadComplete = true;
            connection().needsFlush(this);
        }
        if (intake().addToBatch(message)) {
            flushBatch();
        }
    }

    /** On the event loop: what was read has been decoded. */
    void readComplete() {
        awaitsReadComplete = false;
        flushBatch();
    }

    @Override
    void flushBatch() {
        int count = intake().batchSize();
        if (count == 0) {
            return;
        }
        @Nullable Message[] pending = intake().takeBatch();
        if (countsDiscarded) {
            limiter.drop(count);
        }
        Delivery consumer = queue.add(pending, count) ? delivery.get() : null;
        if (consumer != null) {
            consumer.wake();
        }
    }

    @Override
    void discardPending() {
        queue.discard();
        tellConsumer(); // if it has ended already, this makes it finished
    }

    @Override
    boolean isDrained() {
        return queue.isHandled();
    }

    @Override
    long remainingMessages() {
        return queue.unhandledMessages();
    }

    @Override
    void dropPending() {
        abandonDrain();
        if (!queue.isDiscarding()) {
            countsDiscarded = true;
            limiter.drop(queue.discard());
        }
    }

    @Override
    void finish(@Nullable Throwable cause) {
        queue.end(cause);
        tellConsumer();
        checkDrained();
        connection().lifecycle().resumeReading(this);
    }

    private void tellConsumer() {
        Delivery consumer = delivery.get();
        if (consumer != null) {
            consumer.ended();
        }
    }

    /** For a consumer that took a message whose turn has come: whether it is to be delivered. */
    final boolean claim(Message message) {
        if (queue.isDiscarding()) {
            if (countsDiscarded) {
                limiter.drop(1);
            }
            return false;
        }
        return admit(message) && (hasHandler ? claimDeliveryAlone() : claimDelivery());
    }

    /** By the consumer: whether a message is to be delivered that came. */
    boolean admit(Message message) {
        return true;
    }

    final PendingQueue pendingQueue() {
        return queue;
    }

    /** A consumer has consumed, and that is visible to the event loop. */
    void checkRecovered() {
        limiter.checkRecovered();
    }

    @Override
    public Message next(Duration timeout) {
        Checks.notNegative("timeout", timeout);
        Message message = poll(Checks.nanos(timeout));
        if (message != null) {
            return message;
        }
        if (queue.isFinished()) {
            throw new SubscriptionClosedException(this + " has ended: no message is left", queue.endCause());
        }
        throw new NatsTimeoutException("no message came for " + this + " within " + timeout);
    }

    /** The next message, or null if none came in time or the subscription has ended. */
    private @Nullable Message poll(long nanos) {
        requirePull();
        connection().checkMayBlock("waiting for the next message of " + subject());
        try {
            Message message = queue.poll(nanos);
            if (message == null) {
                return null;
            }
            checkRecovered();
            if (!admit(message) || !claimDelivery()) {
                finish(null); // the event loop is about to do it too
                return null;
            }
            checkDrained();
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NatsInterruptedException("interrupted while waiting for the next message of " + this, e);
        }
    }

    private void requirePull() {
        if (delivery.get() != null) {
            throw new IllegalStateException(this + " has a handler or a publisher, which gets the messages");
        }
    }

    @Override
    public Iterator<Message> iterator() {
        requirePull();
        return new Iterator<>() {
            private @Nullable Message next;

            @Override
            public boolean hasNext() {
                while (next == null && !queue.isFinished()) {
                    next = poll(Long.MAX_VALUE);
                }
                return next != null;
            }

            @Override
            public Message next() {
                if (!hasNext() || next == null) {
                    throw new NoSuchElementException(QueuedSubscription.this + " has ended");
                }
                Message message = next;
                next = null;
                return message;
            }
        };
    }

    @Override
    public Stream<Message> stream() {
        int characteristics = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), characteristics), false)
                .onClose(this::unsubscribe);
    }

    @Override
    public Flow.Publisher<Message> publisher() {
        PublisherDelivery publisher = new PublisherDelivery(this, queue, executor, limiter.takeAtMost(Batch.MOST));
        if (!delivery.compareAndSet(null, publisher)) {
            throw new IllegalStateException(this + " has a handler or a publisher already");
        }
        return publisher;
    }

    @Override
    public long pendingMessages() {
        return queue.pendingMessages();
    }

    @Override
    public long pendingBytes() {
        return queue.pendingBytes();
    }

    @Override
    public long droppedMessages() {
        return limiter.dropped();
    }
}
