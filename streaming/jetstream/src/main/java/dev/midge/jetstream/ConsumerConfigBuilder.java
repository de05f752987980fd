// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static dev.midge.jetstream.ConsumerConfig.ACK_POLICY;
import static dev.midge.jetstream.ConsumerConfig.ACK_WAIT;
import static dev.midge.jetstream.ConsumerConfig.BACKOFF;
import static dev.midge.jetstream.ConsumerConfig.DELIVER_GROUP;
import static dev.midge.jetstream.ConsumerConfig.DELIVER_POLICY;
import static dev.midge.jetstream.ConsumerConfig.DELIVER_SUBJECT;
import static dev.midge.jetstream.ConsumerConfig.DESCRIPTION;
import static dev.midge.jetstream.ConsumerConfig.DURABLE_NAME;
import static dev.midge.jetstream.ConsumerConfig.FILTER_SUBJECT;
import static dev.midge.jetstream.ConsumerConfig.FILTER_SUBJECTS;
import static dev.midge.jetstream.ConsumerConfig.FLOW_CONTROL;
import static dev.midge.jetstream.ConsumerConfig.HEADERS_ONLY;
import static dev.midge.jetstream.ConsumerConfig.IDLE_HEARTBEAT;
import static dev.midge.jetstream.ConsumerConfig.INACTIVE_THRESHOLD;
import static dev.midge.jetstream.ConsumerConfig.MAX_ACK_PENDING;
import static dev.midge.jetstream.ConsumerConfig.MAX_BATCH;
import static dev.midge.jetstream.ConsumerConfig.MAX_BYTES;
import static dev.midge.jetstream.ConsumerConfig.MAX_DELIVER;
import static dev.midge.jetstream.ConsumerConfig.MAX_EXPIRES;
import static dev.midge.jetstream.ConsumerConfig.MAX_WAITING;
import static dev.midge.jetstream.ConsumerConfig.MEM_STORAGE;
import static dev.midge.jetstream.ConsumerConfig.METADATA;
import static dev.midge.jetstream.ConsumerConfig.NAME;
import static dev.midge.jetstream.ConsumerConfig.NUM_REPLICAS;
import static dev.midge.jetstream.ConsumerConfig.OPT_START_SEQ;
import static dev.midge.jetstream.ConsumerConfig.OPT_START_TIME;
import static dev.midge.jetstream.ConsumerConfig.PAUSE_UNTIL;
import static dev.midge.jetstream.ConsumerConfig.PRIORITY_GROUPS;
import static dev.midge.jetstream.ConsumerConfig.PRIORITY_POLICY;
import static dev.midge.jetstream.ConsumerConfig.PRIORITY_TIMEOUT;
import static dev.midge.jetstream.ConsumerConfig.RATE_LIMIT_BPS;
import static dev.midge.jetstream.ConsumerConfig.REPLAY_POLICY;
import static dev.midge.jetstream.ConsumerConfig.SAMPLE_FREQ;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects a {@link ConsumerConfig}. Methods throw IllegalArgumentException for a value that is wrong whatever the others are.
 * A value that is what a server takes for none (0, false, an empty list) is left out. Not thread-safe.
 */
public final class ConsumerConfigBuilder extends ApiBuilder<ConsumerConfigBuilder> {
    /** validGroupName in nats-server's consumer.go. */
    private static final Pattern GROUP = Pattern.compile("[a-zA-Z0-9/_=-]{1,16}");

    ConsumerConfigBuilder(Map<String, ? extends @Nullable Object> held) {
        super(held);
    }

    @Override
    ConsumerConfigBuilder self() {
        return this;
    }

    /** Its name, if it is to stay when nobody uses it. */
    public ConsumerConfigBuilder durable(String name) {
        return set(DURABLE_NAME, Rules.name(DURABLE_NAME, name));
    }

    /** Its name; without one it gets a random one. It stays only if it is durable. */
    public ConsumerConfigBuilder name(String name) {
        return set(NAME, Rules.name(NAME, name));
    }

