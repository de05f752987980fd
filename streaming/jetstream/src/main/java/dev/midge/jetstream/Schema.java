// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.internal.Json;
import io.avaje.json.JsonException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a type of the API, as a table in the class of that type. Reads its objects from JSON: a field of the
 * table must be of its kind, a null counts as absent, whatever else there is is kept.
 */
final class Schema<A extends ApiObject> {
    private static final int QUOTED_CHARS = 64;

    private final Class<A> type;
    private final String what;
    private final Function<Map<String, @Nullable Object>, A> constructor;
    private final Map<String, Field<?>> fields = new LinkedHashMap<>();

    /**
     * A table with no fields yet.
     *
     * @param what what it describes, for exceptions
     */
    Schema(Class<A> type, String what, Function<Map<String, @Nullable Object>, A> constructor) {
        this.type = type;
        this.what = what;
        this.constructor = constructor;
    }

    /** Has the fields of another table, too. */
    Schema<A> with(Schema<?> common) {
        fields.putAll(common.fields);
        return this;
    }

    Class<A> type() {
        return type;
    }

    /** What it describes. */
    String what() {
        return what;
    }

    /** The names of its fields. */
    Set<String> names() {
        return fields.keySet();
    }

    @Nullable
    Field<?> field(String name) {
        return fields.get(name);
    }

    private <T> Field<T> add(String name, Kind<T> kind, @Nullable T absent) {
        Field<T> field = new Field<>(name, kind, absent);
        fields.put(name, field);
        return field;
    }

    Field<String> text(String name) {
        return add(name, Kind.TEXT, null);
    }

    Field<String> text(String name, String absent) {
        return add(name, Kind.TEXT, absent);
    }

    Field<Boolean> flag(String name) {
        return add(name, Kind.FLAG, false);
    }

    Field<Long> whole(String name) {
        return add(name, Kind.WHOLE, 0L);
    }

    Field<Long> whole(String name, long absent) {
        return add(name, Kind.WHOLE, absent);
    }

    Field<Integer> number(String name, int absent) {
        return add(name, Kind.INT, absent);
    }

    Field<Duration> duration(String name) {
        return add(name, Kind.DURATION, Duration.ZERO);
    }

    Field<Instant> time(String name) {
        return add(name, Kind.TIME, null);
    }

    Field<List<String>> texts(String name) {
        return add(name, Kind.TEXT.list(), List.of());
    }

    Field<List<Long>> wholes(String name) {
        return add(name, Kind.WHOLE.list(), List.of());
    }

    Field<List<Duration>> durations(String name) {
        return add(name, Kind.DURATION.list(), List.of());
    }

    Field<Map<String, String>> textMap(String name) {
        return add(name, Kind.TEXT.map(), Map.of());
    }

    Field<Map<String, Long>> wholeMap(String name) {
        return add(name, Kind.WHOLE.map(), Map.of());
    }

    <E extends Enum<E>> Field<E> choice(String name, E absent) {
        return add(name, Kind.choice(absent.getDeclaringClass()), absent);
    }

    <O extends ApiObject> Field<O> object(String name, Schema<O> schema) {
        return add(name, Kind.object(schema), null);
    }

    /** An object whose absence is the same as one without any member. */
    <O extends ApiObject> Field<O> member(String name, Schema<O> schema) {
        return add(name, Kind.object(schema), schema.constructor.apply(Map.of()));
    }

    <O extends ApiObject> Field<List<O>> objects(String name, Schema<O> schema) {
        return add(name, Kind.object(schema).list(), List.of());
    }

    <O extends ApiObject> Field<Map<String, O>> objectMap(String name, Schema<O> schema) {
        return add(name, Kind.object(schema).map(), Map.of());
    }

    /**
     * Reads an object from its text.
     *
     * @throws JetStreamException if it is none
     */
    A parse(byte[] json) {
        return read(tree(what, json));
    }

    /**
     * Reads any object as a tree.
     *
     * @param what what it should be, for the exception
     * @throws JetStreamException if it is none
     */
    static Map<String, @Nullable Object> tree(String what, byte[] json) {
        try {
            return Json.parse(json);
        } catch (JsonException e) {
            throw new JetStreamException(what + " is not a JSON object: " + e.getMessage(), e);
        }
    }

    A read(Map<?, ?> tree) {
        Map<String, @Nullable Object> held = new LinkedHashMap<>();
        tree.forEach((name, value) -> {
            Field<?> field = fields.get(String.valueOf(name));
            if (field == null) {
                held.put(String.valueOf(name), value);
            } else if (value != null) {
                held.put(field.name(), read(field, value));
            }
        });
        return constructor.apply(held);
    }

    private Object read(Field<?> field, Object value) {
        Object held = field.kind().reader().apply(value);
        if (held == null) {
            String text = String.valueOf(value);
            String shown = text.length() > QUOTED_CHARS ? text.substring(0, QUOTED_CHARS) + "..." : text;
            throw new JetStreamException(what + " field " + field + " must be "
                    + field.kind().expected() + ", not " + shown.replaceAll("\\p{Cntrl}", "?"));
        }
        return held;
    }

    /** An object of what is held, which is copied. */
    A of(Map<String, ? extends @Nullable Object> held) {
        return constructor.apply(Collections.unmodifiableMap(new LinkedHashMap<>(held)));
    }
}
