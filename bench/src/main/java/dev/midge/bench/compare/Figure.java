// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.Arrays;
import java.util.Locale;

/** What is measured of a contender in a cell. */
enum Figure {
    RATE("rate/s", "rate"),
    CPU("CPU s/million", "cpuSecondsPerMillion"),
    IDLE_CPU("CPU ms/s", "cpuMillisPerSecond"),
    ALLOCATED("B/message", "allocatedBytesPerMessage"),
    P50("p50 us", "p50Micros"),
    P99("p99 us", "p99Micros"),
    P999("p99.9 us", "p999Micros"),
    RSS("peak RSS MB", "peakRssMegabytes"),
    THREADS("threads", "threads");

    private final String heading;
    private final String key;

    Figure(String heading, String key) {
        this.heading = heading;
        this.key = key;
    }

    /** Above the column of a table. */
    String heading() {
        return heading;
    }

    /** In JSON. */
    String key() {
        return key;
    }

    /** That of JSON, or an exception. */
    static Figure withKey(String key) {
        return Arrays.stream(values())
                .filter(figure -> figure.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown figure: " + key));
    }

    /** For people, with three digits that mean something. */
    static String text(double value) {
        double size = Math.abs(value);
        if (size >= 1e6) {
            return digits(value * 1e-6) + "M";
        }
        return size >= 1e4 ? digits(value * 1e-3) + "k" : digits(value);
    }

    private static String digits(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
