// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.NatsTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A consumer by its name; what its methods throw, {@link JetStream} says. A handle: it holds nothing but names and what it was told
 * last, and does not mind whether the consumer is there. Thread-safe.
 */
public final class Consumer {
    private final Api api;
    private final String stream;
    private final String name;
    private volatile @Nullable ConsumerInfo lastInfo;

    Consumer(Api api, String stream, String name, @Nullable ConsumerInfo info) {
        this.api = api;
        this.stream = stream;
        this.name = name;
        lastInfo = info;
    }

    /** The name of its stream. */
    public String streamName() {
        return stream;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** What the server said last, to this handle, when the consumer was made or changed or by {@link #info()}; else null. Asks nothing. */
    public @Nullable ConsumerInfo lastInfo() {
        return lastInfo;
    }

    /** The consumer as it is. */
    public ConsumerInfo info() {
        ConsumerInfo info = api.ask(cannot("get info of"), subject("INFO"), ConsumerInfo.SCHEMA);
        lastInfo = info;
        return info;
    }

    /** Deletes it. */
    public void delete() {
        api.ask(cannot("delete"), subject("DELETE"));
    }

    /**
     * Has it deliver nothing until a time. Servers from 2.11 on.
     *
     * @param until when to go on; in the past for at once
     */
    public ConsumerPause pause(Instant until) {
        String what = cannot("pause");
        api.require(what, "pause", Since.V2_11);
        return api.ask(what, subject("PAUSE"), Map.of("pause_until", until.toString()), ConsumerPause.SCHEMA);
    }

    /** Has it deliver again. Servers from 2.11 on. */
    public ConsumerPause resume() {
        String what = cannot("resume");
        api.require(what, "pause", Since.V2_11);
        return api.ask(what, subject("PAUSE"), ConsumerPause.SCHEMA);
    }

    /** Takes the pin of a priority group from the client that has it. Servers from 2.11 on. */
    public void unpin(String group) {
        String what = cannot("unpin group " + group + " of");
        api.require(what, "unpin", Since.V2_11);
        api.ask(what, subject("UNPIN"), Map.of("group", group));
    }

    /**
     * Has it deliver again what was delivered and not acknowledged: it is as it was when the last message was
     * acknowledged up to which all have been. Servers from 2.14 on, ADR-60.
     *
     * @return the consumer as it is then; {@link ConsumerInfo#resetSeq} tells where it starts
     */
    public ConsumerInfo reset() {
        return reset(Map.of());
    }

    /**
     * Has it start anew at a sequence number of the stream; for the deliver policies all and by_start. Servers from 2.14 on,
     * ADR-60.
     *
     * @throws IllegalArgumentException if the number is not above 0
     */
    public ConsumerInfo reset(long sequence) {
        Rules.require(sequence > 0, "sequence", sequence, "must be above 0");
        return reset(Map.of("seq", sequence));
    }

    private ConsumerInfo reset(Map<String, Long> body) {
        String what = cannot("reset");
        api.require(what, "reset", Since.V2_14);
        try {
            ConsumerInfo info = body.isEmpty()
                    ? api.ask(what, subject("RESET"), ConsumerInfo.SCHEMA)
                    : api.ask(what, subject("RESET"), body, ConsumerInfo.SCHEMA);
            lastInfo = info;
            return info;
        } catch (NatsTimeoutException e) {
            info(); // the consumer itself answers resets, and nobody if there is none: this tells
            throw e;
        }
    }

    /** Has the leader make way for another replica. Refused by a server that is in no cluster. */
    public void stepDownLeader() {
        api.ask(cannot("step down the leader of"), subject("LEADER.STEPDOWN"));
    }

    /** Has the leader make way for a replica of a placement; {@link Placement.Builder#preferred} names it. Servers from 2.11 on. */
    public void stepDownLeader(Placement placement) {
        String what = cannot("step down the leader of");
        api.require(what, "placement", Since.V2_11);
        api.ask(what, subject("LEADER.STEPDOWN"), Map.of("placement", placement.tree()));
    }

    /**
     * Takes it off a server, for which another one of its stream comes in. Servers from 2.15 on, and refused by one that is in no
     * cluster.
     *
     * @param peer the name of the server, or its id
     */
    public void removePeer(String peer) {
        String what = cannot("remove peer " + peer + " of");
        api.require(what, "removing a peer of a consumer", Since.V2_15);
        api.ask(what, subject("PEER.REMOVE"), Map.of("peer", peer));
    }

    /**
     * Asks for messages once, and waits for them no longer than that; see {@link Fetch}. What is to be said of all that takes
     * messages: nobody looks whether the consumer is there, as it may be away for a while.
     *
     * @param messages how many at most
     * @throws IllegalArgumentException as {@link FetchOptions.Builder} says, or if the consumer is known to need a group
     * @throws dev.midge.client.ConnectionClosedException if the connection has ended
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
     * As {@link #fetch(int, Duration)}, with options.
     *
     * @throws ServerTooOldException if the server does not have priority groups
     */
    public Fetch fetch(FetchOptions options) {
        Pulling pulling = options.pulling();
        return new Fetch(engine("fetch from", pulling, pulling.wanted()), AckSender.of(api), message -> {});
    }

    /**
     * The next message, waiting for it.
     *
     * @throws NatsTimeoutException if none came in time
     * @throws ConsumeException if there will be none, as the consumer was deleted, or the server refuses to be asked
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted
     * @throws IllegalStateException on an event loop
     */
    public JetStreamMessage next(Duration maxWait) {
        try (Fetch one = fetch(1, maxWait)) {
            return one.only(cannot("get a message from"), maxWait);
        }
    }

    /** Consumes messages with a handler till it is stopped; see {@link Consumption}. */
    public Consumption consume(JetStreamHandler handler) {
        return consume(ConsumeOptions.DEFAULTS, handler);
    }

    /**
     * As {@link #consume(JetStreamHandler)}, with options.
     *
     * @throws IllegalArgumentException if the consumer is known to need a group
     * @throws ServerTooOldException if the server does not have priority groups
     * @throws dev.midge.client.ConnectionClosedException if the connection has ended
     */
    public Consumption consume(ConsumeOptions options, JetStreamHandler handler) {
        Objects.requireNonNull(handler, "handler");
        Pulling pulling = options.pulling();
        return Consumption.start(engine("consume from", pulling, pulling.wanted()), AckSender.of(api), handler);
    }

    /** Messages to be asked for one by one, some of them in advance; see {@link Messages}. */
    public Messages messages() {
        return messages(ConsumeOptions.DEFAULTS);
    }

    /** As {@link #messages()}, with options; throws what {@link #consume(ConsumeOptions, JetStreamHandler)} throws. */
    public Messages messages(ConsumeOptions options) {
        Pulling pulling = options.pulling();
        return new Messages(engine("consume from", pulling, pulling.wanted()), AckSender.of(api));
    }

    /**
     * Messages as demanded: the server is asked for no more than subscribers demand. Each subscriber has a consumption of its
     * own, is called on the executor, and is told of the end by an error if nobody wanted that.
     */
    public Flow.Publisher<JetStreamMessage> publisher() {
        return publisher(ConsumeOptions.DEFAULTS);
    }

    /** As {@link #publisher()}, with options; what is wrong with them is told to the subscriber. */
    public Flow.Publisher<JetStreamMessage> publisher(ConsumeOptions options) {
        return new PullPublisher(() -> engine("consume from", options.pulling(), 0), AckSender.of(api));
    }

    /**
     * To take what it delivers, if it is a push consumer, one with a deliver_subject; asks for {@link #info()}.
     *
     * @throws IllegalStateException if it is a pull consumer
     */
    public PushConsumer push() {
        ConsumerInfo info = info();
        if (info.config().deliverSubject() == null) {
            throw new IllegalStateException("cannot take what consumer " + name + " of stream " + stream
                    + " delivers: it is a pull consumer, it has no deliver_subject");
        }
        return new PushConsumer(api, info);
    }

    private PullEngine engine(String verb, Pulling pulling, long wanted) {
        checkGroup(verb, pulling.request());
        return new PullEngine(
                api,
                verb + " consumer " + name + " of stream " + stream,
                new ConsumerName.Fixed(stream, name),
                pulling,
                wanted);
    }

    private void checkGroup(String verb, PullRequest request) {
        String group = request.group();
        if (group != null) {
            api.require(cannot(verb), "a priority group", Since.V2_11);
            if (request.priority() > 0) {
                api.require(cannot(verb), "priority", Since.V2_12);
            }
        }
        ConsumerInfo known = lastInfo;
        List<String> groups = known == null ? List.of() : known.config().priorityGroups();
        Rules.require(
                groups.isEmpty() || (group != null && groups.contains(group)),
                "group",
                group,
                "must be one of the consumer's priority groups, " + groups);
    }

    private String subject(String verb) {
        return "CONSUMER." + verb + "." + stream + "." + name;
    }

    private String cannot(String verb) {
        return "cannot " + verb + " consumer " + name + " of stream " + stream;
    }

    @Override
    public String toString() {
        return "Consumer " + name + " of stream " + stream;
    }
}
