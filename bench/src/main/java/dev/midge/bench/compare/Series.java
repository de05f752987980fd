// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A figure over the rounds. */
final class Series {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    List<Double> values() {
        return Collections.unmodifiableList(values);
    }

    /** The upper one of two in the middle. */
    double median() {
        return median(values);
    }

    double min() {
        return Collections.min(values);
    }

    double max() {
        return Collections.max(values);
    }

    /** What part of another's it is: the median of the rounds, as what else the machine does changes from one to the next. */
    double ratio(Series other) {
        if (values.size() != other.values.size()) {
            return median() / other.median();
        }
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            ratios.add(values.get(i) / other.values.get(i));
        }
        return median(ratios);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
