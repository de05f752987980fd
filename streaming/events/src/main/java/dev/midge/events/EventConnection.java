// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.PublishAck;
import dev.midge.protocol.Headers;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events on a connection: registers, emits, requests and listens. Made by {@link Events#connect}; thread-safe, without a
 * thread of its own.
 *
 * <p>Methods that ask the server block, and throw what {@link JetStream} says; those that take an event throw
 * IllegalArgumentException if it is not among those of {@link #events}, and {@link CodecException} if the message cannot be encoded;
 * then nothing was sent.
 *
 * <p>Source: the wire format is that of walnats 1.2.6.
 */
public final class EventConnection implements AutoCloseable {
    private final Events events;
    private final JetStream js;
    private final Connection connection;
    private final Timing timing;
    private final Requester requester;
    private final Listeners listeners;

    EventConnection(Events events, JetStream js, Timing timing) {
        this.events = events;
        this.js = js;
        this.timing = timing;
        connection = js.connection();
        requester = new Requester(js);
        listeners = new Listeners(events, js, timing);
    }

    /** The events. */
    public Events events() {
        return events;
    }

    /** The connection. */
    public Connection connection() {
        return connection;
    }

    /** Makes the streams of all events, and changes those that are there. */
    public void register() {
        register(true, true);
    }

    /**
     * Makes the streams of all events, or changes them to what the events say, or both. What the events do not say becomes the
     * server's default, in streams that are changed.
     *
     * @param create whether to make a stream that is not there
     * @param update whether to change one that is there
     * @throws StreamExistsException if one is there, with another configuration, and is not to be changed
     * @throws StreamConfigException if the server refuses the configuration, as what is there cannot be changed to it
     * @throws dev.midge.jetstream.JetStreamApiException if the server refuses otherwise, as when a stream is not there and not to be made
     */
    public void register(boolean create, boolean update) {
        Registry registry = new Registry(js);
        events.all().forEach(event -> registry.stream(event, create, update));
    }

    /**
     * Makes the consumers of actors, or changes them. From then on the streams of their events keep what is emitted till they have
     * handled it, whether they listen or not.
     *
     * @throws StreamConfigException if the server refuses the configuration, as what is there cannot be changed to it
     * @throws IllegalArgumentException if there is no actor, or one twice
     */
    public void registerActors(Actor<?, ?>... actors) {
        Registry registry = new Registry(js);
        for (Actor<?, ?> actor : events.known(actors)) {
            registry.consumer(actor);
        }
    }

    /** Emits a message; see {@link #emit(Event, Object, EmitOptions)}. */
    public <T> void emit(Event<T> event, T message) {
        emit(event, message, EmitOptions.DEFAULTS);
    }

    /**
     * Emits a message, and does not wait for anything: it is published as {@link Connection#publish(Message)} does, which throws
     * what this throws. Whether it is stored nobody says.
     */
    public <T> void emit(Event<T> event, T message, EmitOptions options) {
        connection.publish(message(event, message, options.settings(), null));
    }

    /** As {@link #emitSync(Event, Object, EmitOptions)}, with nothing but the message. */
    public <T> PublishAck emitSync(Event<T> event, T message) {
        return emitSync(event, message, EmitOptions.DEFAULTS);
    }

    /**
     * Emits a message and waits until the stream has it. Throws what {@link JetStream#publish(Message,
     * dev.midge.jetstream.PublishOptions)} throws.
     *
     * @return says also whether the message was {@linkplain PublishAck#duplicate() there before}
     */
    public <T> PublishAck emitSync(Event<T> event, T message, EmitOptions options) {
        return js.publish(message(event, message, options.settings(), null), options.publish());
    }

    /** As {@link #emitSync(Event, Object, EmitOptions)}, without waiting; see {@link JetStream#publishAsync(Message)}. */
    public <T> CompletableFuture<PublishAck> emitAsync(Event<T> event, T message, EmitOptions options) {
        return js.publishAsync(message(event, message, options.settings(), null), options.publish());
    }

    /** Requests a response within 4 s; see {@link #request(EventWithResponse, Object, RequestOptions)}. */
    public <T, R> R request(EventWithResponse<T, R> event, T message) {
        return request(event, message, RequestOptions.DEFAULTS);
    }

    /**
     * Emits a message, waits until the stream has it, and then for the first response of an actor. The message is stored: an actor
     * handles it, also when the time is over.
     *
     * @throws dev.midge.client.NatsTimeoutException if no response came in time
     * @throws DuplicateEventException if the stream had a message with that uid before
     * @throws CodecException also if the response cannot be decoded
     * @throws dev.midge.jetstream.PublishOutcomeUnknownException if no ack came in time: it may be stored
     * @throws EventException if the connection ended before the response came
     * @throws IllegalStateException on an event loop
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted; the message may be handled
     */
    public <T, R> R request(EventWithResponse<T, R> event, T message, RequestOptions options) {
        String inbox = requester.inbox();
        return requester.request(event, message(event, message, options.settings(), inbox), inbox, options.timeout());
    }

    /**
     * As {@link #request(EventWithResponse, Object, RequestOptions)}, without waiting: the future completes on the connection's
     * executor, and fails with {@link EventException} if the connection ends before. Cancelling it gives up the response, not the message.
     */
    public <T, R> CompletableFuture<R> requestAsync(EventWithResponse<T, R> event, T message, RequestOptions options) {
        String inbox = requester.inbox();
        return requester.requestAsync(
                event, message(event, message, options.settings(), inbox), inbox, options.timeout());
    }

    private <T> Message message(Event<T> event, T message, EmitSettings<?> options, @Nullable String inbox) {
        byte[] payload = CodecException.encode(events.known(event).codec(), message, "the message of " + event);
        Message.Builder built = Message.to(event.name()).data(payload);
        Headers headers = EventHeaders.of(options, timing.now(), inbox);
        if (headers != null) {
            built.headers(headers);
        }
        return built.build();
    }

    /** Has actors listen; see {@link #listen(ListenOptions, Actor[])}. */
    public Listening listen(Actor<?, ?>... actors) {
        return listen(ListenOptions.DEFAULTS, actors);
    }

    /**
     * Has actors listen until that is closed. They must have been {@linkplain #registerActors registered}, now or ever before.
     *
     * @throws IllegalArgumentException if there is no actor, or one twice
     * @throws dev.midge.jetstream.JetStreamApiException if one was not registered
     */
    public Listening listen(ListenOptions options, Actor<?, ?>... actors) {
        return listeners.listen(options, actors);
    }

    /**
     * Has each actor ask for messages once, {@link ListenOptions#batch} at most, and returns when all that came have been handled:
     * for tests, and for programs that are started now and then. An actor waits {@link ListenOptions#pollDelay} for messages,
     * unless the batch is full before.
     *
     * @return how many messages came; delayed ones, which go back, are among them
     * @throws dev.midge.jetstream.JetStreamApiException if one was not registered
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted; handlers that run go on
     * @throws IllegalStateException on an event loop
     */
    public int burst(ListenOptions options, Actor<?, ?>... actors) {
        return listeners.burst(options, actors);
    }

    /**
     * Shows what is emitted from now on to somebody, in order for each event, on the connection's executor. Nothing is kept for
     * it: a live feed over plain NATS. What it throws is told to the connection's listeners, and the next one is shown all the same.
     */
    public Monitor monitor(Consumer<Sighting> observer) {
        return listeners.monitor(observer);
    }

    /** Closes all that listens and monitors. Not the connection; what was emitted and requested goes on. Does not wait. */
    @Override
    public void close() {
        listeners.close();
    }
}
