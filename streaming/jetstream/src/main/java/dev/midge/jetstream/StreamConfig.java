// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a stream is to be, or is: {@code struct StreamConfig} in nats-server's stream.go, with the names of the wire.
 *
 * <p>What is not set is left to the server, whose defaults the getters give. What a server of any version refuses fails
 * in {@link StreamConfigBuilder#build} with field, value and rule; what depends on the server fails as {@link JetStreamApiException}.
 * A field that the server is too old for, which it might ignore without a word, fails as {@link ServerTooOldException}.
 */
public final class StreamConfig extends ApiObject {
    static final Schema<StreamConfig> SCHEMA = new Schema<>(StreamConfig.class, "stream config", StreamConfig::new);

    static final Field<String> NAME = SCHEMA.text("name", "");
    static final Field<String> DESCRIPTION = SCHEMA.text("description");
    static final Field<List<String>> SUBJECTS = SCHEMA.texts("subjects");
    static final Field<RetentionPolicy> RETENTION = SCHEMA.choice("retention", RetentionPolicy.LIMITS);
    static final Field<Long> MAX_CONSUMERS = SCHEMA.whole("max_consumers", -1);
    static final Field<Long> MAX_MSGS = SCHEMA.whole("max_msgs", -1);
    static final Field<Long> MAX_BYTES = SCHEMA.whole("max_bytes", -1);
    static final Field<Duration> MAX_AGE = SCHEMA.duration("max_age");
    static final Field<Long> MAX_MSGS_PER_SUBJECT = SCHEMA.whole("max_msgs_per_subject", -1);
    static final Field<Integer> MAX_MSG_SIZE = SCHEMA.number("max_msg_size", -1);
    static final Field<DiscardPolicy> DISCARD = SCHEMA.choice("discard", DiscardPolicy.OLD);
    static final Field<StorageType> STORAGE = SCHEMA.choice("storage", StorageType.FILE);
    static final Field<Integer> NUM_REPLICAS = SCHEMA.number("num_replicas", 1);
    static final Field<Boolean> NO_ACK = SCHEMA.flag("no_ack");
    static final Field<Duration> DUPLICATE_WINDOW = SCHEMA.duration("duplicate_window");
    static final Field<Placement> PLACEMENT = SCHEMA.object("placement", Placement.SCHEMA);
    static final Field<StreamSource> MIRROR = SCHEMA.object("mirror", StreamSource.SCHEMA);
    static final Field<List<StreamSource>> SOURCES = SCHEMA.objects("sources", StreamSource.SCHEMA);
    static final Field<StoreCompression> COMPRESSION =
            SCHEMA.choice("compression", StoreCompression.NONE).since(Since.V2_10, StoreCompression.S2);
    static final Field<Long> FIRST_SEQ = SCHEMA.whole("first_seq").since(Since.V2_10);
    static final Field<SubjectTransform> SUBJECT_TRANSFORM =
            SCHEMA.object("subject_transform", SubjectTransform.SCHEMA).since(Since.V2_10);
    static final Field<Republish> REPUBLISH = SCHEMA.object("republish", Republish.SCHEMA);
    static final Field<Boolean> ALLOW_DIRECT = SCHEMA.flag("allow_direct");
    static final Field<Boolean> MIRROR_DIRECT = SCHEMA.flag("mirror_direct");
    static final Field<Boolean> DISCARD_NEW_PER_SUBJECT = SCHEMA.flag("discard_new_per_subject");
    static final Field<Boolean> SEALED = SCHEMA.flag("sealed");
    static final Field<Boolean> DENY_DELETE = SCHEMA.flag("deny_delete");
    static final Field<Boolean> DENY_PURGE = SCHEMA.flag("deny_purge");
    static final Field<Boolean> ALLOW_ROLLUP_HDRS = SCHEMA.flag("allow_rollup_hdrs");
    static final Field<ConsumerLimits> CONSUMER_LIMITS = SCHEMA.member("consumer_limits", ConsumerLimits.SCHEMA);
    static final Field<Boolean> ALLOW_MSG_TTL = SCHEMA.flag("allow_msg_ttl").since(Since.V2_11);
    static final Field<Duration> SUBJECT_DELETE_MARKER_TTL =
            SCHEMA.duration("subject_delete_marker_ttl").since(Since.V2_11);
    static final Field<Boolean> ALLOW_MSG_COUNTER =
            SCHEMA.flag("allow_msg_counter").since(Since.V2_12);
    static final Field<Boolean> ALLOW_ATOMIC = SCHEMA.flag("allow_atomic").since(Since.V2_12);
    static final Field<Boolean> ALLOW_MSG_SCHEDULES =
            SCHEMA.flag("allow_msg_schedules").since(Since.V2_12);
    static final Field<PersistMode> PERSIST_MODE =
            SCHEMA.choice("persist_mode", PersistMode.DEFAULT).since(Since.V2_12, PersistMode.ASYNC);
    static final Field<Boolean> ALLOW_BATCHED = SCHEMA.flag("allow_batched").since(Since.V2_14);
    static final Field<Map<String, String>> METADATA =
            SCHEMA.textMap("metadata").since(Since.V2_10);

    private StreamConfig(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /**
     * A builder for a stream of a name.
     *
     * @throws IllegalArgumentException if it is not 1 to 255 bytes without blanks, control characters and . * &gt; / \
     */
    public static StreamConfigBuilder builder(String name) {
        return new StreamConfigBuilder(Map.of(NAME.name(), Rules.name(NAME, name)));
    }

    /**
     * Reads a configuration from JSON; unknown fields are kept.
     *
     * @throws JetStreamException if it is not a JSON object, or a field is not of its type
     */
    public static StreamConfig fromJson(String json) {
        return SCHEMA.parse(json.getBytes(UTF_8));
    }

    /** A builder that has all of this, fields of newer servers included. */
    public StreamConfigBuilder toBuilder() {
        return new StreamConfigBuilder(held());
    }

    /** The name. */
    public String name() {
        return get(NAME);
    }

    /** What it is for, or null. */
    public @Nullable String description() {
        return find(DESCRIPTION);
    }

    /** The subjects it stores, which may have wildcards; a new stream without mirror and sources stores its name. */
    public List<String> subjects() {
        return get(SUBJECTS);
    }

    /** Until when it keeps messages, limits apart. */
    public RetentionPolicy retention() {
        return get(RETENTION);
    }

    /** How many consumers it may have; -1 for as many as the account may have. */
    public long maxConsumers() {
        return get(MAX_CONSUMERS);
    }

    /** How many messages it keeps; -1 for no limit. */
    public long maxMsgs() {
        return get(MAX_MSGS);
    }

    /** How many bytes it keeps; -1 for no limit. */
    public long maxBytes() {
        return get(MAX_BYTES);
    }

    /** How long it keeps messages; 0 for no limit. */
    public Duration maxAge() {
        return get(MAX_AGE);
    }

    /** How many messages of a subject it keeps; -1 for no limit. */
    public long maxMsgsPerSubject() {
        return get(MAX_MSGS_PER_SUBJECT);
    }

    /** How many bytes, header block and payload, a message may have; -1 for no limit. */
    public int maxMsgSize() {
        return get(MAX_MSG_SIZE);
    }

    /** What it does with a message that is over its limits. */
    public DiscardPolicy discard() {
        return get(DISCARD);
    }

    /** Where it keeps its messages. */
    public StorageType storage() {
        return get(STORAGE);
    }

    /** On how many servers it is. */
    public int numReplicas() {
        return get(NUM_REPLICAS);
    }

    /** Whether it does without acknowledging what is published to it. */
    public boolean noAck() {
        return get(NO_ACK);
    }

    /** For how long it remembers message ids; 0 if that is left to the server, 2 minutes mostly. */
    public Duration duplicateWindow() {
        return get(DUPLICATE_WINDOW);
    }

    /** On which servers it should be, or null. */
    public @Nullable Placement placement() {
        return find(PLACEMENT);
    }

    /** The stream that it is a copy of, or null. */
    public @Nullable StreamSource mirror() {
        return find(MIRROR);
    }

    /** The streams whose messages it takes in. */
    public List<StreamSource> sources() {
        return get(SOURCES);
    }

    /** How its files are compressed. */
    public StoreCompression compression() {
        return get(COMPRESSION);
    }

    /** The sequence number of its first message; 0 for 1. */
    public long firstSeq() {
        return get(FIRST_SEQ);
    }

    /** How subjects are changed before messages are stored, or null. */
    public @Nullable SubjectTransform subjectTransform() {
        return find(SUBJECT_TRANSFORM);
    }

    /** Where messages are published again once they are stored, or null. */
    public @Nullable Republish republish() {
        return find(REPUBLISH);
    }

    /** Whether every replica answers direct gets. */
    public boolean allowDirect() {
        return get(ALLOW_DIRECT);
    }

    /** Whether, being a mirror, it answers direct gets for its origin. */
    public boolean mirrorDirect() {
        return get(MIRROR_DIRECT);
    }

    /** Whether a message over the limit of its subject is refused. */
    public boolean discardNewPerSubject() {
        return get(DISCARD_NEW_PER_SUBJECT);
    }

    /** Whether nothing can be added or removed any more. */
    public boolean sealed() {
        return get(SEALED);
    }

    /** Whether single messages cannot be deleted. */
    public boolean denyDelete() {
        return get(DENY_DELETE);
    }

    /** Whether it cannot be purged. */
    public boolean denyPurge() {
        return get(DENY_PURGE);
    }

    /** Whether a message may take the place of all before it. */
    public boolean allowRollupHdrs() {
        return get(ALLOW_ROLLUP_HDRS);
    }

    /** What its consumers get where they do not say, and what they may have at most. */
    public ConsumerLimits consumerLimits() {
        return get(CONSUMER_LIMITS);
    }

    /** Whether messages may have a time to live of their own. */
    public boolean allowMsgTtl() {
        return get(ALLOW_MSG_TTL);
    }

    /** How long a marker stays for a subject whose last message was removed by age; 0 for none. */
    public Duration subjectDeleteMarkerTtl() {
        return get(SUBJECT_DELETE_MARKER_TTL);
    }

    /** Whether it counts: messages are increments, ADR-49. */
    public boolean allowMsgCounter() {
        return get(ALLOW_MSG_COUNTER);
    }

    /** Whether batches may be published as one, ADR-50. */
    public boolean allowAtomic() {
        return get(ALLOW_ATOMIC);
    }

    /** Whether messages may be published to be sent later, ADR-51. */
    public boolean allowMsgSchedules() {
        return get(ALLOW_MSG_SCHEDULES);
    }

    /** When it acknowledges. */
    public PersistMode persistMode() {
        return get(PERSIST_MODE);
    }

    /** Whether it takes fast batches, ADR-50. */
    public boolean allowBatched() {
        return get(ALLOW_BATCHED);
    }

    /** What users, and under names that start with {@code _nats.} servers, attached to it. */
    public Map<String, String> metadata() {
        return get(METADATA);
    }
}
