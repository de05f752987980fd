// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static dev.midge.jetstream.StreamConfig.ALLOW_ATOMIC;
import static dev.midge.jetstream.StreamConfig.ALLOW_BATCHED;
import static dev.midge.jetstream.StreamConfig.ALLOW_DIRECT;
import static dev.midge.jetstream.StreamConfig.ALLOW_MSG_COUNTER;
import static dev.midge.jetstream.StreamConfig.ALLOW_MSG_SCHEDULES;
import static dev.midge.jetstream.StreamConfig.ALLOW_MSG_TTL;
import static dev.midge.jetstream.StreamConfig.ALLOW_ROLLUP_HDRS;
import static dev.midge.jetstream.StreamConfig.COMPRESSION;
import static dev.midge.jetstream.StreamConfig.CONSUMER_LIMITS;
import static dev.midge.jetstream.StreamConfig.DENY_DELETE;
import static dev.midge.jetstream.StreamConfig.DENY_PURGE;
import static dev.midge.jetstream.StreamConfig.DESCRIPTION;
import static dev.midge.jetstream.StreamConfig.DISCARD;
import static dev.midge.jetstream.StreamConfig.DISCARD_NEW_PER_SUBJECT;
import static dev.midge.jetstream.StreamConfig.DUPLICATE_WINDOW;
import static dev.midge.jetstream.StreamConfig.FIRST_SEQ;
import static dev.midge.jetstream.StreamConfig.MAX_AGE;
import static dev.midge.jetstream.StreamConfig.MAX_BYTES;
import static dev.midge.jetstream.StreamConfig.MAX_CONSUMERS;
import static dev.midge.jetstream.StreamConfig.MAX_MSGS;
import static dev.midge.jetstream.StreamConfig.MAX_MSGS_PER_SUBJECT;
import static dev.midge.jetstream.StreamConfig.MAX_MSG_SIZE;
import static dev.midge.jetstream.StreamConfig.METADATA;
import static dev.midge.jetstream.StreamConfig.MIRROR;
import static dev.midge.jetstream.StreamConfig.MIRROR_DIRECT;
import static dev.midge.jetstream.StreamConfig.NO_ACK;
import static dev.midge.jetstream.StreamConfig.NUM_REPLICAS;
import static dev.midge.jetstream.StreamConfig.PERSIST_MODE;
import static dev.midge.jetstream.StreamConfig.PLACEMENT;
import static dev.midge.jetstream.StreamConfig.REPUBLISH;
import static dev.midge.jetstream.StreamConfig.RETENTION;
import static dev.midge.jetstream.StreamConfig.SEALED;
import static dev.midge.jetstream.StreamConfig.SOURCES;
import static dev.midge.jetstream.StreamConfig.STORAGE;
import static dev.midge.jetstream.StreamConfig.SUBJECTS;
import static dev.midge.jetstream.StreamConfig.SUBJECT_DELETE_MARKER_TTL;
import static dev.midge.jetstream.StreamConfig.SUBJECT_TRANSFORM;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects a {@link StreamConfig}. Methods throw IllegalArgumentException for a value that is wrong whatever the others are.
 * A value that is what a server takes for none (0, false, an empty list) is left out. Not thread-safe.
 */
public final class StreamConfigBuilder extends ApiBuilder<StreamConfigBuilder> {
    StreamConfigBuilder(Map<String, ? extends @Nullable Object> held) {
        super(held);
    }

    @Override
    StreamConfigBuilder self() {
        return this;
    }

    /** What it is for, at most 4096 bytes. */
    public StreamConfigBuilder description(@Nullable String text) {
        Rules.description(DESCRIPTION, text);
        return set(DESCRIPTION, text);
    }

    /** The subjects it stores, with wildcards or without, in place of those set before. */
    public StreamConfigBuilder subjects(String... subjects) {
        return subjects(List.of(subjects));
    }

    /** As {@link #subjects(String...)}. */
    public StreamConfigBuilder subjects(List<String> subjects) {
        Rules.filters(SUBJECTS, subjects);
        return setAll(SUBJECTS, subjects);
    }

    /** Until when it keeps messages, limits apart. */
    public StreamConfigBuilder retention(RetentionPolicy policy) {
        return set(RETENTION, policy);
    }

    /** How many consumers it may have; -1 for as many as the account may have. */
    public StreamConfigBuilder maxConsumers(long consumers) {
        return setWhole(MAX_CONSUMERS, consumers, -1);
    }

    /** How many messages it keeps; -1 for no limit. */
    public StreamConfigBuilder maxMsgs(long messages) {
        return setWhole(MAX_MSGS, messages, -1);
    }

    /** How many bytes it keeps; -1 for no limit. */
    public StreamConfigBuilder maxBytes(long bytes) {
        return setWhole(MAX_BYTES, bytes, -1);
    }

    /** How long it keeps messages, 100 ms at least; 0 for no limit. */
    public StreamConfigBuilder maxAge(Duration age) {
        return setDuration(MAX_AGE, age);
    }

    /** How many messages of a subject it keeps; -1 for no limit. */
    public StreamConfigBuilder maxMsgsPerSubject(long messages) {
        return setWhole(MAX_MSGS_PER_SUBJECT, messages, -1);
    }

    /** How many bytes, header block and payload, a message may have; -1 for no limit. */
    public StreamConfigBuilder maxMsgSize(int bytes) {
        Rules.require(bytes >= -1, MAX_MSG_SIZE, bytes, "must be at least -1, which is no limit");
        return set(MAX_MSG_SIZE, bytes);
    }

    /** What it does with a message that is over its limits. */
    public StreamConfigBuilder discard(DiscardPolicy policy) {
        return set(DISCARD, policy);
    }

