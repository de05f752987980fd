// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is at a place in JSON that has been read. */
final class JsonTree {
    private JsonTree() {}

    /** Follows names into objects and numbers into arrays. */
    static Object at(Object json, Object... path) {
        Object here = json;
        for (Object step : path) {
            @Nullable
            Object next = step instanceof Integer index ? ((List<?>) here).get(index) : ((Map<?, ?>) here).get(step);
            here = Objects.requireNonNull(next, "nothing at " + step + " in " + here);
        }
        return here;
    }

    /** A number there. */
    static double number(Object json, Object... path) {
        return ((Number) at(json, path)).doubleValue();
    }
}
