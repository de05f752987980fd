// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the value of an option may be, said in text.
 *
 * @param shape what is allowed, for exceptions and the documentation
 * @param secret whether no exception may show the value
 * @param reader the value; throws IllegalArgumentException or ArithmeticException if the text is not one
 */
record ValueType<T>(String shape, boolean secret, Function<String, T> reader) {
    private static final Map<String, BigDecimal> NANOS_BY_UNIT = Map.of(
            "ns", BigDecimal.valueOf(1),
            "us", BigDecimal.valueOf(1_000),
            "ms", BigDecimal.valueOf(1_000_000),
            "s", BigDecimal.valueOf(1_000_000_000),
            "m", BigDecimal.valueOf(60_000_000_000L),
            "h", BigDecimal.valueOf(3_600_000_000_000L),
            "d", BigDecimal.valueOf(86_400_000_000_000L));
    private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)(ns|us|ms|s|m|h|d)");
    private static final Map<String, Long> BYTES_BY_UNIT = Map.of(
            "",
            1L,
            "b",
            1L,
            "kb",
            1_000L,
            "kib",
            1L << 10,
            "mb",
            1_000_000L,
            "mib",
            1L << 20,
            "gb",
            1_000_000_000L,
            "gib",
            1L << 30);
    private static final Pattern SIZE_PARTS = Pattern.compile("(\\d{1,18}) ?([kmg]?i?b)?", Pattern.CASE_INSENSITIVE);

    static final ValueType<String> TEXT = shown("text", ValueType::notEmpty);
    static final ValueType<List<String>> TEXTS = shown("texts, with commas in between", ValueType::texts);
    static final ValueType<Boolean> FLAG = shown("`true` or `false`", ValueType::flag);
    static final ValueType<Integer> COUNT = shown("whole number", Integer::valueOf);
    static final ValueType<Long> LONG_COUNT = shown("whole number", Long::valueOf);
    static final ValueType<Double> NUMBER = shown("number, such as `0.2`", ValueType::number);
    static final ValueType<Duration> DURATION =
            shown("duration, such as `250ms`, `2s`, `1m30s` or `PT2S`", ValueType::duration);
    static final ValueType<Long> SIZE =
            shown("size in bytes, such as `4096`, `64KiB`, `8MiB` or `1GB`", ValueType::size);
    static final ValueType<Integer> INT_SIZE = shown(SIZE.shape, text -> Math.toIntExact(size(text)));
    static final ValueType<Path> PATH = shown("file; a leading `~` is the home folder", ValueType::path);

    /** As they stand in a request of HTTP; what cannot be a header is told by what takes it. */
    static final ValueType<Map<String, String>> HEADERS =
            new ValueType<>("lines of `Name: value`, never shown", true, ValueType::headers);

    /** Those of URLs may have passwords in them: the exception of the URL itself shows what it can. */
    static final ValueType<List<String>> URLS = new ValueType<>("URLs, with commas in between", true, ValueType::texts);

    static final ValueType<String> URL = new ValueType<>("URL", true, ValueType::notEmpty);
    static final ValueType<char[]> SECRET =
            new ValueType<>("text, never shown", true, text -> notEmpty(text).toCharArray());

    /** One of the constants of an enum, whatever the case, with - or _. */
    static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
        String names = Arrays.stream(type.getEnumConstants())
                .map(constant -> "`" + constant.name().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                .collect(Collectors.joining(", "));
        return shown(
                "one of " + names,
                text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    private static <T> ValueType<T> shown(String shape, Function<String, T> reader) {
        return new ValueType<>(shape, false, reader);
    }

    private static String notEmpty(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }

    private static List<String> texts(String text) {
        List<String> parts =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        parts.forEach(ValueType::notEmpty);
        return parts;
    }

    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
            int colon = line.indexOf(':');
            if (colon < 1
                    || headers.put(
                                    line.substring(0, colon).strip(),
                                    line.substring(colon + 1).strip())
                            != null) {
                throw new IllegalArgumentException("no header, or the same twice");
            }
        }
        return headers;
    }

    private static Boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither");
        };
    }

    /** Not Double.valueOf, which takes NaN, hexadecimal digits and a trailing d. */
    private static Double number(String text) {
        return new BigDecimal(text).doubleValue();
    }

    static Duration duration(String text) {
        if (text.startsWith("P") || text.startsWith("p")) {
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(e);
            }
        }
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher part = DURATION_PART.matcher(notEmpty(text.toLowerCase(Locale.ROOT)));
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(NANOS_BY_UNIT.get(part.group(2))));
            end = part.end();
        }
        if (end != text.length()) {
            throw new IllegalArgumentException("not a duration");
        }
        return Duration.ofNanos(nanos.longValueExact());
    }

    static long size(String text) {
        Matcher parts = SIZE_PARTS.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a size");
        }
        String unit = parts.group(2) == null ? "" : parts.group(2).toLowerCase(Locale.ROOT);
        Long factor = BYTES_BY_UNIT.get(unit);
        if (factor == null) {
            throw new IllegalArgumentException("no such unit");
        }
        return Math.multiplyExact(Long.parseLong(parts.group(1)), factor);
    }

    static Path path(String text) {
        try {
            Path path = Path.of(notEmpty(text));
            return path.startsWith("~")
                    ? Path.of(System.getProperty("user.home"))
                            .resolve(Path.of("~").relativize(path))
                    : path;
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
