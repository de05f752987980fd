// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Objects;
import java.util.concurrent.Flow;

/**
 * Reads a stream in order: each message once, none left out, whatever happens to servers, connections and the consumer. Each
 * consumption has a consumer of its own on the server, in memory and without acknowledgements, which is made anew behind the
 * last message whenever a message is missing, heartbeats are, the consumer is, or the connection was; and deleted at the end.
 *
 * <p>A handle, made by {@code ordered} of {@link Stream}: it holds nothing. Thread-safe. Source: ADR-17, ADR-37.
 */
public final class OrderedConsumer {
    private final Api api;
    private final String stream;
    private final OrderedOptions options;

    OrderedConsumer(Api api, String stream, OrderedOptions options) {
        this.api = api;
        this.stream = stream;
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Reads with a handler till it is stopped; returns when the consumer has been made.
     *
     * @throws JetStreamApiException if that is refused
     * @throws dev.midge.client.NatsTimeoutException if it was not made in time
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted
     * @throws ServerTooOldException if the server does not have what the options ask for
     * @throws IllegalStateException on an event loop
     */
    public Consumption consume(JetStreamHandler handler) {
        Objects.requireNonNull(handler, "handler");
        OrderedEngine engine = engine();
        Consumption consumption = Consumption.start(engine, AckSender.silent(api), handler);
        engine.awaitBegin(consumption::stop);
        return consumption;
    }

    /** Messages to be asked for one by one; as {@link #consume}. */
    public Messages messages() {
        OrderedEngine engine = engine();
        Messages messages = new Messages(engine, AckSender.silent(api));
        engine.awaitBegin(messages::stop);
        return messages;
    }

    /** Messages as demanded; whatever is wrong is told to the subscriber. */
    public Flow.Publisher<JetStreamMessage> publisher() {
        return new PullPublisher(() -> engine(0), AckSender.silent(api));
    }

    private OrderedEngine engine() {
        return engine(Long.MAX_VALUE);
    }

    private OrderedEngine engine(long wanted) {
        String what = "read stream " + stream + " in order";
        api.require("cannot " + what, options.config());
        return new OrderedEngine(api, what, stream, options, wanted);
    }

    @Override
    public String toString() {
        return "OrderedConsumer of stream " + stream;
    }
}
