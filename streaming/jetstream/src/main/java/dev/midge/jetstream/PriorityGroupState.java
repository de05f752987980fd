// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A priority group as it is.
 */
public final class PriorityGroupState extends ApiObject {
    static final Schema<PriorityGroupState> SCHEMA =
            new Schema<>(PriorityGroupState.class, "priority group", PriorityGroupState::new);

    private static final Field<String> GROUP = SCHEMA.text("group", "");
    private static final Field<String> PINNED_CLIENT_ID = SCHEMA.text("pinned_client_id");
    private static final Field<Instant> PINNED_TS = SCHEMA.time("pinned_ts");

    private PriorityGroupState(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** Its name. */
    public String group() {
        return get(GROUP);
    }

    /** The id of the client that is pinned, or null. */
    public @Nullable String pinnedClientId() {
        return find(PINNED_CLIENT_ID);
    }

    /** When it was pinned, or null. */
    public @Nullable Instant pinnedTs() {
        return find(PINNED_TS);
    }
}
