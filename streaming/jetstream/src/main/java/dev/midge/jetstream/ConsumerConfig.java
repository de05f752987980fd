// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer is to be, or is: {@code struct ConsumerConfig} in nats-server's consumer.go, with the names of the wire.
 *
 * <p>What is not set is left to the server. What a server of any version refuses fails in {@link ConsumerConfigBuilder#build} with field,
 * value and rule; what depends on the server or the stream fails as {@link JetStreamApiException}. A field that the server is
 * too old for, which it might ignore without a word, fails as {@link ServerTooOldException}.
 */
public final class ConsumerConfig extends ApiObject {
    static final Schema<ConsumerConfig> SCHEMA =
            new Schema<>(ConsumerConfig.class, "consumer config", ConsumerConfig::new);

    static final Field<String> DURABLE_NAME = SCHEMA.text("durable_name");
    static final Field<String> NAME = SCHEMA.text("name");
    static final Field<String> DESCRIPTION = SCHEMA.text("description");
    static final Field<DeliverPolicy> DELIVER_POLICY = SCHEMA.choice("deliver_policy", DeliverPolicy.ALL);
    static final Field<Long> OPT_START_SEQ = SCHEMA.whole("opt_start_seq");
    static final Field<Instant> OPT_START_TIME = SCHEMA.time("opt_start_time");
    static final Field<AckPolicy> ACK_POLICY =
            SCHEMA.choice("ack_policy", AckPolicy.NONE).since(Since.V2_14, AckPolicy.FLOW_CONTROL);
    static final Field<Duration> ACK_WAIT = SCHEMA.duration("ack_wait");
    static final Field<Long> MAX_DELIVER = SCHEMA.whole("max_deliver", -1);
    static final Field<List<Duration>> BACKOFF = SCHEMA.durations("backoff");
    static final Field<String> FILTER_SUBJECT = SCHEMA.text("filter_subject");
    static final Field<List<String>> FILTER_SUBJECTS =
            SCHEMA.texts("filter_subjects").since(Since.V2_10);
    static final Field<ReplayPolicy> REPLAY_POLICY = SCHEMA.choice("replay_policy", ReplayPolicy.INSTANT);
    static final Field<Long> RATE_LIMIT_BPS = SCHEMA.whole("rate_limit_bps");
    static final Field<String> SAMPLE_FREQ = SCHEMA.text("sample_freq");
    static final Field<Long> MAX_WAITING = SCHEMA.whole("max_waiting");
    static final Field<Long> MAX_ACK_PENDING = SCHEMA.whole("max_ack_pending");
    static final Field<Boolean> FLOW_CONTROL = SCHEMA.flag("flow_control");
    static final Field<Boolean> HEADERS_ONLY = SCHEMA.flag("headers_only");
    static final Field<Long> MAX_BATCH = SCHEMA.whole("max_batch");
    static final Field<Duration> MAX_EXPIRES = SCHEMA.duration("max_expires");
    static final Field<Long> MAX_BYTES = SCHEMA.whole("max_bytes");
    static final Field<String> DELIVER_SUBJECT = SCHEMA.text("deliver_subject");
    static final Field<String> DELIVER_GROUP = SCHEMA.text("deliver_group");
    static final Field<Duration> IDLE_HEARTBEAT = SCHEMA.duration("idle_heartbeat");
    static final Field<Duration> INACTIVE_THRESHOLD = SCHEMA.duration("inactive_threshold");
    static final Field<Integer> NUM_REPLICAS = SCHEMA.number("num_replicas", 0);
    static final Field<Boolean> MEM_STORAGE = SCHEMA.flag("mem_storage");
    static final Field<Boolean> DIRECT = SCHEMA.flag("direct");
    static final Field<Boolean> SOURCING = SCHEMA.flag("sourcing");
    static final Field<Map<String, String>> METADATA =
            SCHEMA.textMap("metadata").since(Since.V2_10);
    static final Field<Instant> PAUSE_UNTIL = SCHEMA.time("pause_until").since(Since.V2_11);
    static final Field<List<String>> PRIORITY_GROUPS =
            SCHEMA.texts("priority_groups").since(Since.V2_11);
    static final Field<PriorityPolicy> PRIORITY_POLICY =
            SCHEMA.choice("priority_policy", PriorityPolicy.NONE).since(Since.V2_12, PriorityPolicy.PRIORITIZED);
    static final Field<Duration> PRIORITY_TIMEOUT =
            SCHEMA.duration("priority_timeout").since(Since.V2_11);

    private ConsumerConfig(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** A builder for a pull consumer of which every message is to be acknowledged. */
    public static ConsumerConfigBuilder builder() {
        return new ConsumerConfigBuilder(Map.of(ACK_POLICY.name(), AckPolicy.EXPLICIT));
    }

    /**
     * Reads a configuration from JSON; unknown fields are kept.
     *
     * @throws JetStreamException if it is not a JSON object, or a field is not of its type
     */
    public static ConsumerConfig fromJson(String json) {
        return SCHEMA.parse(json.getBytes(UTF_8));
    }

    /** A builder that has all of this, fields of newer servers included. */
    public ConsumerConfigBuilder toBuilder() {
        return new ConsumerConfigBuilder(held());
    }

    /** The name, if it is to stay when nobody uses it, or null. */
    public @Nullable String durable() {
        return find(DURABLE_NAME);
    }

    /** The name; null in a configuration that leaves it open. */
    public @Nullable String name() {
        return find(NAME);
    }

    /** What it is for, or null. */
    public @Nullable String description() {
        return find(DESCRIPTION);
    }

    /** Which message it starts with. */
    public DeliverPolicy deliverPolicy() {
        return get(DELIVER_POLICY);
    }

    /** The sequence number it starts with; 0 if none was given. */
    public long optStartSeq() {
        return get(OPT_START_SEQ);
    }

    /** From when on messages are delivered, or null. */
    public @Nullable Instant optStartTime() {
        return find(OPT_START_TIME);
    }

    /** What it expects to be acknowledged. */
    public AckPolicy ackPolicy() {
        return get(ACK_POLICY);
    }

    /** After how long without an acknowledgement a message is delivered again; 0 if that is left to the server, 30 s. */
    public Duration ackWait() {
        return get(ACK_WAIT);
    }

    /** How often a message is delivered; -1 for no limit. */
    public long maxDeliver() {
        return get(MAX_DELIVER);
    }

    /** After how long it is delivered again, time by time, in place of ack_wait. */
    public List<Duration> backoff() {
        return get(BACKOFF);
    }

    /** Which subjects are delivered, or null for all, or for {@link #filterSubjects}. */
    public @Nullable String filterSubject() {
        return find(FILTER_SUBJECT);
    }

    /** Which subjects are delivered, if there are several. */
    public List<String> filterSubjects() {
        return get(FILTER_SUBJECTS);
    }

    /** How fast it gets what has been stored. */
    public ReplayPolicy replayPolicy() {
        return get(REPLAY_POLICY);
    }

    /** How many bits a second are delivered at most; 0 for no limit. */
    public long rateLimitBps() {
        return get(RATE_LIMIT_BPS);
    }

    /** Of how many percent of the messages the server tells when they are acknowledged, as 30 or 30%, or null for none. */
    public @Nullable String sampleFreq() {
        return find(SAMPLE_FREQ);
    }

    /** How many pull requests may wait; 0 if that is left to the server, 512. */
    public long maxWaiting() {
        return get(MAX_WAITING);
    }

    /** How many messages may wait to be acknowledged; -1 for no limit, 0 if that is left to the server, 1000. */
    public long maxAckPending() {
        return get(MAX_ACK_PENDING);
    }

    /** Whether its subscriber is asked how far it is. */
    public boolean flowControl() {
        return get(FLOW_CONTROL);
    }

    /** Whether messages are delivered without their payload. */
    public boolean headersOnly() {
        return get(HEADERS_ONLY);
    }

    /** How many messages a pull request may ask for; 0 for no limit. */
    public long maxBatch() {
        return get(MAX_BATCH);
    }

    /** For how long a pull request may wait; 0 for no limit. */
    public Duration maxExpires() {
        return get(MAX_EXPIRES);
    }

    /** How many bytes a pull request may ask for; 0 for no limit. */
    public long maxBytes() {
        return get(MAX_BYTES);
    }

    /** The subject that messages are pushed to, or null for a pull consumer. */
    public @Nullable String deliverSubject() {
        return find(DELIVER_SUBJECT);
    }

    /** The queue group that messages are pushed to, or null. */
    public @Nullable String deliverGroup() {
        return find(DELIVER_GROUP);
    }

    /** After how long without a message the server says that it is alive; 0 for never. */
    public Duration idleHeartbeat() {
        return get(IDLE_HEARTBEAT);
    }

    /** After how long without use it is removed; 0 if that is left to the server. */
    public Duration inactiveThreshold() {
        return get(INACTIVE_THRESHOLD);
    }

    /** On how many servers it is; 0 for as many as its stream. */
    public int numReplicas() {
        return get(NUM_REPLICAS);
    }

    /** Whether its state is kept in memory, whatever the stream does. */
    public boolean memStorage() {
        return get(MEM_STORAGE);
    }

    /** Whether it is one of a mirror or source; servers set this. */
    public boolean direct() {
        return get(DIRECT);
    }

    /** Whether it is one that a source reads through; servers set this. */
    public boolean sourcing() {
        return get(SOURCING);
    }

    /** What users, and under names that start with {@code _nats.} servers, attached to it. */
    public Map<String, String> metadata() {
        return get(METADATA);
    }

    /** Until when it is paused, or null. */
    public @Nullable Instant pauseUntil() {
        return find(PAUSE_UNTIL);
    }

    /** Its priority groups. */
    public List<String> priorityGroups() {
        return get(PRIORITY_GROUPS);
    }

    /** Which of its clients gets messages. */
    public PriorityPolicy priorityPolicy() {
        return get(PRIORITY_POLICY);
    }

    /** After how long without a request a pinned client loses its pin; 0 if that is left to the server, 2 minutes. */
    public Duration priorityTimeout() {
        return get(PRIORITY_TIMEOUT);
    }
}