    /** What it is for, at most 4096 bytes. */
    public ConsumerConfigBuilder description(@Nullable String text) {
        Rules.description(DESCRIPTION, text);
        return set(DESCRIPTION, text);
    }

    /** Which message it starts with. */
    public ConsumerConfigBuilder deliverPolicy(DeliverPolicy policy) {
        return set(DELIVER_POLICY, policy);
    }

    /** The sequence number it starts with; for {@link DeliverPolicy#BY_START_SEQUENCE}. */
    public ConsumerConfigBuilder optStartSeq(long sequence) {
        return setWhole(OPT_START_SEQ, sequence, 0);
    }

    /** From when on messages are delivered; for {@link DeliverPolicy#BY_START_TIME}. */
    public ConsumerConfigBuilder optStartTime(@Nullable Instant time) {
        return setTime(OPT_START_TIME, time);
    }

    /** What it expects to be acknowledged; default each message. */
    public ConsumerConfigBuilder ackPolicy(AckPolicy policy) {
        return set(ACK_POLICY, policy);
    }

    /** After how long without an acknowledgement a message is delivered again; default 30 s. */
    public ConsumerConfigBuilder ackWait(Duration wait) {
        return setDuration(ACK_WAIT, wait);
    }

    /** How often a message is delivered; -1 for no limit. */
    public ConsumerConfigBuilder maxDeliver(long times) {
        return setWhole(MAX_DELIVER, times, -1);
    }

    /** After how long it is delivered again, time by time, in place of ack_wait. */
    public ConsumerConfigBuilder backoff(Duration... waits) {
        return backoff(List.of(waits));
    }

    /** As {@link #backoff(Duration...)}. */
    public ConsumerConfigBuilder backoff(List<Duration> waits) {
        for (Duration wait : waits) {
            Rules.require(!wait.isNegative(), BACKOFF, wait, "must not be negative");
        }
        return setAll(BACKOFF, waits);
    }

    /** Which subjects are delivered; null for all. In place of {@link #filterSubjects}. */
    public ConsumerConfigBuilder filterSubject(@Nullable String subject) {
        if (subject != null) {
            Rules.filter(FILTER_SUBJECT, subject);
            filterSubjects(List.of());
        }
        return set(FILTER_SUBJECT, subject);
    }

    /** Which subjects are delivered: none of them among those of another. Servers from 2.10 on. In place of {@link #filterSubject}. */
    public ConsumerConfigBuilder filterSubjects(String... subjects) {
        return filterSubjects(List.of(subjects));
    }

    /** As {@link #filterSubjects(String...)}. */
    public ConsumerConfigBuilder filterSubjects(List<String> subjects) {
        Rules.filters(FILTER_SUBJECTS, subjects);
        if (!subjects.isEmpty()) {
            filterSubject(null);
        }
        return setAll(FILTER_SUBJECTS, subjects);
    }

    /** How fast it gets what has been stored. */
    public ConsumerConfigBuilder replayPolicy(ReplayPolicy policy) {
        return set(REPLAY_POLICY, policy);
    }

    /** How many bits a second are delivered at most; push consumers only. */
    public ConsumerConfigBuilder rateLimitBps(long bits) {
        return setWhole(RATE_LIMIT_BPS, bits, 0);
    }

    /** Of how many percent of the messages the server tells when they are acknowledged, as 30 or 30%. */
    public ConsumerConfigBuilder sampleFreq(@Nullable String percent) {
        if (percent != null && !percent.matches("\\d{1,9}%?")) {
            throw Rules.broken(SAMPLE_FREQ, percent, "must be a whole number, with or without %");
        }
        return set(SAMPLE_FREQ, percent);
    }

    /** How many pull requests may wait; default 512. */
    public ConsumerConfigBuilder maxWaiting(long requests) {
        return setWhole(MAX_WAITING, requests, 0);
    }

    /** How many messages may wait to be acknowledged; -1 for no limit, default 1000. */
    public ConsumerConfigBuilder maxAckPending(long messages) {
        return setWhole(MAX_ACK_PENDING, messages, -1);
    }

    /** Whether its subscriber is asked how far it is; push consumers with an idle heartbeat only. */
    public ConsumerConfigBuilder flowControl(boolean value) {
        return set(FLOW_CONTROL, value);
    }

