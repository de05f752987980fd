// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an account has: {@code struct JetStreamAccountStats} in nats-server's jetstream.go.
 */
public final class AccountInfo extends AccountUsage {
    static final Schema<AccountInfo> SCHEMA =
            new Schema<>(AccountInfo.class, "account info", AccountInfo::new).with(AccountTier.SCHEMA);

    private static final Field<String> DOMAIN = SCHEMA.text("domain");
    private static final Field<ApiStats> API = SCHEMA.member("api", ApiStats.SCHEMA);
    private static final Field<Map<String, AccountTier>> TIERS = SCHEMA.objectMap("tiers", AccountTier.SCHEMA);

    private AccountInfo(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** The domain of the server, or null. */
    public @Nullable String domain() {
        return find(DOMAIN);
    }

    /** What has been done for the API. */
    public ApiStats api() {
        return get(API);
    }

    /** What each tier has, by its name, as R1 and R3, if the account has any. */
    public Map<String, AccountTier> tiers() {
        return get(TIERS);
    }
}
