// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of one number of replicas have.
 */
public final class AccountTier extends ApiObject {
    static final Schema<AccountTier> SCHEMA = new Schema<>(AccountTier.class, "account tier", AccountTier::new);

    private static final Field<Long> MEMORY = SCHEMA.whole("memory");
    private static final Field<Long> STORAGE = SCHEMA.whole("storage");
    private static final Field<Long> RESERVED_MEMORY = SCHEMA.whole("reserved_memory");
    private static final Field<Long> RESERVED_STORAGE = SCHEMA.whole("reserved_storage");
    private static final Field<Long> STREAMS = SCHEMA.whole("streams");
    private static final Field<Long> CONSUMERS = SCHEMA.whole("consumers");
    private static final Field<AccountLimits> LIMITS = SCHEMA.member("limits", AccountLimits.SCHEMA);

    private AccountTier(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** How many bytes are in memory. */
    public long memory() {
        return get(MEMORY);
    }

    /** How many bytes are in files. */
    public long storage() {
        return get(STORAGE);
    }

    /** How many bytes of memory its streams have reserved. */
    public long reservedMemory() {
        return get(RESERVED_MEMORY);
    }

    /** How many bytes of files its streams have reserved. */
    public long reservedStorage() {
        return get(RESERVED_STORAGE);
    }

    /** How many streams there are. */
    public long streams() {
        return get(STREAMS);
    }

    /** How many consumers there are. */
    public long consumers() {
        return get(CONSUMERS);
    }

    /** What it may have. */
    public AccountLimits limits() {
        return get(LIMITS);
    }
}
