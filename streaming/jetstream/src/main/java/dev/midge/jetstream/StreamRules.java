// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static dev.midge.jetstream.Rules.require;

import java.time.Duration;

/**
 * Which fields of a stream configuration go together: checkStreamCfg in nats-server's stream.go, as far as it depends on
 * nothing but the configuration.
 */
final class StreamRules {
    private static final Duration MIN_AGE = Duration.ofMillis(100);
    private static final Duration MIN_MARKER_TTL = Duration.ofSeconds(1);

    private StreamRules() {}

    static void check(StreamConfig config) {
        Rules.name(StreamConfig.NAME, config.name());
        checkTimes(config);
        require(
                !config.denyPurge() || !config.allowRollupHdrs(),
                StreamConfig.DENY_PURGE,
                true,
                "must not be with allow_rollup_hdrs, as roll-ups purge");
        if (config.discardNewPerSubject()) {
            boolean good = config.discard() != DiscardPolicy.OLD && config.maxMsgsPerSubject() > 0;
            require(
                    good,
                    StreamConfig.DISCARD_NEW_PER_SUBJECT,
                    true,
                    "needs discard new, and max_msgs_per_subject above 0");
        }
        if (config.allowMsgCounter()) {
            checkCounter(config);
        }
        if (config.allowMsgSchedules()) {
            require(
                    config.discard() != DiscardPolicy.NEW && config.sources().isEmpty() && config.mirror() == null,
                    StreamConfig.ALLOW_MSG_SCHEDULES,
                    true,
                    "must not be with discard new, sources or a mirror");
        }
        if (config.persistMode() == PersistMode.ASYNC) {
            require(
                    config.storage() != StorageType.MEMORY && config.numReplicas() <= 1 && !config.allowAtomic(),
                    StreamConfig.PERSIST_MODE,
                    PersistMode.ASYNC,
                    "needs file storage and one replica, and must not be with allow_atomic");
        }
        checkMirror(config);
        Placement placement = config.placement();
        if (placement != null) {
            require(
                    placement.preferred() == null,
                    StreamConfig.PLACEMENT,
                    placement.toJson(),
                    "preferred is for a step-down of the leader only");
        }
    }

    private static void checkTimes(StreamConfig config) {
        Duration age = config.maxAge();
        Duration window = config.duplicateWindow();
        require(age.isZero() || age.compareTo(MIN_AGE) >= 0, StreamConfig.MAX_AGE, age, "must be at least 100 ms");
        require(
                window.isZero() || window.compareTo(MIN_AGE) >= 0,
                StreamConfig.DUPLICATE_WINDOW,
                window,
                "must be at least 100 ms");
        require(
                age.isZero() || window.compareTo(age) <= 0,
                StreamConfig.DUPLICATE_WINDOW,
                window,
                "must not be more than max_age, " + age);
        Duration markers = config.subjectDeleteMarkerTtl();
        require(
                markers.isZero() || (markers.compareTo(MIN_MARKER_TTL) >= 0 && config.mirror() == null),
                StreamConfig.SUBJECT_DELETE_MARKER_TTL,
                markers,
                "must be at least 1 s, and not on a mirror");
    }

    private static void checkCounter(StreamConfig config) {
        boolean limits =
                config.retention() != RetentionPolicy.INTEREST && config.retention() != RetentionPolicy.WORKQUEUE;
        require(
                limits && config.discard() != DiscardPolicy.NEW && !config.allowMsgTtl() && !config.allowMsgSchedules(),
                StreamConfig.ALLOW_MSG_COUNTER,
                true,
                "needs limits retention, and must not be with discard new, allow_msg_ttl or allow_msg_schedules");
    }

    private static void checkMirror(StreamConfig config) {
        StreamSource mirror = config.mirror();
        if (mirror == null) {
            return;
        }
        boolean plain = config.subjects().isEmpty() && config.sources().isEmpty() && config.firstSeq() == 0;
        boolean stores = config.allowMsgCounter() || config.allowAtomic() || config.allowBatched();
        require(
                plain && !stores,
                StreamConfig.MIRROR,
                mirror.name(),
                "must not be with subjects, sources, first_seq, allow_msg_counter, allow_atomic or allow_batched");
    }
}
