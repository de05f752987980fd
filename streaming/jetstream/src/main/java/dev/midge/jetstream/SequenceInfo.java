// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a consumer is.
 */
public final class SequenceInfo extends ApiObject {
    static final Schema<SequenceInfo> SCHEMA = new Schema<>(SequenceInfo.class, "sequence info", SequenceInfo::new);

    private static final Field<Long> CONSUMER_SEQ = SCHEMA.whole("consumer_seq");
    private static final Field<Long> STREAM_SEQ = SCHEMA.whole("stream_seq");
    private static final Field<Instant> LAST_ACTIVE = SCHEMA.time("last_active");

    private SequenceInfo(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** Of the deliveries of the consumer. */
    public long consumerSeq() {
        return get(CONSUMER_SEQ);
    }

    /** Of the messages of the stream. */
    public long streamSeq() {
        return get(STREAM_SEQ);
    }

    /** When it last moved, or null. */
    public @Nullable Instant lastActive() {
        return find(LAST_ACTIVE);
    }
}
