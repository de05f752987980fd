// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.NatsTimeoutException;
import java.time.Instant;
import java.util.Map;
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
