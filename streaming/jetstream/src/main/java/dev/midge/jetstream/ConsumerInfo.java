// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as it is: {@code struct ConsumerInfo} in nats-server's consumer.go.
 */
public final class ConsumerInfo extends ApiObject {
    static final Schema<ConsumerInfo> SCHEMA = new Schema<>(ConsumerInfo.class, "consumer info", ConsumerInfo::new);

    private static final Field<String> STREAM_NAME = SCHEMA.text("stream_name", "");
    private static final Field<String> NAME = SCHEMA.text("name", "");
    private static final Field<Instant> CREATED = SCHEMA.time("created");
    private static final Field<ConsumerConfig> CONFIG = SCHEMA.member("config", ConsumerConfig.SCHEMA);
    private static final Field<SequenceInfo> DELIVERED = SCHEMA.member("delivered", SequenceInfo.SCHEMA);
    private static final Field<SequenceInfo> ACK_FLOOR = SCHEMA.member("ack_floor", SequenceInfo.SCHEMA);
    private static final Field<Long> NUM_ACK_PENDING = SCHEMA.whole("num_ack_pending");
    private static final Field<Long> NUM_REDELIVERED = SCHEMA.whole("num_redelivered");
    private static final Field<Long> NUM_WAITING = SCHEMA.whole("num_waiting");
    private static final Field<Long> NUM_PENDING = SCHEMA.whole("num_pending");
    private static final Field<ClusterInfo> CLUSTER = SCHEMA.object("cluster", ClusterInfo.SCHEMA);
    private static final Field<Boolean> PUSH_BOUND = SCHEMA.flag("push_bound");
    private static final Field<Boolean> PAUSED = SCHEMA.flag("paused");
    private static final Field<Duration> PAUSE_REMAINING = SCHEMA.duration("pause_remaining");
    private static final Field<Instant> TS = SCHEMA.time("ts");
    private static final Field<List<PriorityGroupState>> PRIORITY_GROUPS =
            SCHEMA.objects("priority_groups", PriorityGroupState.SCHEMA);
    private static final Field<Long> RESET_SEQ = SCHEMA.whole("reset_seq");

    private ConsumerInfo(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** The name of its stream. */
    public String streamName() {
        return get(STREAM_NAME);
    }

    /** Its name. */
    public String name() {
        return get(NAME);
    }

    /** When it was made. */
    public @Nullable Instant created() {
        return find(CREATED);
    }

    /** How it is configured. */
    public ConsumerConfig config() {
        return get(CONFIG);
    }

    /** The last message that was delivered. */
    public SequenceInfo delivered() {
        return get(DELIVERED);
    }

    /** The last message up to which all have been acknowledged. */
    public SequenceInfo ackFloor() {
        return get(ACK_FLOOR);
    }

    /** How many messages wait to be acknowledged. */
    public long numAckPending() {
        return get(NUM_ACK_PENDING);
    }

    /** How many messages were delivered again and wait to be acknowledged. */
    public long numRedelivered() {
        return get(NUM_REDELIVERED);
    }

    /** How many pull requests wait. */
    public long numWaiting() {
        return get(NUM_WAITING);
    }

    /** How many messages are yet to be delivered. */
    public long numPending() {
        return get(NUM_PENDING);
    }

    /** On which servers it is, or null. */
    public @Nullable ClusterInfo cluster() {
        return find(CLUSTER);
    }

    /** Whether somebody is subscribed to its delivery subject. */
    public boolean pushBound() {
        return get(PUSH_BOUND);
    }

    /** Whether it is paused. */
    public boolean paused() {
        return get(PAUSED);
    }

    /** For how long yet. */
    public Duration pauseRemaining() {
        return get(PAUSE_REMAINING);
    }

    /** When this was true. */
    public @Nullable Instant ts() {
        return find(TS);
    }

    /** Its priority groups. */
    public List<PriorityGroupState> priorityGroups() {
        return get(PRIORITY_GROUPS);
    }

    /** Where it starts anew, in the answer to a reset; else 0. */
    public long resetSeq() {
        return get(RESET_SEQ);
    }
}
