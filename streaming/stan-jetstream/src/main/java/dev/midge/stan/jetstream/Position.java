// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.jetstream;

import dev.midge.stan.StanMessage;
import java.time.Instant;

/**
 * How far a copy is.
 *
 * @param sequence the number in the channel of the message that was copied last
 * @param time when the streaming server stored it
 */
record Position(long sequence, Instant time) {
    static final Position NOTHING = new Position(0, Instant.MIN);

    static Position of(StanMessage message) {
        return new Position(message.sequence(), message.timestamp());
    }

    /** Whether a message was copied already, or is of a channel that began anew. */
    boolean covers(StanMessage message) {
        return message.sequence() <= sequence;
    }
}
