// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How subjects are changed: those that match one pattern into those of another, whose {@code {{wildcard(1)}}} and the like
 * stand for tokens of the first.
 */
public final class SubjectTransform extends ApiObject {
    static final Schema<SubjectTransform> SCHEMA =
            new Schema<>(SubjectTransform.class, "subject transform", SubjectTransform::new);

    private static final Field<String> SRC = SCHEMA.text("src", "");
    private static final Field<String> DEST = SCHEMA.text("dest", "");

    private SubjectTransform(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /**
     * A transform.
     *
     * @param src what subjects must match; empty for all
     * @param dest what they become; empty where it only selects, within a source
     * @throws IllegalArgumentException if one of them is no subject
     */
    public static SubjectTransform of(String src, String dest) {
        if (!src.isEmpty()) {
            Rules.filter(SRC, src);
        }
        if (!dest.isEmpty()) {
            Rules.subject(DEST, dest);
        }
        return SCHEMA.of(Map.of(SRC.name(), src, DEST.name(), dest));
    }

    /** What subjects must match; empty for all. */
    public String src() {
        return get(SRC);
    }

    /** What they become. */
    public String dest() {
        return get(DEST);
    }
}
