// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What there was before a stream or consumer began to move.
 */
public final class DesiredOrigin extends ApiObject {
    static final Schema<DesiredOrigin> SCHEMA = new Schema<>(DesiredOrigin.class, "desired origin", DesiredOrigin::new);

    private static final Field<Integer> REPLICAS = SCHEMA.number("replicas", 0);
    private static final Field<Placement> PLACEMENT = SCHEMA.object("placement", Placement.SCHEMA);
    private static final Field<RetentionPolicy> RETENTION = SCHEMA.choice("retention", RetentionPolicy.LIMITS);

    private DesiredOrigin(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** How many replicas. */
    public int replicas() {
        return get(REPLICAS);
    }

    /** Where it was to be, or null. */
    public @Nullable Placement placement() {
        return find(PLACEMENT);
    }

    /** The retention it had. */
    public RetentionPolicy retention() {
        return get(RETENTION);
    }
}
