// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of an {@link Actor}. Those that are the consumer's are on the server, and the server decides which of them may
 * change. Not thread-safe.
 *
 * @param <T> what is said
 * @param <R> what is responded
 */
public final class ActorBuilder<T, R> {
    private static final Duration MIN_WAIT = Duration.ofMillis(100);
    private static final Duration MAX_WAIT = Duration.ofHours(24);
    private static final int MAX_JOBS = 100_000;
    private static final int MAX_RETRY_DELAYS = 100;
    private static final long MAX_ACK_PENDING = 1_000_000;

    final String name;
    final Event<T> event;
    final @Nullable Codec<R> responseCodec;
    final Actor.Work<T, R> work;

    @Nullable
    String description;

    Duration ackWait = Duration.ofSeconds(16);
    long maxAttempts;
    long maxAckPending = 1000;
    int maxJobs = 16;
    Duration jobTimeout = Duration.ofSeconds(32);
    List<Duration> retryDelays =
            List.of(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    boolean pulse = true;
    Priority priority = Priority.NORMAL;
    List<Middleware> middlewares = List.of();

    @Nullable
    Executor executor;

    ActorBuilder(String name, Event<T> event, @Nullable Codec<R> responseCodec, Actor.Work<T, R> work) {
        this.name = Rules.actor(name);
        this.event = Objects.requireNonNull(event, "event");
        this.responseCodec = responseCodec;
        this.work = work;
    }

    ActorBuilder(ActorBuilder<T, R> from) {
        name = from.name;
        event = from.event;
        responseCodec = from.responseCodec;
        work = from.work;
        description = from.description;
        ackWait = from.ackWait;
        maxAttempts = from.maxAttempts;
        maxAckPending = from.maxAckPending;
        maxJobs = from.maxJobs;
        jobTimeout = from.jobTimeout;
        retryDelays = from.retryDelays;
        pulse = from.pulse;
        priority = from.priority;
        middlewares = from.middlewares;
        executor = from.executor;
    }

    /**
     * For the people that look at its consumer.
     *
     * @throws IllegalArgumentException if it is of more than 4,096 bytes
     */
    public ActorBuilder<T, R> description(String text) {
        description = Rules.description(text);
        return this;
    }

    /**
     * When the server delivers a message again of which it has heard nothing; default 16 s. Of the consumer.
     *
     * @throws IllegalArgumentException if it is not from 100 ms to 24 h
     */
    public ActorBuilder<T, R> ackWait(Duration time) {
        ackWait = Rules.within("ackWait", time, MIN_WAIT, MAX_WAIT);
        return this;
    }

    /**
     * How often a message is delivered at most; by default until it is handled. The delivery at which a {@linkplain
     * EmitSettings#delay delayed} message went back counts too, and so do those that were lost on their way. What was not handled by
     * then the stream keeps, as far as its {@linkplain Limits limits} go, and delivers no more to this actor. Of the consumer.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    public ActorBuilder<T, R> maxAttempts(long times) {
        Rules.require(times > 0, "maxAttempts", times, "must be above 0");
        maxAttempts = times;
        return this;
    }

    /**
     * How many messages all instances together may be at, those that wait to be tried again included; default 1000. Of the
     * consumer.
     *
     * @throws IllegalArgumentException if it is not from 1 to 1,000,000
     */
    public ActorBuilder<T, R> maxAckPending(long messages) {
        maxAckPending = Rules.within("maxAckPending", messages, 1, MAX_ACK_PENDING);
        return this;
    }

    /**
     * How many handlers of this instance may run at once; default 16.
     *
     * @throws IllegalArgumentException if it is not from 1 to 100,000
     */
    public ActorBuilder<T, R> maxJobs(int jobs) {
        maxJobs = (int) Rules.within("maxJobs", jobs, 1, MAX_JOBS);
        return this;
    }

    /**
     * How long the handler may take; default 32 s. Then the attempt has failed, and the handler is interrupted. It counts for
     * {@link #maxJobs} until it returns.
     *
     * @throws IllegalArgumentException if it is not from 100 ms to 24 h
     */
    public ActorBuilder<T, R> jobTimeout(Duration time) {
        jobTimeout = Rules.within("jobTimeout", time, MIN_WAIT, MAX_WAIT);
        return this;
    }

    /**
     * After which time a message is delivered again that failed: the first time, the second time and so on; the last one counts
     * for all others. Default 0.5, 1, 2 and 4 s.
     *
     * @throws IllegalArgumentException if they are not 1 to 100, each from 0 to 24 h
     */
    public ActorBuilder<T, R> retryDelays(Duration... delays) {
        Rules.require(
                delays.length > 0 && delays.length <= MAX_RETRY_DELAYS,
                "retryDelays",
                delays.length + " delays",
                "must be 1 to " + MAX_RETRY_DELAYS);
        for (int i = 0; i < delays.length; i++) {
            Rules.within("retryDelays[" + i + "]", delays[i], Duration.ZERO, MAX_WAIT);
        }
        retryDelays = List.of(delays);
        return this;
    }

    /**
     * Whether the server is told that a message is still being handled, each time that half of {@link #ackWait} is over; default
     * true. Without that it is delivered again while it is handled, if that takes long.
     */
    public ActorBuilder<T, R> pulse(boolean value) {
        pulse = value;
        return this;
    }

    /** Its place among the actors that listen together. */
    public ActorBuilder<T, R> priority(Priority place) {
        priority = Objects.requireNonNull(place, "place");
        return this;
    }

    /** Has one more told of its attempts, behind those there are. */
    public ActorBuilder<T, R> middleware(Middleware one) {
        List<Middleware> all = new ArrayList<>(middlewares);
        all.add(Objects.requireNonNull(one, "one"));
        middlewares = List.copyOf(all);
        return this;
    }

    /**
     * Where its handler runs, any executor that does not run it where it is given; by default that of the connection. It needs a
     * thread for each of {@link #maxJobs} that are to run at once.
     */
    public ActorBuilder<T, R> executor(Executor handlerExecutor) {
        executor = Objects.requireNonNull(handlerExecutor, "handlerExecutor");
        return this;
    }

    /** The actor. */
    public Actor<T, R> build() {
        return new Actor<>(new ActorBuilder<>(this));
    }
}
