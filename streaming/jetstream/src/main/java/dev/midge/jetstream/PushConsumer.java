// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Objects;

/**
 * A consumer that delivers to a subject of its own, as fast as flow control and what is not acknowledged let it: for those who
 * have one. A handle, made by {@code push} of {@link Consumer}; thread-safe. Source: ADR-9, ADR-15.
 */
public final class PushConsumer {
    private final Api api;
    private final ConsumerInfo info;

    PushConsumer(Api api, ConsumerInfo info) {
        this.api = api;
        this.info = info;
    }

    /** The consumer as it was when this was made. */
    public ConsumerInfo info() {
        return info;
    }

    /** Consumes messages with a handler till it is stopped; see {@link #consume(PushOptions, JetStreamHandler)}. */
    public Consumption consume(JetStreamHandler handler) {
        return consume(PushOptions.DEFAULTS, handler);
    }

    /**
     * Consumes messages with a handler till it is stopped, as one of the queue group if the consumer has a deliver_group.
     * Flow control is answered when what came before has been handled. When heartbeats are missed, the listener is told, and it is
     * looked whether there still is a consumer; when deliveries are, the listener is told.
     *
     * @throws dev.midge.client.ConnectionClosedException if the connection has ended
     */
    public Consumption consume(PushOptions options, JetStreamHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return Consumption.start(new PushEngine(api, info, options), AckSender.of(api), handler);
    }

    @Override
    public String toString() {
        return "PushConsumer " + info.name() + " of stream " + info.streamName();
    }
}
