// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.jetstream.JetStreamMessage;
import dev.midge.jetstream.MessageMetadata;
import dev.midge.protocol.Headers;
import org.jspecify.annotations.Nullable;

/** One attempt of an actor to handle a message. Immutable. */
public final class Attempt {
    private final Actor<?, ?> actor;
    private final JetStreamMessage source;
    private final @Nullable Object message;

    Attempt(Actor<?, ?> actor, JetStreamMessage source, @Nullable Object message) {
        this.actor = actor;
        this.source = source;
        this.message = message;
    }

    /** Whose attempt it is. */
    public Actor<?, ?> actor() {
        return actor;
    }

    /** What was said; null if the payload could not be decoded. */
    public @Nullable Object message() {
        return message;
    }

    /** The headers it came with. */
    public Headers headers() {
        return source.headers();
    }

    /** What JetStream says of it. Read anew at each call. */
    public MessageMetadata metadata() {
        return source.metadata();
    }

    /**
     * Which attempt it is, from 1 on: as often as the message was delivered, once less if it was given back because it was {@linkplain
     * EmitSettings#delay delayed}. Deliveries that were lost on their way count.
     */
    public long number() {
        long deliveries = metadata().deliveries();
        return deliveries > 1 && headers().containsIgnoringCase(EventHeaders.DELAY) ? deliveries - 1 : deliveries;
    }

    /** The {@linkplain EmitSettings#traceId trace id} that it was emitted with, or null. */
    public @Nullable String traceId() {
        return headers().getIgnoringCase(EventHeaders.TRACE);
    }

    /** The {@linkplain EmitSettings#cloudEvent CloudEvent} that it was emitted with, or null. */
    public @Nullable CloudEvent cloudEvent() {
        return CloudEvent.of(headers());
    }

    @Override
    public String toString() {
        return "Attempt of " + actor + " at " + source;
    }
}
