// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A field of an object of the API: its name, what its values are, its default, and since when servers know it. */
final class Field<T> {
    private final String name;
    private final Kind<T> kind;
    private final @Nullable T absent;
    private @Nullable Since since;
    private @Nullable T sinceValue;

    /**
     * A field.
     *
     * @param absent what its absence means, null if there is no value for that
     */
    Field(String name, Kind<T> kind, @Nullable T absent) {
        this.name = name;
        this.kind = kind;
        this.absent = absent;
    }

    /** States which release brought it; only while the table it is in is being built. */
    Field<T> since(Since release) {
        since = release;
        return this;
    }

    /** States which release brought one of its values; only while the table it is in is being built. */
    Field<T> since(Since release, T value) {
        since = release;
        sinceValue = value;
        return this;
    }

    String name() {
        return name;
    }

    Kind<T> kind() {
        return kind;
    }

    @Nullable
    T absent() {
        return absent;
    }

    /** The release that a server must have to understand what is held in this field, null if any will do. */
    @Nullable
    Since needs(Object held) {
        return isZero(held) || (sinceValue != null && !sinceValue.equals(held)) ? null : since;
    }

    /** Whether a value says the same to a server as none: Go's zero value. */
    static boolean isZero(Object value) {
        return value.equals(false)
                || (value instanceof Number number && number.longValue() == 0)
                || value.equals(Duration.ZERO)
                || value.equals("")
                || (value instanceof Collection<?> elements && elements.isEmpty())
                || (value instanceof Map<?, ?> members && members.isEmpty());
    }

    @Override
    public String toString() {
        return name;
    }
}
