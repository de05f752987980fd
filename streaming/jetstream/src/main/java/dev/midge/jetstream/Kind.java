// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How values of a type stand in JSON. What an object holds is mostly the value itself; a number or an enum value that this version
 * of Midge has no value for is held as it came, so that it is written back as it came.
 *
 * @param expected what a value must be, for exceptions
 * @param reader from the JSON tree to what is held, null if the tree is none
 * @param writer from what is held to the JSON tree
 * @param value from what is held to what the user sees, null for what counts as absent
 */
record Kind<T>(
        String expected,
        Function<Object, @Nullable Object> reader,
        Function<Object, Object> writer,
        Function<Object, @Nullable T> value) {
    /** What Go writes for a time that is not set. */
    private static final Instant GO_ZERO = Instant.parse("0001-01-01T00:00:00Z");

    private static final BigInteger MAX_UINT64 =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    static final Kind<String> TEXT = plain("a text", String.class);
    static final Kind<Boolean> FLAG = plain("true or false", Boolean.class);

    /** Go's uint64 among them: what a long cannot hold is shown as the largest that it can. */
    static final Kind<Long> WHOLE = new Kind<>(
            "a whole number of 64 bits",
            tree -> tree instanceof Long || isUint64(tree) ? tree : null,
            held -> held,
            held -> held instanceof Long number ? number : Long.MAX_VALUE);

    static final Kind<Integer> INT = new Kind<>(
            "a whole number of 32 bits",
            tree -> tree instanceof Long number && number == number.intValue() ? number.intValue() : null,
            held -> ((Integer) held).longValue(),
            Integer.class::cast);

    static final Kind<Duration> DURATION = new Kind<>(
            "a whole number of nanoseconds",
            tree -> tree instanceof Long nanos ? Duration.ofNanos(nanos) : null,
            held -> ((Duration) held).toNanos(),
            Duration.class::cast);

    static final Kind<Instant> TIME = new Kind<>(
            "a time as of RFC 3339",
            Kind::readTime,
            Object::toString,
            held -> held.equals(GO_ZERO) ? null : (Instant) held);

    private static <T> Kind<T> plain(String expected, Class<T> type) {
        return new Kind<>(expected, tree -> type.isInstance(tree) ? tree : null, held -> held, type::cast);
    }

    private static boolean isUint64(Object tree) {
        return tree instanceof BigDecimal number
                && number.signum() > 0
                && number.stripTrailingZeros().scale() <= 0
                && number.toBigInteger().compareTo(MAX_UINT64) <= 0;
    }

    private static @Nullable Object readTime(Object tree) {
        try {
            return tree instanceof String text ? OffsetDateTime.parse(text).toInstant() : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Values of an enum, by their names in lower case; others as its constant UNKNOWN. */
    static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
        Map<String, Object> byName = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            byName.put(constant.name().toLowerCase(Locale.ROOT), constant);
        }
        E unknown = Enum.valueOf(type, "UNKNOWN");
        byName.remove("unknown");
        return new Kind<>(
                "a text",
                tree -> tree instanceof String text ? byName.getOrDefault(text, text) : null,
                held -> held instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT) : held,
                held -> held instanceof String ? unknown : type.cast(held));
    }

    static <A extends ApiObject> Kind<A> object(Schema<A> schema) {
        return new Kind<>(
                "an object",
                tree -> tree instanceof Map<?, ?> map ? schema.read(map) : null,
                held -> ((ApiObject) held).tree(),
                schema.type()::cast);
    }

    /** Lists of these. */
    Kind<List<T>> list() {
        return new Kind<>(
                "a list, each " + expected,
                tree -> tree instanceof List<?> list ? readList(list) : null,
                held -> ((List<?>) held)
                        .stream().map(element -> writer.apply(element)).toList(),
                held -> ((List<?>) held).stream().map(this::shown).toList());
    }

    /** Objects with any members, whose values are these. */
    Kind<Map<String, T>> map() {
        return new Kind<>(
                "an object, each member " + expected,
                tree -> tree instanceof Map<?, ?> map ? readMap(map) : null,
                held -> mapped((Map<?, ?>) held, writer),
                held -> mapped((Map<?, ?>) held, this::shown));
    }

    private T shown(Object held) {
        T shown = value.apply(held);
        if (shown == null) {
            throw new IllegalStateException("an element that counts as absent");
        }
        return shown;
    }

    private @Nullable Object readList(List<?> list) {
        List<Object> held = new ArrayList<>(list.size());
        for (Object element : list) {
            Object read = element == null ? null : reader.apply(element);
            if (read == null) {
                return null;
            }
            held.add(read);
        }
        return Collections.unmodifiableList(held);
    }

    private @Nullable Object readMap(Map<?, ?> map) {
        Map<String, Object> held = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : map.entrySet()) {
            Object read = member.getValue() == null ? null : reader.apply(member.getValue());
            if (read == null) {
                return null;
            }
            held.put(String.valueOf(member.getKey()), read);
        }
        return Collections.unmodifiableMap(held);
    }

    private static <V> Map<String, V> mapped(Map<?, ?> held, Function<Object, V> mapping) {
        Map<String, V> mapped = new LinkedHashMap<>();
        held.forEach((name, element) -> mapped.put(String.valueOf(name), mapping.apply(element)));
        return Collections.unmodifiableMap(mapped);
    }
}
