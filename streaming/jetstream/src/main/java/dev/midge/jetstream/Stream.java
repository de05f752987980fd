// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.Nuid;
import dev.midge.protocol.Subjects;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stream by its name; what its methods throw, {@link JetStream} says. A handle: it holds nothing but the name and what it was told
 * last, and does not mind whether the stream is there. Thread-safe.
 */
public final class Stream {
    private final Api api;
    private final String name;
    private volatile @Nullable StreamInfo lastInfo;

    Stream(Api api, String name, @Nullable StreamInfo info) {
        this.api = api;
        this.name = name;
        lastInfo = info;
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** What the server said last, to this handle, when the stream was made or changed or by {@link #info()}; else null. Asks nothing. */
    public @Nullable StreamInfo lastInfo() {
        return lastInfo;
    }

    /** The stream as it is. */
    public StreamInfo info() {
        StreamInfo info = api.ask(cannot("get info of"), "STREAM.INFO." + name, StreamInfo.SCHEMA);
        lastInfo = info;
        return info;
    }

    /** The stream as it is, with the sequence number of every message that was deleted: there may be many. */
    public StreamInfo infoWithDeleted() {
        return api.ask(
                cannot("get info of"), "STREAM.INFO." + name, Map.of("deleted_details", true), StreamInfo.SCHEMA);
    }

    /**
     * The subjects that match, with how many messages each has. Asks when it is iterated, 100,000 at a time.
     *
     * @param filter a subject, with wildcards or without; {@code >} for all
     * @throws IllegalArgumentException if it is no subject
     */
    public Listing<SubjectCount> subjects(String filter) {
        Rules.filter("filter", filter);
        return Lists.subjects(api, name, filter);
    }

    /**
     * Removes all messages.
     *
     * @return how many
     */
    public long purge() {
        return purge(PurgeOptions.builder().build());
    }

    /**
     * Removes messages.
     *
     * @return how many
     */
    public long purge(PurgeOptions options) {
        return api.ask(cannot("purge"), "STREAM.PURGE." + name, options.body()).get("purged") instanceof Long purged
                ? purged
                : 0;
    }

    /** Gets the message of a sequence number from the leader; see {@link #message(MessageQuery)}. */
    public StoredMessage message(long sequence) {
        return message(MessageQuery.sequence(sequence));
    }

    /**
     * Gets a message from the leader, so that it sees what was acknowledged before. One that is not there is refused with
     * the error 10037.
     */
    public StoredMessage message(MessageQuery query) {
        String what = cannot("get " + query + " of");
        if (query.timed()) {
            api.require(what, "start_time", Since.V2_11);
        }
        return StoredMessage.of(
                what, api.ask(what, "STREAM.MSG.GET." + name, query.body()).get("message"));
    }

    /**
     * Gets a message from any replica, or a mirror, where the stream allows that: cheaper, and at times behind the leader.
     * Where it does not, as {@link #message(MessageQuery)}. One that is not there is refused with the error 10037. The
     * first time asks for {@link #info()}, unless this handle has it; whether the stream allows it is asked again when
     * nobody answers.
     */
    public StoredMessage direct(MessageQuery query) {
        return DirectGet.one(api, this, query);
    }

    /**
     * Gets many messages from any replica, or a mirror: the stream must allow that. Asks when it is iterated, batch by batch.
     */
    public Listing<StoredMessage> direct(BatchQuery query) {
        return DirectGet.many(api, name, query);
    }

    /** Deletes a message: its place in the files may keep what it was for a while. */
    public void deleteMessage(long sequence) {
        delete(sequence, true);
    }

    /** Deletes a message, and overwrites what it was with random data: slower. */
    public void eraseMessage(long sequence) {
        delete(sequence, false);
    }

    private void delete(long sequence, boolean noErase) {
        Rules.require(sequence > 0, "sequence", sequence, "must be above 0");
        Map<String, Object> body = noErase ? Map.of("seq", sequence, "no_erase", true) : Map.of("seq", sequence);
        api.ask(cannot("delete message " + sequence + " of"), "STREAM.MSG.DELETE." + name, body);
    }

    /** A consumer, whether it is there or not: asks nothing. */
    public Consumer consumer(String consumer) {
        return new Consumer(api, name, Rules.name("consumer", consumer), null);
    }

    /**
     * Makes a consumer, which gets a random name if it has none. One that is there already with the same configuration is what was
     * asked for; with another it is refused. Servers before 2.10 do not tell these cases apart, so any that is there is refused.
     */
    public Consumer createConsumer(ConsumerConfig config) {
        return put("create", config);
    }

    /** Changes a consumer to a configuration, which is to be whole. Refused if there is none of its name. */
    public Consumer updateConsumer(ConsumerConfig config) {
        return put("update", config);
    }

    /** Makes a consumer, or changes the one that there is. */
    public Consumer createOrUpdateConsumer(ConsumerConfig config) {
        return put("", config);
    }

    private Consumer put(String action, ConsumerConfig config) {
        String given = config.name() != null ? config.name() : config.durable();
        String consumer = given != null ? given : Nuid.next();
        String what = "cannot " + (action.isEmpty() ? "create or update" : action) + " consumer " + consumer
                + " of stream " + name;
        api.require(what, config);
        Map<String, @Nullable Object> whole = config.tree();
        whole.put(ConsumerConfig.NAME.name(), consumer);
        Map<String, Object> body = new LinkedHashMap<>(Map.of("stream_name", name, "config", whole));
        if (!action.isEmpty() && given != null) {
            if (api.has(Since.V2_10)) {
                body.put("action", action);
            } else {
                checkByAsking(what, action, given);
            }
        }
        String filter = config.filterSubject();
        // A filter with wildcards cannot stand in a subject that is published to; the server takes it from the body
        // alone.
        String suffix = filter == null || Subjects.isWildcard(filter) ? "" : "." + filter;
        ConsumerInfo info =
                api.ask(what, "CONSUMER.CREATE." + name + "." + consumer + suffix, body, ConsumerInfo.SCHEMA);
        return new Consumer(api, name, info.name().isEmpty() ? consumer : info.name(), info);
    }

    /** For servers that know no action: they would create or update, whichever there is to do. */
    private void checkByAsking(String what, String action, String consumer) {
        try {
            consumer(consumer).info();
        } catch (JetStreamApiException e) {
            if (action.equals("create") && e.errCode() == Api.CONSUMER_NOT_FOUND) {
                return;
            }
            throw e;
        }
        if (action.equals("create")) {
            throw Api.refused(what, 400, Api.CONSUMER_EXISTS, "consumer already exists");
        }
    }

    /** Reads all of it in order; see {@link OrderedConsumer}. Asks nothing. */
    public OrderedConsumer ordered() {
        return ordered(OrderedOptions.DEFAULTS);
    }

    /** Reads it in order, with options; as {@link #ordered()}. */
    public OrderedConsumer ordered(OrderedOptions options) {
        return new OrderedConsumer(api, name, options);
    }

    /** Deletes a consumer. */
    public void deleteConsumer(String consumer) {
        consumer(consumer).delete();
    }

    /** The names of all consumers. Asks when it is iterated, 1024 at a time. */
    public Listing<String> consumerNames() {
        return Lists.of(
                api, cannot("list consumers of"), "CONSUMER.NAMES." + name, Map.of(), "consumers", Kind.TEXT.list());
    }

    /** All consumers. Asks when it is iterated, 256 at a time. */
    public Listing<ConsumerInfo> consumers() {
        Kind<List<ConsumerInfo>> kind = Kind.object(ConsumerInfo.SCHEMA).list();
        return Lists.of(api, cannot("list consumers of"), "CONSUMER.LIST." + name, Map.of(), "consumers", kind);
    }

    /** Takes a snapshot with the default options; see {@link #snapshot(WritableByteChannel, SnapshotOptions)}. */
    public StreamSnapshot snapshot(WritableByteChannel to) throws IOException {
        return snapshot(to, SnapshotOptions.DEFAULTS);
    }

    /**
     * Writes all that the stream holds to a channel, from which {@link JetStream#restoreStream} makes it again. What is
     * returned is needed for that too; keep its {@link StreamSnapshot#toJson}. Holds some megabytes in memory at most, however
     * large the stream is; blocks until all is written, and waits for each chunk for at most {@link JetStreamOptions#timeout}.
     * Older servers, 2.9 among them, have none of a stream in memory.
     *
     * <p>The channel is to take a chunk within some seconds, as the server gives up else. What was written before a failure is no
     * snapshot. A loss of the server is a failure.
     *
     * @throws IOException if the channel throws it
     */
    public StreamSnapshot snapshot(WritableByteChannel to, SnapshotOptions options) throws IOException {
        return Snapshots.save(api, name, to, options);
    }

    /** Has the leader make way for another replica. Refused by a server that is in no cluster. */
    public void stepDownLeader() {
        api.ask(cannot("step down the leader of"), "STREAM.LEADER.STEPDOWN." + name);
    }

    /** Has the leader make way for a replica of a placement; {@link Placement.Builder#preferred} names it. Servers from 2.11 on. */
    public void stepDownLeader(Placement placement) {
        String what = cannot("step down the leader of");
        api.require(what, "placement", Since.V2_11);
        api.ask(what, "STREAM.LEADER.STEPDOWN." + name, Map.of("placement", placement.tree()));
    }

    /**
     * Takes the stream and its consumers off a server, for which another one comes in if there is one. Refused by a server that is
     * in no cluster.
     *
     * @param peer the name of the server, or its id
     */
    public void removePeer(String peer) {
        api.ask(cannot("remove peer " + peer + " of"), "STREAM.PEER.REMOVE." + name, Map.of("peer", peer));
    }

    private String cannot(String verb) {
        return "cannot " + verb + " stream " + name;
    }

    @Override
    public String toString() {
        return "Stream " + name;
    }
}
