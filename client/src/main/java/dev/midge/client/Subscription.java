// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Interest in a subject. Made by {@code subscribe} of a {@link Connection}; thread-safe.
 *
 * <p>A subscription made without a handler is consumed by one of {@link #next}, {@link #iterator}, {@link #stream} or
 * {@link #publisher}; these throw IllegalStateException if it has a handler. It ends when it is unsubscribed, when it
 * has had the messages asked for by {@link #unsubscribeAfter}, when the server refuses it, or with the connection. What
 * was received before is still consumed, but for {@link #unsubscribe} and {@link Connection#close}, which drop it.
 */
public interface Subscription extends Iterable<Message>, AutoCloseable {
    /** The subject, wildcards included. */
    String subject();

    /** The queue group, or null. */
    @Nullable
    String queue();

    /** The id it has on the wire. */
    long sid();

    /** Whether the server still sends messages for it, as far as the client knows. */
    boolean isActive();

    /**
     * The next message, waiting for it if none is pending.
     *
     * @param timeout how long to wait; zero does not wait
     * @throws NatsTimeoutException if none came in time
     * @throws SubscriptionClosedException if the subscription has ended and none is left
     * @throws NatsInterruptedException if the thread is interrupted
     * @throws IllegalStateException on an event loop, or if it has a handler or a publisher
     */
    Message next(Duration timeout);

    /**
     * The messages from now on; {@code hasNext} waits without limit, and is false when the subscription has ended.
     *
     * @throws IllegalStateException as {@link #next}
     */
    @Override
    Iterator<Message> iterator();

    /**
     * The messages from now on, as {@link #iterator} gives them. Closing the stream unsubscribes.
     *
     * @throws IllegalStateException as {@link #next}
     */
    Stream<Message> stream();

    /**
     * The messages as demanded by one subscriber, which is called on the subscription's executor. Messages that are not
     * demanded stay pending. Completes when the subscription has ended, with an error if the connection was lost;
     * cancelling unsubscribes.
     *
     * @throws IllegalStateException if it has a handler
     */
    Flow.Publisher<Message> publisher();

    /**
     * Ends it: the server is told, unless it has ended already, and nothing more is delivered, also of what is pending.
     * Does not wait for a handler that is running.
     */
    void unsubscribe();

    /**
     * Ends it after so many messages since it began, exactly: at once if it has delivered as many already. The server is
     * told, and the client counts too.
     *
     * @throws IllegalArgumentException if the number is not above 0
     */
    void unsubscribeAfter(long messages);

    /**
     * Ends it in order: tells the server, takes what that has sent before it was told, and waits until all that is pending
     * has been handled: its handler has returned from the last message, {@link #next} has given it away, or the subscriber
     * of the publisher had demand for it. Without a server it waits for what is pending alone. What remains when the time
     * is over stays pending, to be consumed or {@linkplain #unsubscribe dropped}.
     *
     * <p>In its own handler it would wait for itself: use {@link #drainAsync} there.
     *
     * @param timeout how long to wait at most
     * @throws IllegalArgumentException if the timeout is not above 0
     * @throws IllegalStateException on an event loop
     * @throws NatsInterruptedException if the thread is interrupted; the drain goes on
     */
    DrainResult drain(Duration timeout);

    /** As {@link #drain}, without waiting: the future completes on the connection's executor and never fails. */
    CompletableFuture<DrainResult> drainAsync(Duration timeout);

    /** How many messages were handed to the user. */
    long deliveredMessages();

    /** How many messages were received and not yet handed to the user. */
    long pendingMessages();

    /** How many bytes of headers and payload were received and not yet handed to the user. */
    long pendingBytes();

    /** How many messages were dropped: at the pending limits, or because the connection was closed. */
    long droppedMessages();

    /** As {@link #unsubscribe}. */
    @Override
    default void close() {
        unsubscribe();
    }
}
