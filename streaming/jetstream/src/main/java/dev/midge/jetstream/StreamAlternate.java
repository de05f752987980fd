// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mirror of a stream, or the stream itself, nearest first.
 */
public final class StreamAlternate extends ApiObject {
    static final Schema<StreamAlternate> SCHEMA =
            new Schema<>(StreamAlternate.class, "stream alternate", StreamAlternate::new);

    private static final Field<String> NAME = SCHEMA.text("name", "");
    private static final Field<String> DOMAIN = SCHEMA.text("domain");
    private static final Field<String> CLUSTER = SCHEMA.text("cluster", "");

    private StreamAlternate(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** The name of the stream. */
    public String name() {
        return get(NAME);
    }

    /** Its domain, or null. */
    public @Nullable String domain() {
        return find(DOMAIN);
    }

    /** Its cluster. */
    public String cluster() {
        return get(CLUSTER);
    }
}
