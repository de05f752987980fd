// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a stream or consumer that moves is waiting for.
 */
public final class DesiredStatus extends ApiObject {
    static final Schema<DesiredStatus> SCHEMA = new Schema<>(DesiredStatus.class, "desired status", DesiredStatus::new);

    private static final Field<String> DESCRIPTION = SCHEMA.text("description", "");
    private static final Field<MigrationStatus> TYPE = SCHEMA.choice("type", MigrationStatus.UNKNOWN);
    private static final Field<String> ERR = SCHEMA.text("err");

    private DesiredStatus(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** A short text for people. */
    public String description() {
        return get(DESCRIPTION);
    }

    /** What has to change. */
    public MigrationStatus type() {
        return get(TYPE);
    }

    /** What failed, or null. */
    public @Nullable String err() {
        return find(ERR);
    }
}
