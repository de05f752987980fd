// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an account, or a tier of it, may have; -1 for no limit.
 */
public final class AccountLimits extends ApiObject {
    static final Schema<AccountLimits> SCHEMA = new Schema<>(AccountLimits.class, "account limits", AccountLimits::new);

    private static final Field<Long> MAX_MEMORY = SCHEMA.whole("max_memory", -1);
    private static final Field<Long> MAX_STORAGE = SCHEMA.whole("max_storage", -1);
    private static final Field<Long> MAX_STREAMS = SCHEMA.whole("max_streams", -1);
    private static final Field<Long> MAX_CONSUMERS = SCHEMA.whole("max_consumers", -1);
    private static final Field<Long> MAX_ACK_PENDING = SCHEMA.whole("max_ack_pending", -1);
    private static final Field<Long> MEMORY_MAX_STREAM_BYTES = SCHEMA.whole("memory_max_stream_bytes", -1);
    private static final Field<Long> STORAGE_MAX_STREAM_BYTES = SCHEMA.whole("storage_max_stream_bytes", -1);
    private static final Field<Boolean> MAX_BYTES_REQUIRED = SCHEMA.flag("max_bytes_required");

    private AccountLimits(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** How many bytes in memory. */
    public long maxMemory() {
        return get(MAX_MEMORY);
    }

    /** How many bytes in files. */
    public long maxStorage() {
        return get(MAX_STORAGE);
    }

    /** How many streams. */
    public long maxStreams() {
        return get(MAX_STREAMS);
    }

    /** How many consumers. */
    public long maxConsumers() {
        return get(MAX_CONSUMERS);
    }

    /** How many messages of a consumer may wait to be acknowledged. */
    public long maxAckPending() {
        return get(MAX_ACK_PENDING);
    }

    /** How many bytes a stream in memory; 0 and -1 for no limit. */
    public long memoryMaxStreamBytes() {
        return get(MEMORY_MAX_STREAM_BYTES);
    }

    /** How many bytes a stream in files; 0 and -1 for no limit. */
    public long storageMaxStreamBytes() {
        return get(STORAGE_MAX_STREAM_BYTES);
    }

    /** Whether each stream must have max_bytes. */
    public boolean maxBytesRequired() {
        return get(MAX_BYTES_REQUIRED);
    }
}
