// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The responses to a request, from any number of responders. Made by {@code requestMany} of a {@link Connection};
 * thread-safe. They are consumed by one of {@link #toList}, {@link #iterator}, {@link #stream} and {@link #publisher}, or
 * by the handler that they were asked for with; the others then throw IllegalStateException.
 *
 * <p>Responses wait for their consumer, up to {@link OptionsBuilder#pendingLimits} and with the same overflow policy and
 * events as those of a subscription. While there are some, or one is being worked on, the time that is waited for others
 * stands still (ADR-47). Whoever stops to consume before the end must {@linkplain #close close} them.
 */
public final class Responses implements Iterable<Message>, AutoCloseable {
    /** Why there are no more. */
    public enum End {
        /** As many came as were asked for. */
        MAX_MESSAGES,
        /** The longest wait was over. */
        MAX_WAIT,
        /** No other came soon enough. */
        STALL,
        /** The sentinel came. */
        SENTINEL,
        /** Nobody is subscribed to the subject: status 503 in place of a response. */
        NO_RESPONDERS,
        /** A message with another status came, or one behind a response: see {@link Responses#status}. */
        STATUS,
        /** They were closed, or the subscriber of their publisher has cancelled. */
        CANCELLED,
        /** The server was lost after it was given the request, or the connection has ended. */
        CONNECTION_LOST,
        /** The server does not allow the request, or the subscription for its responses. */
        DENIED
    }

    private final ManyRequest request;
    private final ResponseSubscription subscription;

    Responses(ManyRequest request, ResponseSubscription subscription) {
        this.request = request;
        this.subscription = subscription;
    }

    /**
     * Waits for all of them.
     *
     * @return those that came; {@link #end} says whether these are all, such as when the connection was lost meanwhile
     * @throws NoRespondersException if nobody is subscribed to the subject
     * @throws ServerErrorException if the server does not allow it
     * @throws NatsInterruptedException if the thread is interrupted; the request is closed then
     * @throws IllegalStateException on an event loop, or if there is another consumer
     */
    public List<Message> toList() {
        List<Message> all = new ArrayList<>();
        try {
            forEach(all::add);
        } catch (NatsInterruptedException e) {
            close();
            throw e;
        }
        if (end() == End.NO_RESPONDERS) {
            throw new NoRespondersException(request.subject());
        }
        if (end() == End.DENIED) {
            throw Failures.rethrown(request.failure());
        }
        return all;
    }

    /**
     * They as they come: {@code hasNext} waits, and is false at the end.
     *
     * @throws IllegalStateException if there is another consumer; when it waits, on an event loop
     */
    @Override
    public Iterator<Message> iterator() {
        return subscription.iterator();
    }

    /** They as {@link #iterator} gives them. Closing the stream closes them. */
    public Stream<Message> stream() {
        return subscription.stream();
    }

    /**
     * They as demanded by one subscriber, which is called on the connection's executor. It completes at the end, with an
     * error if that is CONNECTION_LOST or DENIED; cancelling closes them.
     *
     * @throws IllegalStateException if there is another consumer
     */
    public Flow.Publisher<Message> publisher() {
        return subscription.publisher();
    }

    /** Why there are no more; null as long as some may come, wait for their consumer, or are being worked on. */
    public @Nullable End end() {
        return request.end();
    }

    /**
     * Completes with {@link #end()}, on the connection's executor: behind the last response's handler, where there is one.
     * It never fails.
     */
    public CompletionStage<End> ended() {
        return request.minimalCompletionStage();
    }

    /** The message with a status that ended them, or null. */
    public @Nullable Message status() {
        return request.status();
    }

    /** How many were dropped, as too many waited for their consumer. */
    public long droppedMessages() {
        return subscription.droppedMessages();
    }

    /** Ends it: nothing more is delivered, also of what has come. Does nothing at the end. */
    @Override
    public void close() {
        subscription.unsubscribe();
    }

    @Override
    public String toString() {
        return subscription.toString();
    }
}
