// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.jetstream.RetentionPolicy;
import dev.midge.jetstream.StreamConfig;
import dev.midge.jetstream.StreamConfigBuilder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A kind of event: a name, which is its subject, and the type of what is said with it. Its stream keeps a message until each of
 * its {@linkplain Actor actors} has handled it, and keeps none while it has no actor. Immutable.
 *
 * <pre>{@code
 * Event<User> CREATED = Event.of("user-created", Codec.json(User.class));
 * }</pre>
 *
 * @param <T> what is said
 */
public sealed class Event<T> permits EventWithResponse {
    private final String name;
    private final Codec<T> codec;
    private final @Nullable String description;
    private final Limits limits;

    Event(String name, Codec<T> codec, @Nullable String description, Limits limits) {
        this.name = name;
        this.codec = codec;
        this.description = description;
        this.limits = limits;
    }

    /**
     * An event.
     *
     * @param name 1 to 255 characters that make a subject without wildcards; choose with care, as it is on the server
     * @throws IllegalArgumentException if that is no such name
     */
    public static <T> Event<T> of(String name, Codec<T> codec) {
        return new Event<>(Rules.event(name), Objects.requireNonNull(codec, "codec"), null, Limits.NONE);
    }

    /** The same event with responses: who {@linkplain EventConnection#request requests} gets what an actor returned. */
    public <R> EventWithResponse<T, R> withResponse(Codec<R> responseCodec) {
        return new EventWithResponse<>(
                name, codec, description, limits, Objects.requireNonNull(responseCodec, "responseCodec"));
    }

    /**
     * The same event with a description, for the people that look at its stream.
     *
     * @throws IllegalArgumentException if it is of more than 4,096 bytes
     */
    public Event<T> withDescription(String text) {
        return new Event<>(name, codec, Rules.description(text), limits);
    }

    /** The same event with limits of its stream. */
    public Event<T> withLimits(Limits streamLimits) {
        return new Event<>(name, codec, description, Objects.requireNonNull(streamLimits, "streamLimits"));
    }

    /** The name, which is the subject too. */
    public String name() {
        return name;
    }

    /** The name of its stream: its own, each dot of it a dash. */
    public String streamName() {
        return name.replace('.', '-');
    }

    /** How messages become bytes and bytes messages. */
    public Codec<T> codec() {
        return codec;
    }

    /** The description, or null. */
    public @Nullable String description() {
        return description;
    }

    /** The limits of its stream. */
    public Limits limits() {
        return limits;
    }

    /** What is registered. */
    StreamConfig streamConfig() {
        StreamConfigBuilder config = StreamConfig.builder(streamName())
                .subjects(name)
                .retention(RetentionPolicy.INTEREST)
                .description(description);
        limits.applyTo(config);
        return config.build();
    }

    @Override
    public String toString() {
        return "Event " + name;
    }
}
