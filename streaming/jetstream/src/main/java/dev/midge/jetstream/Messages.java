// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.DrainResult;
import dev.midge.client.NatsInterruptedException;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.SubscriptionClosedException;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Messages that come on and on to whoever asks for them, a number of them in advance. Made by {@code messages} of a consumer.
 * It outlives the loss of servers and leaders, and ends by itself only when it was told to, or when going on would be in vain.
 *
 * <p>For one thread at a time, but for {@link #stop} and {@link #drainAsync}; more threads have one each.
 */
public final class Messages implements Iterable<JetStreamMessage>, AutoCloseable {
    private final Pulled pulled;
    private long left;

    Messages(PullEngine engine, AckSender acks) {
        left = engine.pulling().wanted();
        pulled = new Pulled(engine, acks);
    }

    /**
     * The next message, waiting for it.
     *
     * @throws NatsTimeoutException if none came in time
     * @throws SubscriptionClosedException if it has ended and none is left
     * @throws ConsumeException if it has ended as nobody wanted, and none is left
     * @throws NatsInterruptedException if the thread is interrupted
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException on an event loop
     */
    public JetStreamMessage next(Duration timeout) {
        Rules.require(!timeout.isNegative(), "timeout", timeout, "must not be negative");
        JetStreamMessage message = take(timeout.toNanos());
        if (message != null) {
            return message;
        }
        if (pulled.isOver()) {
            throw new SubscriptionClosedException(this + " has ended: no message is left", null);
        }
        throw new NatsTimeoutException("no message came for " + this + " within " + timeout);
    }

    private @Nullable JetStreamMessage take(long nanos) {
        JetStreamMessage message = left == 0 ? null : pulled.take(nanos);
        if (message == null) {
            JetStreamException failure = pulled.engine().failure();
            if (pulled.isOver() && failure != null) {
                throw ConsumeException.again(failure, pulled.engine().end());
            }
            return null;
        }
        if (--left == 0) {
            pulled.engine().stop(ConsumeEnd.COMPLETE);
            pulled.drop();
        } else {
            pulled.engine().handled(message.message());
        }
        return message;
    }

    /** Messages from now on; {@code hasNext} waits without limit, is false at the end, and throws what {@link #next} throws of a failure. */
    @Override
    public Iterator<JetStreamMessage> iterator() {
        return new Iterator<>() {
            private @Nullable JetStreamMessage next;

            @Override
            public boolean hasNext() {
                while (next == null && !pulled.isOver()) {
                    next = take(Long.MAX_VALUE);
                }
                return next != null;
            }

            @Override
            public JetStreamMessage next() {
                if (!hasNext() || next == null) {
                    throw new NoSuchElementException(Messages.this + " has ended");
                }
                JetStreamMessage message = next;
                next = null;
                return message;
            }
        };
    }

    /** The messages as {@link #iterator} gives them. Closing the stream stops it. */
    public Stream<JetStreamMessage> stream() {
        int characteristics = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), characteristics), false)
                .onClose(this::stop);
    }

    /** Why no more will come; null as long as some may. */
    public @Nullable ConsumeEnd end() {
        return pulled.engine().end();
    }

    /** Ends it at once; what has come and was not taken is dropped, and will be delivered again when its ack wait is over. */
    public void stop() {
        pulled.subscription().unsubscribe();
        pulled.engine().stop(ConsumeEnd.STOPPED);
    }

    /** Ends it in order: nothing more is asked for, and what has come can be taken, in that time at most. */
    public CompletableFuture<DrainResult> drainAsync(Duration timeout) {
        pulled.engine().stop(ConsumeEnd.STOPPED);
        return pulled.subscription().drainAsync(timeout);
    }

    /** As {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    @Override
    public String toString() {
        return pulled.engine().what();
    }
}
