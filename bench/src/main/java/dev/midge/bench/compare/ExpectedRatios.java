// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What ratios have come to before, and how far they may be off: a file with an array of objects, {@code {"workload": "publish",
 * "size": 128, "contender": "midge", "to": "jnats", "figure": "cpuSecondsPerMillion", "ratio": 0.4, "tolerance": 0.25}}, and {@code
 * headers} and {@code storage} where they are not 0 and empty. A rate is out when it is lower than that, all else when it is higher.
 */
final class ExpectedRatios {
    private static final String OWN = "expected-ratios.json";

    private final List<Expectation> expectations = new ArrayList<>();

    /** That a ratio is so much, and how far it may be off: 0.25 is a quarter. */
    private record Expectation(Cell cell, String contender, String to, Figure figure, double ratio, double tolerance) {
        boolean holds(double actual) {
            return figure == Figure.RATE ? actual >= ratio * (1 - tolerance) : actual <= ratio * (1 + tolerance);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s: %s of %s beside %s, expected %s and %s %s",
                    cell,
                    figure.key(),
                    contender,
                    to,
                    Figure.text(ratio),
                    figure == Figure.RATE ? "at least" : "at most",
                    Figure.text(ratio * (figure == Figure.RATE ? 1 - tolerance : 1 + tolerance)));
        }
    }

    /**
     * What a check has come to.
     *
     * @param lines for people, one for each ratio
     */
    record Verdict(boolean well, List<String> lines) {}

    private ExpectedRatios(String json) {
        for (Object each : JsonMapper.builder().build().fromJsonArray(json)) {
            if (!(each instanceof Map<?, ?> entry)) {
                throw new UsageException("expected ratios: not an object: " + each);
            }
            expectations.add(expectation(entry));
        }
    }

    /**
     * Reads them.
     *
     * @param file null for those that come with this program
     */
    static ExpectedRatios read(@Nullable Path file) {
        try (InputStream in = file == null
                ? Objects.requireNonNull(ExpectedRatios.class.getResourceAsStream(OWN), OWN)
                : Files.newInputStream(file)) {
            return new ExpectedRatios(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the expected ratios", e);
        }
    }

    private static Expectation expectation(Map<?, ?> entry) {
        try {
            Workload workload = Workload.named(text(entry, "workload", null));
            Cell cell = new Cell(
                    workload,
                    workload.hasMessages() ? (int) number(entry, "size", null) : 0,
                    (int) number(entry, "headers", 0.0),
                    text(entry, "storage", ""));
            return new Expectation(
                    cell,
                    text(entry, "contender", null),
                    text(entry, "to", null),
                    Figure.withKey(text(entry, "figure", null)),
                    number(entry, "ratio", null),
                    number(entry, "tolerance", null));
        } catch (IllegalArgumentException e) {
            throw new UsageException("expected ratios: " + e.getMessage() + " in " + entry);
        }
    }

    private static String text(Map<?, ?> entry, String name, @Nullable String otherwise) {
        Object value = entry.get(name);
        String text = value == null ? otherwise : value.toString();
        if (text == null) {
            throw new IllegalArgumentException("there is no \"" + name + "\"");
        }
        return text;
    }

    private static double number(Map<?, ?> entry, String name, @Nullable Double otherwise) {
        Object value = entry.get(name);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value != null || otherwise == null) {
            throw new IllegalArgumentException("there is no number \"" + name + "\"");
        }
        return otherwise;
    }

    /** Holds them against results. One that was not measured, as a contender was not there, is not out; one of who failed is. */
    Verdict check(List<Result> results) {
        List<String> lines = new ArrayList<>();
        boolean well = true;
        int checked = 0;
        for (Expectation expected : expectations) {
            Optional<Result> result = results.stream()
                    .filter(each -> each.cell().equals(expected.cell()))
                    .findFirst();
            OptionalDouble actual = result.isEmpty()
                    ? OptionalDouble.empty()
                    : result.get().ratio(expected.figure(), expected.contender(), expected.to());
            String error = result.map(each -> failure(each, expected)).orElse("");
            if (!error.isEmpty()) {
                well = false;
                lines.add("OUT          " + expected + ": " + error);
            } else if (actual.isEmpty()) {
                lines.add("not measured " + expected);
            } else {
                checked++;
                boolean holds = expected.holds(actual.getAsDouble());
                well &= holds;
                lines.add((holds ? "holds        " : "OUT          ") + expected + ": is "
                        + Figure.text(actual.getAsDouble()));
            }
        }
        if (checked == 0) {
            lines.add("OUT          none of the expected ratios was measured");
        }
        return new Verdict(well && checked > 0, lines);
    }

    private static String failure(Result result, Expectation expected) {
        return result.rows().stream()
                .filter(row -> row.contender().equals(expected.contender())
                        || row.contender().equals(expected.to()))
                .filter(row -> row.error() != null)
                .map(row -> row.contender() + " failed")
                .findFirst()
                .orElse("");
    }
}
