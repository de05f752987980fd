// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an account has and may have: all of it, or the part of a tier. */
public abstract sealed class AccountUsage extends ApiObject permits AccountInfo, AccountTier {
    AccountUsage(Schema<?> schema, Map<String, @Nullable Object> held) {
        super(schema, held);
    }

    /** How many bytes are in memory. */
    public long memory() {
        return get(AccountTier.MEMORY);
    }

    /** How many bytes are in files. */
    public long storage() {
        return get(AccountTier.STORAGE);
    }

    /** How many bytes of memory its streams have reserved. */
    public long reservedMemory() {
        return get(AccountTier.RESERVED_MEMORY);
    }

    /** How many bytes of files its streams have reserved. */
    public long reservedStorage() {
        return get(AccountTier.RESERVED_STORAGE);
    }

    /** How many streams there are. */
    public long streams() {
        return get(AccountTier.STREAMS);
    }

    /** How many consumers there are. */
    public long consumers() {
        return get(AccountTier.CONSUMERS);
    }

    /** What it may have. */
    public AccountLimits limits() {
        return get(AccountTier.LIMITS);
    }
}
