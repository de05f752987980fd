// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.NatsInterruptedException;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.SubscriptionClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were asked for once. Made by {@code fetch} of a consumer: they are on their way when it returns, and come one by
 * one to whoever iterates, which waits for each. There are no more when as many came as were asked for, when the time is over,
 * or when the server says so: {@link #end} tells which.
 *
 * <p>For one thread at a time, but for {@link #close}. What is not iterated is delivered again when its ack wait is over, and
 * comes with the next fetch where a stream is read in order.
 */
public final class Fetch implements Iterable<JetStreamMessage>, AutoCloseable {
    /** The engine ends a fetch in time; this is in case that stands still. */
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(20);

    private final Pulled pulled;
    private final long deadline;
    private final boolean byBytes;
    private final Consumer<JetStreamMessage> given;
    private long left;
    private @Nullable JetStreamMessage next;
    private volatile @Nullable ConsumeEnd end;
    private volatile boolean closed;

    /** @param given sees what is given to the user */
    Fetch(PullEngine engine, AckSender acks, Consumer<JetStreamMessage> given) {
        this.given = given;
        Duration wait = engine.pulling().request().expires();
        deadline = System.nanoTime() + wait.toNanos() + GRACE;
        byBytes = engine.pulling().plan().maxBytes() > 0;
        left = engine.pulling().wanted();
        pulled = new Pulled(engine, acks);
    }

    private boolean hasNext() {
        if (closed) {
            next = null;
            end = end == null ? ConsumeEnd.STOPPED : end;
        }
        while (next == null && end == null) {
            if (left == 0) {
                end(ConsumeEnd.COMPLETE);
                break;
            }
            next = pulled.take(deadline - System.nanoTime());
            if (next == null) {
                ConsumeEnd how = pulled.engine().end();
                end(how != null ? how : pulled.isOver() ? ConsumeEnd.STOPPED : ConsumeEnd.EXPIRED);
            } else {
                left--;
            }
        }
        JetStreamException failure = pulled.engine().failure();
        if (next == null && failure != null) {
            throw ConsumeException.again(failure, end);
        }
        return next != null;
    }

    private void end(ConsumeEnd how) {
        end = how;
        pulled.engine().stop(how);
        pulled.drop();
    }

    private JetStreamMessage next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("no more messages were fetched: " + end);
        }
        JetStreamMessage message = next;
        next = null;
        given.accept(message);
        if (left == 0 && !byBytes) {
            end(ConsumeEnd.COMPLETE);
        }
        return message;
    }

    /**
     * The messages that were not iterated yet. {@code hasNext} waits until there is one, or it is known that there is none, and
     * throws {@link ConsumeException} if it ended as nobody wanted, {@link NatsInterruptedException} if the thread is
     * interrupted, and IllegalStateException on an event loop.
     */
    @Override
    public Iterator<JetStreamMessage> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return Fetch.this.hasNext();
            }

            @Override
            public JetStreamMessage next() {
                return Fetch.this.next();
            }
        };
    }

    /** All of them, as {@link #iterator} waits for them. */
    public List<JetStreamMessage> toList() {
        List<JetStreamMessage> all = new ArrayList<>();
        forEach(all::add);
        return all;
    }

    /**
     * For {@code next}: the one message that was fetched.
     *
     * @param cannot as in {@code cannot get a message from consumer C of stream S}
     */
    JetStreamMessage only(String cannot, Duration maxWait) {
        Iterator<JetStreamMessage> messages = iterator();
        if (messages.hasNext()) {
            return messages.next();
        }
        if (end() == ConsumeEnd.CONNECTION_CLOSED) {
            throw new SubscriptionClosedException(cannot + ": the connection has ended", null);
        }
        throw new NatsTimeoutException(cannot + ": none came within " + maxWait);
    }

    /** Why there are no more; null as long as there may be some that were not iterated. */
    public @Nullable ConsumeEnd end() {
        return next == null ? end : null;
    }

    /** Ends it. What has come and was not iterated is dropped; it will be delivered again when its ack wait is over. */
    @Override
    public void close() {
        closed = true;
        pulled.engine().stop(ConsumeEnd.STOPPED);
        pulled.subscription().unsubscribe();
    }

    @Override
    public String toString() {
        return pulled.engine().what();
    }
}
