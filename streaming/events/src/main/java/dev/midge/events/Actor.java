// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.jetstream.AckPolicy;
import dev.midge.jetstream.ConsumerConfig;
import dev.midge.jetstream.ConsumerConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done at each message of an event: by one of its instances, again until it succeeds. Immutable, and does nothing
 * before {@link EventConnection#listen}.
 *
 * <pre>{@code
 * Actor<User, Boolean> actor = Actor.of("generate-report", CREATED, user -> true);
 * }</pre>
 *
 * @param <T> what is said
 * @param <R> what is responded, Void if nothing is
 */
public final class Actor<T, R> {
    private final String name;
    private final Event<T> event;
    private final Work<T, R> work;
    private final ActorBuilder<T, R> options;

    /** A handler, or a listener. */
    interface Work<T, R> {
        @Nullable
        R handle(T message) throws Exception;
    }

    Actor(ActorBuilder<T, R> options) {
        name = options.name;
        event = options.event;
        work = options.work;
        this.options = options;
    }

    /** An actor with everything at its default; see {@link #builder(String, EventWithResponse, EventHandler)}. */
    public static <T, R> Actor<T, R> of(String name, EventWithResponse<T, R> event, EventHandler<T, R> handler) {
        return builder(name, event, handler).build();
    }

    /** An actor that responds nothing; see {@link #listenerBuilder}. */
    public static <T> Actor<T, Void> listener(String name, Event<T> event, EventListener<T> listener) {
        return listenerBuilder(name, event, listener).build();
    }

    /**
     * Starts an actor.
     *
     * @param name the name of its durable consumer: unique for the event, never to be changed
     * @throws IllegalArgumentException if it is not 1 to 255 characters without spaces, {@code . * > / \}
     */
    public static <T, R> ActorBuilder<T, R> builder(
            String name, EventWithResponse<T, R> event, EventHandler<T, R> handler) {
        Objects.requireNonNull(handler, "handler");
        return new ActorBuilder<>(name, event, event.responseCodec(), handler::handle);
    }

    /**
     * As {@link #builder(String, EventWithResponse, EventHandler)}, of an actor that responds nothing, though another one of the
     * event may.
     */
    public static <T> ActorBuilder<T, Void> listenerBuilder(String name, Event<T> event, EventListener<T> listener) {
        Objects.requireNonNull(listener, "listener");
        return new ActorBuilder<>(name, event, null, message -> {
            listener.handle(message);
            return null;
        });
    }

    /** The name, which is that of its durable consumer. */
    public String name() {
        return name;
    }

    /** What it listens to. */
    public Event<T> event() {
        return event;
    }

    Work<T, R> work() {
        return work;
    }

    /** How what it returns becomes bytes; null if it responds nothing. */
    @Nullable
    Codec<R> responseCodec() {
        return options.responseCodec;
    }

    Duration ackWait() {
        return options.ackWait;
    }

    int maxJobs() {
        return options.maxJobs;
    }

    Duration jobTimeout() {
        return options.jobTimeout;
    }

    boolean pulse() {
        return options.pulse;
    }

    Priority priority() {
        return options.priority;
    }

    List<Middleware> middlewares() {
        return options.middlewares;
    }

    @Nullable
    Executor executor() {
        return options.executor;
    }

    /** How long a message is not to be delivered again that was delivered so many times and failed. */
    Duration retryDelay(long deliveries) {
        List<Duration> delays = options.retryDelays;
        return delays.get((int) Math.min(Math.max(deliveries, 1), delays.size()) - 1);
    }

    /** Whether a message that was delivered so many times is not going to be delivered again. */
    boolean isLast(long deliveries) {
        return options.maxAttempts > 0 && deliveries >= options.maxAttempts;
    }

    /** What is registered. */
    ConsumerConfig consumerConfig() {
        ConsumerConfigBuilder config = ConsumerConfig.builder()
                .durable(name)
                .description(options.description)
                .ackPolicy(AckPolicy.EXPLICIT)
                .ackWait(options.ackWait)
                .maxAckPending(options.maxAckPending);
        if (options.maxAttempts > 0) {
            config.maxDeliver(options.maxAttempts);
        }
        return config.build();
    }

    @Override
    public String toString() {
        return "Actor " + name + " of event " + event.name();
    }
}
