// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import dev.midge.protocol.internal.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object that is being written, in the order given. */
final class JsonMembers {
    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    /** A member that is always there. */
    JsonMembers always(String name, Object value) {
        members.put(name, value);
        return this;
    }

    /** A member that is left out when it is null, false, 0 or empty: Go's omitempty. */
    JsonMembers present(String name, @Nullable Object value) {
        if (value == null
                || value.equals(false)
                || (value instanceof Number number && number.longValue() == 0)
                || (value instanceof List<?> list && list.isEmpty())) {
            return this;
        }
        return always(name, value);
    }

    /** The object, followed by what the reader did not know. */
    String toText(Map<String, @Nullable Object> unknown) {
        unknown.forEach(members::putIfAbsent);
        return Json.toText(members);
    }
}
