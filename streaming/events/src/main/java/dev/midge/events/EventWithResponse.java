// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event that actors respond to. What they return goes to whoever {@linkplain EventConnection#request requested}, by plain NATS,
 * and so may be lost; what was merely emitted is not responded to. Immutable.
 *
 * @param <T> what is said
 * @param <R> what is responded
 */
public final class EventWithResponse<T, R> extends Event<T> {
    private final Codec<R> responseCodec;

    EventWithResponse(
            String name, Codec<T> codec, @Nullable String description, Limits limits, Codec<R> responseCodec) {
        super(name, codec, description, limits);
        this.responseCodec = responseCodec;
    }

    @Override
    public EventWithResponse<T, R> withDescription(String text) {
        return new EventWithResponse<>(name(), codec(), Rules.description(text), limits(), responseCodec);
    }

    @Override
    public EventWithResponse<T, R> withLimits(Limits streamLimits) {
        return new EventWithResponse<>(
                name(), codec(), description(), Objects.requireNonNull(streamLimits, "streamLimits"), responseCodec);
    }

    /** How responses become bytes and bytes responses. */
    public Codec<R> responseCodec() {
        return responseCodec;
    }
}
