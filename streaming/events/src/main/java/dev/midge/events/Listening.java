// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Actors that listen, until it is stopped. Made by {@link EventConnection#listen}; thread-safe, without a thread of its own. It
 * outlives the loss of servers, and ends by itself only with the connection or if the consumer of one of its actors is gone.
 */
public final class Listening implements AutoCloseable {
    private final List<ActorFeed<?, ?>> feeds = new ArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Desk desk;
    private final Timing timing;
    private volatile @Nullable Throwable failure;

    @SuppressWarnings("FutureReturnValueIgnored") // cannot fail
    Listening(
            List<Actor<?, ?>> actors, ListenOptions options, Connection connection, Timing timing, Executor executor) {
        this.timing = timing;
        desk = new Desk(actors, options.maxJobs(), timing, executor, this::refill);
        for (Actor<?, ?> actor : actors) {
            feeds.add(new ActorFeed<>(actor, options.batch(), connection, timing, desk, this::actorEnded));
        }
        desk.empty().whenComplete((nothing, none) -> complete());
        desk.open();
    }

    /** One for each actor, in their order. */
    List<ActorFeed<?, ?>> feeds() {
        return feeds;
    }

    private void refill() {
        feeds.forEach(ActorFeed::refill);
    }

    private void actorEnded(Actor<?, ?> actor, @Nullable Throwable cause) {
        if (cause != null && failure == null) {
            failure = new EventException(actor + " cannot listen any more: " + cause.getMessage(), cause);
        }
        close();
    }

    private void complete() {
        Throwable cause = failure;
        if (cause == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(cause);
        }
    }

    /** How many messages are here: being handled, or waiting for that. */
    public int jobs() {
        return desk.jobs();
    }

    /**
     * Completes when it has ended and the last handler has returned; with an {@link EventException} if nobody wanted that, as
     * the consumer of an actor or the connection is gone.
     */
    public CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    /**
     * Ends it in order: asks for no more, and waits until all that has come was handled. Not for its own handlers, which would wait
     * for themselves.
     *
     * @return whether that was so within the timeout; else it goes on
     * @throws IllegalArgumentException if the timeout is not above 0
     * @throws IllegalStateException on an event loop; then nothing is ended
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted
     */
    public boolean drain(Duration timeout) {
        Rules.require(timeout.compareTo(Duration.ZERO) > 0, "timeout", timeout, "must be above 0");
        if (!timing.mayBlock()) {
            throw new IllegalStateException(
                    "drain waits for handlers, which an event loop must not: call it on another thread, or close()");
        }
        stopFeeds();
        return Waiting.until(desk.empty(), timeout.toNanos(), "cannot drain actors");
    }

    private void stopFeeds() {
        feeds.forEach(ActorFeed::stop);
        desk.close();
    }

    /**
     * Ends it: asks for no more, and gives back what has come and is not being handled yet, for other instances. Does not wait for
     * handlers that are running: they are acknowledged when they return. What is just on its way from the server is delivered again
     * when its {@linkplain ActorBuilder#ackWait ack wait} is over.
     */
    @Override
    public void close() {
        stopFeeds();
        desk.dropWaiting();
    }

    /** Waits until all that has come was handled. */
    void awaitEmpty() {
        desk.close();
        Waiting.until(desk.empty(), TimeUnit.DAYS.toNanos(1), "cannot wait for handlers");
    }
}
