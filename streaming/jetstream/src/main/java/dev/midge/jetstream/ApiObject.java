// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.internal.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An object of the JetStream API: immutable, equal to another one of its type with the same fields. Fields and values of
 * newer servers are kept, and written back by {@link #toJson()} and by updates; the order of the fields too. What is not set is
 * not written.
 */
public abstract class ApiObject {
    private final Schema<?> schema;
    private final Map<String, @Nullable Object> held;

    ApiObject(Schema<?> schema, Map<String, @Nullable Object> held) {
        this.schema = schema;
        this.held = held;
    }

    /** The value of a field that has a default. */
    final <T> T get(Field<T> field) {
        T value = find(field);
        return value != null ? value : Objects.requireNonNull(field.absent(), field.name());
    }

    /** The value of a field, null if it is not set. */
    final <T> @Nullable T find(Field<T> field) {
        Object value = held.get(field.name());
        return value == null ? null : field.kind().value().apply(value);
    }

    /** What is held, by the names of the wire. */
    final Map<String, @Nullable Object> held() {
        return held;
    }

    /** As a tree that has JSON. */
    final Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        held.forEach((name, value) -> {
            Field<?> field = schema.field(name);
            tree.put(
                    name,
                    field == null || value == null
                            ? value
                            : field.kind().writer().apply(value));
        });
        return tree;
    }

    /** The field for which a server must be of the newest release, with that release; null if any server will do. */
    final @Nullable Need need() {
        Need newest = null;
        for (Map.Entry<String, @Nullable Object> entry : held.entrySet()) {
            Field<?> field = schema.field(entry.getKey());
            Object value = entry.getValue();
            if (field != null && value != null) {
                newest = newer(newest, need(field, value));
            }
        }
        return newest;
    }

    private static @Nullable Need need(Field<?> field, Object value) {
        Since since = field.needs(value);
        Need newest = since == null ? null : new Need(field.name(), since);
        Iterable<?> parts = value instanceof Iterable<?> elements ? elements : Collections.singleton(value);
        for (Object part : parts) {
            Need inner = part instanceof ApiObject object ? object.need() : null;
            newest = newer(newest, inner == null ? null : new Need(field.name() + "." + inner.field(), inner.since()));
        }
        return newest;
    }

    private static @Nullable Need newer(@Nullable Need one, @Nullable Need other) {
        return one == null || (other != null && other.since().compareTo(one.since()) > 0) ? other : one;
    }

    /** A field, and the release that brought it. */
    record Need(String field, Since since) {}

    /**
     * The fields that this version of Midge does not know, in the order sent, by their names on the wire: values are
     * String, Boolean, Long, BigDecimal, unmodifiable List and Map of these, or null.
     */
    public final Map<String, @Nullable Object> unknown() {
        Map<String, @Nullable Object> unknown = new LinkedHashMap<>(held);
        unknown.keySet().removeIf(name -> schema.field(name) != null);
        return Collections.unmodifiableMap(unknown);
    }

    /** The object as JSON, with the names of the wire. */
    public final String toJson() {
        return Json.toText(tree());
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ApiObject object && object.schema == schema && object.held.equals(held);
    }

    @Override
    public final int hashCode() {
        return held.hashCode();
    }

    /** What it is, and its JSON. */
    @Override
    public final String toString() {
        return schema.what() + " " + toJson();
    }
}
