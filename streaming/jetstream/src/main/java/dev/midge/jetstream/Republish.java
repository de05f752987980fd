// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream publishes messages again once they are stored, ADR-28.
 */
public final class Republish extends ApiObject {
    static final Schema<Republish> SCHEMA = new Schema<>(Republish.class, "republish", Republish::new);

    private static final Field<String> SRC = SCHEMA.text("src", "");
    private static final Field<String> DEST = SCHEMA.text("dest", "");
    private static final Field<Boolean> HEADERS_ONLY = SCHEMA.flag("headers_only");

    private Republish(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** As {@link #of(String, String, boolean)}, with their payload. */
    public static Republish of(String src, String dest) {
        return of(src, dest, false);
    }

    /**
     * Where to publish again.
     *
     * @param src which subjects; empty for all
     * @param dest what subjects they become, as that of a {@link SubjectTransform}
     * @param headersOnly whether without their payload
     * @throws IllegalArgumentException if one of them is no subject
     */
    public static Republish of(String src, String dest, boolean headersOnly) {
        if (!src.isEmpty()) {
            Rules.filter(SRC, src);
        }
        Rules.subject(DEST, dest);
        return headersOnly
                ? SCHEMA.of(Map.of(SRC.name(), src, DEST.name(), dest, HEADERS_ONLY.name(), true))
                : SCHEMA.of(Map.of(SRC.name(), src, DEST.name(), dest));
    }

    /** Which subjects; empty for all. */
    public String src() {
        return get(SRC);
    }

    /** What subjects they are published to. */
    public String dest() {
        return get(DEST);
    }

    /** Whether without their payload. */
    public boolean headersOnly() {
        return get(HEADERS_ONLY);
    }
}
