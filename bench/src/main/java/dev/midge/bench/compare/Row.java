// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a contender came to in a cell. */
final class Row {
    private static final double MILLION = 1e6;

    private final String contender;
    private final Map<Figure, Series> figures = new EnumMap<>(Figure.class);
    private String client = "";
    private @Nullable String error;

    Row(String contender) {
        this.contender = contender;
    }

    String contender() {
        return contender;
    }

    /** What the program says that it is. */
    String client() {
        return client;
    }

    void client(String name) {
        client = name;
    }

    Map<Figure, Series> figures() {
        return figures;
    }

    /** Why there are no figures, or fewer; null where there is nothing to say. */
    @Nullable
    String error() {
        return error;
    }

    void failed(String text) {
        error = text;
    }

    void add(Figure figure, double value) {
        figures.computeIfAbsent(figure, key -> new Series()).add(value);
    }

    /** What a contender said of a run. */
    void add(Map<String, Object> outcome) {
        double messages = number(outcome, "messages");
        double seconds = number(outcome, "seconds");
        double cpu = number(outcome, "cpuSeconds");
        if (messages == 0) {
            add(Figure.IDLE_CPU, cpu / seconds * 1000);
            return;
        }
        add(Figure.RATE, messages / seconds);
        add(Figure.CPU, cpu / messages * MILLION);
        if (outcome.containsKey("allocatedBytes")) {
            add(Figure.ALLOCATED, number(outcome, "allocatedBytes") / messages);
        }
        for (Figure latency : new Figure[] {Figure.P50, Figure.P99, Figure.P999}) {
            if (outcome.containsKey(latency.key())) {
                add(latency, number(outcome, latency.key()));
            }
        }
    }

    /** @throws IllegalArgumentException when it is not there, or no number */
    static double number(Map<String, Object> outcome, String name) {
        if (outcome.get(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("there is no number \"" + name + "\" in " + outcome);
    }
}
