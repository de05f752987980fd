// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.protocol.Headers;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be said along with a message.
 *
 * @param <B> the builder that it is said to
 */
public abstract sealed class EmitSettings<B extends EmitSettings<B>>
        permits EmitOptions.Builder, RequestOptions.Builder {
    private static final Duration MAX_DELAY = Duration.ofDays(3650);

    Headers headers = Headers.EMPTY;

    @Nullable
    CloudEvent cloudEvent;

    @Nullable
    String uid;

    @Nullable
    String traceId;

    @Nullable
    Duration delay;

    EmitSettings() {}

    /**
     * What tells the message from others: one of an id that it has stored within its duplicate window, 2 minutes, the stream does
     * not store again. Header {@code Nats-Msg-Id}.
     *
     * @throws IllegalArgumentException if it is blank or has control characters
     */
    public B uid(String id) {
        uid = Rules.header("uid", id);
        return self();
    }

    /**
     * The id of what the message is a part of, for {@linkplain Attempt#traceId() middlewares}. Header {@code Walnats-Trace}.
     *
     * @throws IllegalArgumentException if it is blank or has control characters
     */
    public B traceId(String id) {
        traceId = Rules.header("traceId", id);
        return self();
    }

    /**
     * For how long no actor is to handle it, from when it is emitted. An actor that gets it earlier gives it back for the time
     * that is left. Header {@code Walnats-Delay}.
     *
     * @throws IllegalArgumentException if it is negative or over 3650 days
     */
    public B delay(Duration time) {
        delay = Rules.within("delay", time, Duration.ZERO, MAX_DELAY);
        return self();
    }

    /** Headers of the user's own; those that the other options stand for take their place. */
    public B headers(Headers all) {
        headers = Objects.requireNonNull(all, "all");
        return self();
    }

    /** What CloudEvents has to say about it. Its id is the {@link #uid}, unless there is one. */
    public B cloudEvent(CloudEvent about) {
        cloudEvent = Objects.requireNonNull(about, "about");
        return self();
    }

    final void copyTo(EmitSettings<?> other) {
        other.headers = headers;
        other.cloudEvent = cloudEvent;
        other.uid = uid;
        other.traceId = traceId;
        other.delay = delay;
    }

    abstract B self();
}
