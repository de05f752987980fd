// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What consumers of a stream get where they do not say, and what they may have at most. Servers from 2.10 on.
 */
public final class ConsumerLimits extends ApiObject {
    static final Schema<ConsumerLimits> SCHEMA =
            new Schema<>(ConsumerLimits.class, "consumer limits", ConsumerLimits::new);

    private static final Field<Duration> INACTIVE_THRESHOLD =
            SCHEMA.duration("inactive_threshold").since(Since.V2_10);
    private static final Field<Long> MAX_ACK_PENDING =
            SCHEMA.whole("max_ack_pending").since(Since.V2_10);

    private ConsumerLimits(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /**
     * Limits of consumers.
     *
     * @param inactiveThreshold for how long a consumer may be unused; 0 for no limit
     * @param maxAckPending how many messages of a consumer may wait to be acknowledged; 0 for no limit
     * @throws IllegalArgumentException if one of them is negative
     */
    public static ConsumerLimits of(Duration inactiveThreshold, long maxAckPending) {
        Rules.require(!inactiveThreshold.isNegative(), INACTIVE_THRESHOLD, inactiveThreshold, "must not be negative");
        Rules.require(maxAckPending >= 0, MAX_ACK_PENDING, maxAckPending, "must not be negative");
        return SCHEMA.of(Map.of(INACTIVE_THRESHOLD.name(), inactiveThreshold, MAX_ACK_PENDING.name(), maxAckPending));
    }

    /** For how long a consumer may be unused; 0 for no limit. */
    public Duration inactiveThreshold() {
        return get(INACTIVE_THRESHOLD);
    }

    /** How many messages of a consumer may wait to be acknowledged; 0 for no limit. */
    public long maxAckPending() {
        return get(MAX_ACK_PENDING);
    }
}
