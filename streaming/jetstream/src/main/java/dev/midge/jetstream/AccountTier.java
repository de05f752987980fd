// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of one number of replicas have.
 */
public final class AccountTier extends AccountUsage {
    static final Schema<AccountTier> SCHEMA = new Schema<>(AccountTier.class, "account tier", AccountTier::new);

    static final Field<Long> MEMORY = SCHEMA.whole("memory");
    static final Field<Long> STORAGE = SCHEMA.whole("storage");
    static final Field<Long> RESERVED_MEMORY = SCHEMA.whole("reserved_memory");
    static final Field<Long> RESERVED_STORAGE = SCHEMA.whole("reserved_storage");
    static final Field<Long> STREAMS = SCHEMA.whole("streams");
    static final Field<Long> CONSUMERS = SCHEMA.whole("consumers");
    static final Field<AccountLimits> LIMITS = SCHEMA.member("limits", AccountLimits.SCHEMA);

    private AccountTier(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }
}
