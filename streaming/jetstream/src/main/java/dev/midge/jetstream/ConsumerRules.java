// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static dev.midge.jetstream.Rules.require;

import java.time.Duration;
import java.util.List;

/**
 * Which fields of a consumer configuration go together: checkConsumerCfg in nats-server's consumer.go, as far as it depends
 * on nothing but the configuration.
 */
final class ConsumerRules {
    private static final Duration MIN_HEARTBEAT = Duration.ofMillis(100);
    private static final Duration MIN_EXPIRES = Duration.ofMillis(1);

    private ConsumerRules() {}

    static void check(ConsumerConfig config) {
        String durable = config.durable();
        String name = config.name();
        require(
                durable == null || name == null || durable.equals(name),
                ConsumerConfig.NAME,
                name,
                "must be as durable_name, " + durable + ", if both are set");
        int waits = config.backoff().size();
        require(
                config.maxDeliver() == -1 || waits <= config.maxDeliver(),
                ConsumerConfig.BACKOFF,
                config.backoff(),
                "must not be more times than max_deliver, " + config.maxDeliver());
        checkFilters(config);
        checkStart(config);
        if (config.deliverSubject() == null) {
            checkPull(config);
        } else {
            checkPush(config);
        }
        checkPriority(config);
    }

    private static void checkFilters(ConsumerConfig config) {
        List<String> filters = config.filterSubjects();
        require(
                filters.isEmpty() || config.filterSubject() == null,
                ConsumerConfig.FILTER_SUBJECT,
                config.filterSubject(),
                "must not be with filter_subjects");
        for (int i = 0; i < filters.size(); i++) {
            for (int j = 0; j < filters.size(); j++) {
                require(
                        i == j || !Rules.isSubset(filters.get(i), filters.get(j)),
                        ConsumerConfig.FILTER_SUBJECTS,
                        filters.get(i),
                        "must not be among those of another, " + filters.get(j));
            }
        }
    }

    private static void checkStart(ConsumerConfig config) {
        DeliverPolicy policy = config.deliverPolicy();
        if (policy == DeliverPolicy.UNKNOWN) {
            return;
        }
        require(
                (policy == DeliverPolicy.BY_START_SEQUENCE) == (config.optStartSeq() != 0),
                ConsumerConfig.OPT_START_SEQ,
                config.optStartSeq(),
                "must be above 0 with deliver_policy by_start_sequence, and 0 with others");
        require(
                (policy == DeliverPolicy.BY_START_TIME) == (config.optStartTime() != null),
                ConsumerConfig.OPT_START_TIME,
                config.optStartTime(),
                "must be set with deliver_policy by_start_time, and only with that");
        boolean filtered =
                config.filterSubject() != null || !config.filterSubjects().isEmpty();
        require(
                policy != DeliverPolicy.LAST_PER_SUBJECT || filtered,
                ConsumerConfig.DELIVER_POLICY,
                policy,
                "needs filter_subject or filter_subjects");
    }

    private static void checkPull(ConsumerConfig config) {
        String pushOnly = "is for push consumers, those with a deliver_subject";
        require(config.rateLimitBps() == 0, ConsumerConfig.RATE_LIMIT_BPS, config.rateLimitBps(), pushOnly);
        require(config.idleHeartbeat().isZero(), ConsumerConfig.IDLE_HEARTBEAT, config.idleHeartbeat(), pushOnly);
        require(!config.flowControl(), ConsumerConfig.FLOW_CONTROL, true, pushOnly);
        require(config.deliverGroup() == null, ConsumerConfig.DELIVER_GROUP, config.deliverGroup(), pushOnly);
        require(config.ackPolicy() != AckPolicy.FLOW_CONTROL, ConsumerConfig.ACK_POLICY, config.ackPolicy(), pushOnly);
        Duration expires = config.maxExpires();
        require(
                expires.isZero() || expires.compareTo(MIN_EXPIRES) >= 0,
                ConsumerConfig.MAX_EXPIRES,
                expires,
                "must be at least 1 ms");
    }

    private static void checkPush(ConsumerConfig config) {
        require(
                config.maxWaiting() == 0,
                ConsumerConfig.MAX_WAITING,
                config.maxWaiting(),
                "is for pull consumers, those without a deliver_subject");
        require(
                config.maxAckPending() <= 0 || config.ackPolicy() != AckPolicy.NONE,
                ConsumerConfig.MAX_ACK_PENDING,
                config.maxAckPending(),
                "needs another ack_policy than none");
        Duration heartbeat = config.idleHeartbeat();
        require(
                heartbeat.isZero() || heartbeat.compareTo(MIN_HEARTBEAT) >= 0,
                ConsumerConfig.IDLE_HEARTBEAT,
                heartbeat,
                "must be at least 100 ms");
        if (config.ackPolicy() == AckPolicy.FLOW_CONTROL) {
            boolean plain = config.ackWait().isZero() && config.backoff().isEmpty() && config.maxDeliver() <= 0;
            require(
                    plain,
                    ConsumerConfig.ACK_POLICY,
                    AckPolicy.FLOW_CONTROL,
                    "must not be with ack_wait, backoff or max_deliver");
        } else {
            require(
                    !config.flowControl() || !heartbeat.isZero(),
                    ConsumerConfig.FLOW_CONTROL,
                    true,
                    "needs an idle_heartbeat");
        }
    }

    private static void checkPriority(ConsumerConfig config) {
        PriorityPolicy policy = config.priorityPolicy();
        List<String> groups = config.priorityGroups();
        if (policy == PriorityPolicy.NONE) {
            require(groups.isEmpty(), ConsumerConfig.PRIORITY_GROUPS, groups, "needs a priority_policy");
            require(
                    config.priorityTimeout().isZero(),
                    ConsumerConfig.PRIORITY_TIMEOUT,
                    config.priorityTimeout(),
                    "needs a priority_policy");
        } else {
            require(!groups.isEmpty(), ConsumerConfig.PRIORITY_POLICY, policy, "needs priority_groups");
            require(
                    config.deliverSubject() == null,
                    ConsumerConfig.PRIORITY_POLICY,
                    policy,
                    "is for pull consumers, those without a deliver_subject");
        }
    }
}
