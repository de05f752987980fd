// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.stan.pb.StartPosition;
import dev.midge.stan.pb.SubscriptionRequest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscription starts.
 *
 * @param position as the protocol has it
 * @param sequence the first message, if it is by that
 * @param time of the first message, if it is by that
 * @param ago how old the first message may be, if it is by that
 */
record Start(
        int position,
        long sequence,
        @Nullable Instant time,
        @Nullable Duration ago) {
    static final Start NEW_ONLY = new Start(StartPosition.NewOnly_VALUE, 0, null, null);
    static final Start LAST_RECEIVED = new Start(StartPosition.LastReceived_VALUE, 0, null, null);
    static final Start FIRST = new Start(StartPosition.First_VALUE, 0, null, null);

    /** About 292 years, which is what the protocol has room for. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    static Start at(long sequence) {
        Rules.require(sequence >= 1, "start sequence", sequence, "must be 1 or above");
        return new Start(StartPosition.SequenceStart_VALUE, sequence, null, null);
    }

    static Start at(Instant time) {
        Rules.require(
                Duration.between(time, Instant.now()).abs().compareTo(LONGEST.dividedBy(2)) < 0,
                "start time",
                time,
                "must be within 146 years");
        return new Start(StartPosition.TimeDeltaStart_VALUE, 0, time, null);
    }

    static Start ago(Duration delta) {
        Rules.require(
                !delta.isNegative() && delta.compareTo(LONGEST) <= 0,
                "start time delta",
                delta,
                "must be from 0 to 292 years");
        return new Start(StartPosition.TimeDeltaStart_VALUE, 0, null, delta);
    }

    /** As the server is told at this moment. */
    void into(SubscriptionRequest request) {
        request.setStartPositionValue(position);
        if (sequence > 0) {
            request.setStartSequence(sequence);
        }
        Duration delta = time == null ? ago : Duration.between(time, Instant.now());
        if (delta != null) {
            request.setStartTimeDelta(delta.toNanos());
        }
    }
}