    /** Where it keeps its messages. */
    public StreamConfigBuilder storage(StorageType type) {
        return set(STORAGE, type);
    }

    /** On how many servers it is, 1 to 5. */
    public StreamConfigBuilder numReplicas(int replicas) {
        Rules.require(
                replicas >= 0 && replicas <= Rules.MAX_REPLICAS,
                NUM_REPLICAS,
                replicas,
                "must be 1 to " + Rules.MAX_REPLICAS + ", or 0 for the default");
        return set(NUM_REPLICAS, replicas);
    }

    /** Whether it does without acknowledging what is published to it. */
    public StreamConfigBuilder noAck(boolean value) {
        return set(NO_ACK, value);
    }

    /** For how long it remembers message ids: 100 ms at least, max_age at most. */
    public StreamConfigBuilder duplicateWindow(Duration window) {
        return setDuration(DUPLICATE_WINDOW, window);
    }

    /** On which servers it should be; null for any. */
    public StreamConfigBuilder placement(@Nullable Placement placement) {
        return set(PLACEMENT, placement);
    }

    /** The stream that it is to be a copy of; null for none, which makes a mirror a stream of its own (servers from 2.12 on). */
    public StreamConfigBuilder mirror(@Nullable StreamSource origin) {
        return set(MIRROR, origin);
    }

    /** The streams whose messages it takes in, in place of those set before. */
    public StreamConfigBuilder sources(StreamSource... sources) {
        return sources(List.of(sources));
    }

    /** As {@link #sources(StreamSource...)}. */
    public StreamConfigBuilder sources(List<StreamSource> sources) {
        return setAll(SOURCES, sources);
    }

    /** How its files are compressed. */
    public StreamConfigBuilder compression(StoreCompression compression) {
        return set(COMPRESSION, compression);
    }

    /** The sequence number of its first message. */
    public StreamConfigBuilder firstSeq(long sequence) {
        return setWhole(FIRST_SEQ, sequence, 0);
    }

    /** How subjects are changed before messages are stored; null for not at all. */
    public StreamConfigBuilder subjectTransform(@Nullable SubjectTransform transform) {
        return set(SUBJECT_TRANSFORM, transform);
    }

    /** Where messages are published again once they are stored; null for nowhere. */
    public StreamConfigBuilder republish(@Nullable Republish republish) {
        return set(REPUBLISH, republish);
    }

    /** Whether every replica answers direct gets. */
    public StreamConfigBuilder allowDirect(boolean value) {
        return set(ALLOW_DIRECT, value);
    }

    /** Whether, being a mirror, it answers direct gets for its origin. */
    public StreamConfigBuilder mirrorDirect(boolean value) {
        return set(MIRROR_DIRECT, value);
    }

    /** Whether a message over the limit of its subject is refused. */
    public StreamConfigBuilder discardNewPerSubject(boolean value) {
        return set(DISCARD_NEW_PER_SUBJECT, value);
    }

    /** Whether nothing can be added or removed any more; cannot be taken back. */
    public StreamConfigBuilder sealed(boolean value) {
        return set(SEALED, value);
    }

    /** Whether single messages cannot be deleted; cannot be taken back. */
    public StreamConfigBuilder denyDelete(boolean value) {
        return set(DENY_DELETE, value);
    }

    /** Whether it cannot be purged; cannot be taken back. */
    public StreamConfigBuilder denyPurge(boolean value) {
        return set(DENY_PURGE, value);
    }

    /** Whether a message may take the place of all before it. */
    public StreamConfigBuilder allowRollupHdrs(boolean value) {
        return set(ALLOW_ROLLUP_HDRS, value);
    }

    /** What its consumers get where they do not say, and what they may have at most; null for no limits. */
    public StreamConfigBuilder consumerLimits(@Nullable ConsumerLimits limits) {
        return set(CONSUMER_LIMITS, limits);
    }

    /** Whether messages may have a time to live of their own. Servers from 2.11 on. */
    public StreamConfigBuilder allowMsgTtl(boolean value) {
        return set(ALLOW_MSG_TTL, value);
    }

    /** How long a marker stays for a subject whose last message was removed by age, 1 s at least. Servers from 2.11 on. */
    public StreamConfigBuilder subjectDeleteMarkerTtl(Duration ttl) {
        return setDuration(SUBJECT_DELETE_MARKER_TTL, ttl);
    }

    /** Whether it counts; when the stream is made only. Servers from 2.12 on. */
    public StreamConfigBuilder allowMsgCounter(boolean value) {
        return set(ALLOW_MSG_COUNTER, value);
    }

    /** Whether batches may be published as one. Servers from 2.12 on. */
    public StreamConfigBuilder allowAtomic(boolean value) {
        return set(ALLOW_ATOMIC, value);
    }

    /** Whether messages may be published to be sent later. Servers from 2.12 on. */
    public StreamConfigBuilder allowMsgSchedules(boolean value) {
        return set(ALLOW_MSG_SCHEDULES, value);
    }

    /** When it acknowledges; when the stream is made only. Servers from 2.12 on. */
    public StreamConfigBuilder persistMode(PersistMode mode) {
        return set(PERSIST_MODE, mode);
    }

    /** Whether it takes fast batches. Servers from 2.14 on. */
    public StreamConfigBuilder allowBatched(boolean value) {
        return set(ALLOW_BATCHED, value);
    }

    /** What to attach to it, in place of what was: 128 KiB of keys and values at most. Servers from 2.10 on. */
    public StreamConfigBuilder metadata(Map<String, String> metadata) {
        Rules.metadata(METADATA, metadata);
        return set(METADATA, Map.copyOf(metadata));
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if fields do not go together
     */
    public StreamConfig build() {
        StreamConfig config = StreamConfig.SCHEMA.of(held());
        StreamRules.check(config);
        return config;
    }
}
