// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a stream holds: {@code struct StreamState} in nats-server's store.go.
 */
public final class StreamState extends ApiObject {
    static final Schema<StreamState> SCHEMA = new Schema<>(StreamState.class, "stream state", StreamState::new);

    private static final Field<Long> MESSAGES = SCHEMA.whole("messages");
    private static final Field<Long> BYTES = SCHEMA.whole("bytes");
    private static final Field<Long> FIRST_SEQ = SCHEMA.whole("first_seq");
    private static final Field<Instant> FIRST_TS = SCHEMA.time("first_ts");
    private static final Field<Long> LAST_SEQ = SCHEMA.whole("last_seq");
    private static final Field<Instant> LAST_TS = SCHEMA.time("last_ts");
    private static final Field<Long> NUM_SUBJECTS = SCHEMA.whole("num_subjects");
    private static final Field<Map<String, Long>> SUBJECTS = SCHEMA.wholeMap("subjects");
    private static final Field<Long> NUM_DELETED = SCHEMA.whole("num_deleted");
    private static final Field<List<Long>> DELETED = SCHEMA.wholes("deleted");
    private static final Field<LostData> LOST = SCHEMA.object("lost", LostData.SCHEMA);
    private static final Field<Long> CONSUMER_COUNT = SCHEMA.whole("consumer_count");

    private StreamState(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** How many messages. */
    public long messages() {
        return get(MESSAGES);
    }

    /** How many bytes. */
    public long bytes() {
        return get(BYTES);
    }

    /** The sequence number of the first message. */
    public long firstSeq() {
        return get(FIRST_SEQ);
    }

    /** When the first message was stored; null if there is none. */
    public @Nullable Instant firstTs() {
        return find(FIRST_TS);
    }

    /** The sequence number of the last message there ever was. */
    public long lastSeq() {
        return get(LAST_SEQ);
    }

    /** When the last message was stored; null if there never was one. */
    public @Nullable Instant lastTs() {
        return find(LAST_TS);
    }

    /** How many subjects have messages. */
    public long numSubjects() {
        return get(NUM_SUBJECTS);
    }

    /** How many messages each subject has, of the page that was asked for. */
    public Map<String, Long> subjects() {
        return get(SUBJECTS);
    }

    /** How many messages were deleted between the first and the last. */
    public long numDeleted() {
        return get(NUM_DELETED);
    }

    /** Their sequence numbers, if they were asked for. */
    public List<Long> deleted() {
        return get(DELETED);
    }

    /** What was found to be lost, or null. */
    public @Nullable LostData lost() {
        return find(LOST);
    }

    /** How many consumers it has. */
    public long consumerCount() {
        return get(CONSUMER_COUNT);
    }
}