    /** Whether messages are delivered without their payload. */
    public ConsumerConfigBuilder headersOnly(boolean value) {
        return set(HEADERS_ONLY, value);
    }

    /** How many messages a pull request may ask for; 0 for no limit. */
    public ConsumerConfigBuilder maxBatch(long messages) {
        return setWhole(MAX_BATCH, messages, 0);
    }

    /** For how long a pull request may wait, 1 ms at least; 0 for no limit. */
    public ConsumerConfigBuilder maxExpires(Duration time) {
        return setDuration(MAX_EXPIRES, time);
    }

    /** How many bytes a pull request may ask for; 0 for no limit. */
    public ConsumerConfigBuilder maxBytes(long bytes) {
        return setWhole(MAX_BYTES, bytes, 0);
    }

    /** The subject that messages are pushed to; null for a pull consumer. */
    public ConsumerConfigBuilder deliverSubject(@Nullable String subject) {
        if (subject != null) {
            Rules.literal(DELIVER_SUBJECT, subject);
        }
        return set(DELIVER_SUBJECT, subject);
    }

    /** The queue group that messages are pushed to; push consumers only. */
    public ConsumerConfigBuilder deliverGroup(@Nullable String group) {
        if (group != null) {
            Rules.queue(DELIVER_GROUP, group);
        }
        return set(DELIVER_GROUP, group);
    }

    /** After how long without a message the server says that it is alive, 100 ms at least; push consumers only. */
    public ConsumerConfigBuilder idleHeartbeat(Duration interval) {
        return setDuration(IDLE_HEARTBEAT, interval);
    }

    /** After how long without use it is removed; default 5 s, and never for a durable one. */
    public ConsumerConfigBuilder inactiveThreshold(Duration time) {
        return setDuration(INACTIVE_THRESHOLD, time);
    }

    /** On how many servers it is; 0 for as many as its stream. */
    public ConsumerConfigBuilder numReplicas(int replicas) {
        Rules.require(
                replicas >= 0 && replicas <= Rules.MAX_REPLICAS,
                NUM_REPLICAS,
                replicas,
                "must be 0 to " + Rules.MAX_REPLICAS);
        return set(NUM_REPLICAS, replicas);
    }

    /** Whether its state is kept in memory, whatever the stream does. */
    public ConsumerConfigBuilder memStorage(boolean value) {
        return set(MEM_STORAGE, value);
    }

    /** What to attach to it, in place of what was: 128 KiB of keys and values at most. Servers from 2.10 on. */
    public ConsumerConfigBuilder metadata(Map<String, String> metadata) {
        Rules.metadata(METADATA, metadata);
        return set(METADATA, Map.copyOf(metadata));
    }

    /** Until when it is paused. Servers from 2.11 on. */
    public ConsumerConfigBuilder pauseUntil(@Nullable Instant time) {
        return setTime(PAUSE_UNTIL, time);
    }

    /** Its priority groups: one, of 1 to 16 characters A-Z a-z 0-9 - _ / =. Servers from 2.11 on. */
    public ConsumerConfigBuilder priorityGroups(String... groups) {
        for (String group : groups) {
            if (!GROUP.matcher(group).matches()) {
                throw Rules.broken(PRIORITY_GROUPS, group, "must be 1 to 16 characters A-Z a-z 0-9 - _ / =");
            }
        }
        return setAll(PRIORITY_GROUPS, List.of(groups));
    }

    /** Which of its clients gets messages. Servers from 2.11 on. */
    public ConsumerConfigBuilder priorityPolicy(PriorityPolicy policy) {
        return set(PRIORITY_POLICY, policy);
    }

    /** After how long without a request a pinned client loses its pin; default 2 minutes. */
    public ConsumerConfigBuilder priorityTimeout(Duration time) {
        return setDuration(PRIORITY_TIMEOUT, time);
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if fields do not go together
     */
    public ConsumerConfig build() {
        ConsumerConfig config = ConsumerConfig.SCHEMA.of(held());
        ConsumerRules.check(config);
        return config;
    }
}
