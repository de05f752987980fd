// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server has done for the API.
 */
public final class ApiStats extends ApiObject {
    static final Schema<ApiStats> SCHEMA = new Schema<>(ApiStats.class, "api stats", ApiStats::new);

    private static final Field<Integer> LEVEL = SCHEMA.number("level", 0);
    private static final Field<Long> TOTAL = SCHEMA.whole("total");
    private static final Field<Long> ERRORS = SCHEMA.whole("errors");
    private static final Field<Long> INFLIGHT = SCHEMA.whole("inflight");

    private ApiStats(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** Its API level: 0 before 2.11. */
    public int level() {
        return get(LEVEL);
    }

    /** How many requests there were. */
    public long total() {
        return get(TOTAL);
    }

    /** How many of them it refused. */
    public long errors() {
        return get(ERRORS);
    }

    /** How many it is at. */
    public long inflight() {
        return get(INFLIGHT);
    }
}
