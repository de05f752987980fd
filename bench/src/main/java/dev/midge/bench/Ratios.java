// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures of several programs that took turns at the same work, and what part of one of them each reached. */
final class Ratios {
    private final String base;
    private final String unit;
    private final int decimals;
    private final Map<String, Map<String, List<Double>>> rates = new LinkedHashMap<>();

    /** Of messages a second. */
    Ratios(String base) {
        this(base, "messages/s");
    }

    /** Of something else, in whole numbers. */
    Ratios(String base, String unit) {
        this(base, unit, 0);
    }

    /**
     * @param base whose figures are 1; where it has none, each has its own
     * @param unit what is printed above the figures
     * @param decimals how many digits of them behind the point are printed
     */
    Ratios(String base, String unit, int decimals) {
        this.base = base;
        this.unit = unit;
        this.decimals = decimals;
    }

    void add(String work, String who, double rate) {
        rates.computeIfAbsent(work, key -> new LinkedHashMap<>())
                .computeIfAbsent(who, key -> new ArrayList<>())
                .add(rate);
    }

    void clear() {
        rates.clear();
    }

    void print() {
        System.out.printf("%-18s %-14s %14s   of %s, median (min - max) of the rounds%n", "", "", unit, base);
        rates.forEach((work, rows) ->
                rows.forEach((who, values) -> print(work, who, values, rows.getOrDefault(base, values))));
    }

    private void print(String work, String who, List<Double> values, List<Double> bases) {
        double[] ratios = new double[values.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = values.get(i) / bases.get(i);
        }
        Arrays.sort(ratios);
        double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
        System.out.printf(
                "%-18s %-14s %,14." + decimals + "f   %.2f (%.2f - %.2f)%n",
                work,
                who,
                sorted[sorted.length / 2],
                ratios[ratios.length / 2],
                ratios[0],
                ratios[ratios.length - 1]);
    }
}
