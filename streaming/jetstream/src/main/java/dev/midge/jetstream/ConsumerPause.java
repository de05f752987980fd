// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a consumer is paused.
 */
public final class ConsumerPause extends ApiObject {
    static final Schema<ConsumerPause> SCHEMA = new Schema<>(ConsumerPause.class, "consumer pause", ConsumerPause::new);

    private static final Field<Boolean> PAUSED = SCHEMA.flag("paused");
    private static final Field<Instant> PAUSE_UNTIL = SCHEMA.time("pause_until");
    private static final Field<Duration> PAUSE_REMAINING = SCHEMA.duration("pause_remaining");

    private ConsumerPause(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** Whether it is. */
    public boolean paused() {
        return get(PAUSED);
    }

    /** Until when, or null. */
    public @Nullable Instant pauseUntil() {
        return find(PAUSE_UNTIL);
    }

    /** For how long yet. */
    public Duration pauseRemaining() {
        return get(PAUSE_REMAINING);
    }
}
