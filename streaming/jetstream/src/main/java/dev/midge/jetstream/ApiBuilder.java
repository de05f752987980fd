// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is held by an object of the API that is being put together. A value that says the same as none is not held. */
abstract class ApiBuilder<B extends ApiBuilder<B>> {
    private static final Instant FIRST_TIME = Instant.parse("0001-01-01T00:00:00.000000001Z");
    private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final Map<String, @Nullable Object> held;

    ApiBuilder(Map<String, ? extends @Nullable Object> held) {
        this.held = new LinkedHashMap<>(held);
    }

    final Map<String, @Nullable Object> held() {
        return held;
    }

    abstract B self();

    /** Sets a field, or unsets it with null or what says the same as none. */
    final <T> B set(Field<T> field, @Nullable T value) {
        if (value == null || Field.isZero(value)) {
            held.remove(field.name());
        } else if (value instanceof Enum<?> constant && constant.name().equals("UNKNOWN")) {
            throw Rules.broken(field, value, "stands for what a newer server sent; leave the field as it is");
        } else {
            held.put(field.name(), value);
        }
        return self();
    }

    /** Sets a list, which is copied. */
    final <T> B setAll(Field<List<T>> field, List<? extends T> values) {
        return set(field, List.copyOf(values));
    }

    /** Sets a duration of nanoseconds, not negative. */
    final B setDuration(Field<Duration> field, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw Rules.broken(field, value, "must not be negative, nor more than " + LONGEST);
        }
        return set(field, value);
    }

    /** Sets a number that must not be less than another. */
    final B setWhole(Field<Long> field, long value, long min) {
        if (value < min) {
            throw Rules.broken(field, value, "must be at least " + min + (min == -1 ? ", which is no limit" : ""));
        }
        return set(field, value);
    }

    /** Sets a time that RFC 3339 can write. */
    final B setTime(Field<Instant> field, @Nullable Instant value) {
        if (value != null && (value.isBefore(FIRST_TIME) || value.isAfter(LAST_TIME))) {
            throw Rules.broken(field, value, "must be in the years 1 to 9999");
        }
        return set(field, value);
    }
}
