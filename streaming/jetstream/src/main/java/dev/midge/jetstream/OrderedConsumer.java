// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream in order: each message once, none left out, whatever happens to servers, connections and the consumer. Each
 * consumption has a consumer of its own on the server, in memory and without acknowledgements, which is made anew behind the
 * last message whenever a message is missing, heartbeats are, the consumer is, or the connection was; and deleted at the end.
 *
 * <p>What it gives back begins where the options say, but for {@link #fetch} and {@link #next}, which go on where the ones before
 * have come to. These are for one thread at a time; all else is thread-safe. Made by {@code ordered} of {@link Stream}. Source:
 * ADR-17, ADR-37.
 */
public final class OrderedConsumer {
    private final OrderedSource source;
    private final OrderedOptions options;

    /** Where fetches are. */
    private final OrderedCursor cursor = new OrderedCursor();

    private volatile @Nullable Fetch lastFetch;

    OrderedConsumer(Api api, String stream, OrderedOptions options) {
        this.options = Objects.requireNonNull(options, "options");
        String prefix = options.prefix();
        AtomicInteger made = new AtomicInteger();
        source = new OrderedSource(api, stream, options.config(), () -> prefix + "_" + made.incrementAndGet());
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
        OrderedEngine engine = engine(Long.MAX_VALUE);
        Consumption consumption = Consumption.start(engine, acks(), handler);
        engine.awaitBegin(consumption::stop);
        return consumption;
    }

    /** Messages to be asked for one by one; as {@link #consume}. */
    public Messages messages() {
        OrderedEngine engine = engine(Long.MAX_VALUE);
        Messages messages = new Messages(engine, acks());
        engine.awaitBegin(messages::stop);
        return messages;
    }

    /** Messages as demanded; whatever is wrong is told to the subscriber. */
    public Flow.Publisher<JetStreamMessage> publisher() {
        return new PullPublisher(() -> engine(0), acks());
    }

    /**
     * Reads some messages, the first ones or those behind what was taken from the fetch before; that one is
     * {@linkplain Fetch#close closed}. Does not wait: that the consumer cannot be made is said by what iterates. Each fetch has a
     * consumer of its own made and deleted, so {@link #messages} are cheaper where there are many.
     *
     * @param messages how many at most
     * @param maxWait for the consumer and for the messages
     * @throws IllegalArgumentException as {@link FetchOptions.Builder} says
     * @throws dev.midge.client.ConnectionClosedException if the connection has ended
     * @throws ServerTooOldException if the server does not have what the options ask for
     */
    public Fetch fetch(int messages, Duration maxWait) {
        return fetch(
                FetchOptions.builder().maxMessages(messages).maxWait(maxWait).build());
    }

    /** As {@link #fetch(int, Duration)}, takes what is there and does not wait for more. */
    public Fetch fetchNoWait(int messages) {
        return fetch(FetchOptions.builder().maxMessages(messages).noWait().build());
    }

    /** As {@link #fetch(int, Duration)}, by bytes: those of subject, reply-to subject, headers and payload. */
    public Fetch fetchBytes(long bytes, Duration maxWait) {
        return fetch(FetchOptions.builder().maxBytes(bytes).maxWait(maxWait).build());
    }

    /**
     * As {@link #fetch(int, Duration)}, with options; a listener of the {@link OrderedOptions} stands in where these have none.
     *
     * @throws IllegalArgumentException if they have a group
     */
    public Fetch fetch(FetchOptions how) {
        OrderedOptions.requireNoGroup(how.group());
        Fetch before = lastFetch;
        if (before != null) {
            before.close();
        }
        Pulling pulling = how.pulling().heardBy(options.pulling().listener());
        OrderedEngine engine = engine(pulling, pulling.wanted(), cursor);
        Fetch fetch = new Fetch(engine, acks(), cursor::taken);
        lastFetch = fetch;
        return fetch;
    }

    /**
     * The next message, waiting for it: the first one, or the one behind what was taken last; see {@link #fetch(int, Duration)}.
     *
     * @throws dev.midge.client.NatsTimeoutException if none came in time
     * @throws ConsumeException if there is no such stream, or the consumer is refused
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted
     * @throws IllegalStateException on an event loop
     */
    public JetStreamMessage next(Duration maxWait) {
        try (Fetch one = fetch(1, maxWait)) {
            return one.only("cannot " + source.what(), maxWait);
        }
    }

    private AckSender acks() {
        return AckSender.silent(source.api());
    }

    private OrderedEngine engine(long wanted) {
        return engine(options.pulling(), wanted, new OrderedCursor());
    }

    private OrderedEngine engine(Pulling pulling, long wanted, OrderedCursor from) {
        source.api().require("cannot " + source.what(), source.config());
        return new OrderedEngine(source, pulling, wanted, from);
    }

    @Override
    public String toString() {
        return "OrderedConsumer of stream " + source.stream();
    }
}
