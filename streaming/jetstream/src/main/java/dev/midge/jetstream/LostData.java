// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a stream found to be lost when it was started.
 */
public final class LostData extends ApiObject {
    static final Schema<LostData> SCHEMA = new Schema<>(LostData.class, "lost data", LostData::new);

    private static final Field<List<Long>> MSGS = SCHEMA.wholes("msgs");
    private static final Field<Long> BYTES = SCHEMA.whole("bytes");

    private LostData(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** The sequence numbers that are missing. */
    public List<Long> msgs() {
        return get(MSGS);
    }

    /** How many bytes are missing. */
    public long bytes() {
        return get(BYTES);
    }
}
