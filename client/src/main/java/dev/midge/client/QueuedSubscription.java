// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Headers;
import dev.midge.protocol.MessageView;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A subscription whose messages wait in a queue for a handler, a caller of next, or a subscriber. */
final class QueuedSubscription extends NatsSubscription {
    /** So many messages are handed to the queue at once, at the latest when a read is complete. */
    private static final int BATCH = 32;

    private final PendingLimits limits;
    private final Overflow overflow;
    private final Executor executor;
    private final int maxHeaderCount;
    private final SubjectDecoder subjects;
    private final PendingQueue queue;
    private final AtomicReference<@Nullable Delivery> delivery = new AtomicReference<>();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicBoolean slow = new AtomicBoolean();
    private volatile long droppedBeforeSlow;

    // Of the event loop.
    private @Nullable Message @Nullable [] batch;
    private int batchSize;
    private boolean awaitsReadComplete;

    QueuedSubscription(
            NatsConnection connection,
            String subject,
            SubscribeOptions options,
            long sid,
            @Nullable MessageHandler handler) {
        super(connection, subject, options.queue(), sid, options.maxMessages());
        Options defaults = connection.options();
        limits = options.limits() == null ? defaults.pendingLimits() : options.limits();
        overflow = options.overflow() == null ? defaults.overflow() : options.overflow();
        executor = options.executor() == null ? connection.executor() : options.executor();
        maxHeaderCount = defaults.limits().maxHeaderCount();
        subjects = new SubjectDecoder(subject);
        queue = new PendingQueue(handler != null);
        if (handler != null) {
            delivery.set(new HandlerDelivery(this, queue, executor, handler, takeAtMost()));
        }
    }

    @Override
    void accept(MessageView view) {
        int size = view.headerLength() + view.payloadLength();
        if (overflow != Overflow.PAUSE_READING && !fits(size)) {
            enterSlow();
            if (overflow == Overflow.DROP_OLDEST) {
                dropOldest(size);
            }
            if (!fits(size)) {
                drop(1);
                return;
            }
        }
        Headers headers = view.headerLength() == 0 ? null : Headers.parse(view.copyHeaders(), maxHeaderCount);
        Message message = new Message(subjects.subject(view), view.replyTo(), headers, view.copyPayload(), this);
        queue.announce(size);
        enqueue(message);
        if (overflow == Overflow.PAUSE_READING && isFull()) {
            flushBatch();
            connection().lifecycle().pauseReading(this);
            enterSlow();
            checkRecovered();
        }
    }

    private void enqueue(Message message) {
        @Nullable Message[] pending = batch;
        if (pending == null) {
            pending = new Message[BATCH];
            batch = pending;
        }
        if (!awaitsReadComplete) {
            awaitsReadComplete = true;
            connection().needsFlush(this);
        }
        pending[batchSize++] = message;
        if (batchSize == BATCH) {
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
        @Nullable Message[] pending = batch;
        int count = batchSize;
        if (pending == null || count == 0) {
            return;
        }
        batchSize = 0;
        if (queue.add(pending, count)) {
            wake();
        }
    }

    @Override
    void discardPending() {
        queue.discard();
    }

    @Override
    void dropPending() {
        drop(queue.discard());
    }

    @Override
    void finish(@Nullable Throwable cause) {
        queue.end(cause);
        Delivery consumer = delivery.get();
        if (consumer != null) {
            consumer.ended();
        }
        connection().lifecycle().resumeReading(this);
    }

    private void wake() {
        Delivery consumer = delivery.get();
        if (consumer != null) {
            consumer.wake();
        }
    }

    private boolean fits(int size) {
        return queue.pendingMessages() < limits.messages() && queue.pendingBytes() + size <= limits.bytes();
    }

    private boolean isFull() {
        return queue.pendingMessages() >= limits.messages() || queue.pendingBytes() >= limits.bytes();
    }

    private void dropOldest(int size) {
        flushBatch();
        while (!fits(size) && queue.dropOldest()) {
            drop(1);
        }
    }

    private void drop(long messages) {
        dropped.getAndAdd(messages);
        connection().dropped(messages);
    }

    private void enterSlow() {
        if (!slow.get()) {
            droppedBeforeSlow = dropped.get();
            slow.set(true);
            connection()
                    .emit(new ConnectionEvent.SlowConsumer(
                            this, queue.pendingMessages(), queue.pendingBytes(), dropped.get()));
        }
    }

    /** A consumer has consumed: is the slow state over? */
    void checkRecovered() {
        if (slow.get()
                && queue.pendingMessages() <= limits.messages() / 2
                && queue.pendingBytes() <= limits.bytes() / 2
                && slow.compareAndSet(true, false)) {
            long total = dropped.get();
            connection().emit(new ConnectionEvent.SlowConsumerRecovered(this, total - droppedBeforeSlow, total));
            connection().lifecycle().resumeReading(this);
        }
    }

    /** How many messages a consumer may take at once: few where the limits are low, as they are pending meanwhile. */
    private int takeAtMost() {
        return overflow == Overflow.DROP_OLDEST ? 1 : (int) Math.max(1, Math.min(BATCH, limits.messages() / 4));
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
            if (!claimDelivery()) {
                discardPending();
                finish(null);
                return null;
            }
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
        PublisherDelivery publisher = new PublisherDelivery(this, queue, executor, takeAtMost());
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
        return dropped.get();
    }
}
