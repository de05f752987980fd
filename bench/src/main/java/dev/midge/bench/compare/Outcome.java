// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a run of a contender came to.
 *
 * @param messages that were sent, received or answered
 * @param cpuSeconds of the whole process
 * @param latencies in nanoseconds, of requests
 */
record Outcome(
        long messages,
        double seconds,
        double cpuSeconds,
        long allocatedBytes,
        @Nullable Histogram latencies) {
    Outcome(long messages, double seconds, double cpuSeconds, long allocatedBytes) {
        this(messages, seconds, cpuSeconds, allocatedBytes, null);
    }

    Outcome withLatencies(Histogram nanos) {
        return new Outcome(messages, seconds, cpuSeconds, allocatedBytes, nanos);
    }

    /** The line of the protocol between a contender and {@link Compare}. */
    String line() {
        String figures = String.format(
                Locale.ROOT,
                "\"messages\":%d,\"seconds\":%.6f,\"cpuSeconds\":%.6f,\"allocatedBytes\":%d",
                messages,
                seconds,
                cpuSeconds,
                allocatedBytes);
        if (latencies != null) {
            figures += String.format(
                    Locale.ROOT,
                    ",\"p50Micros\":%.2f,\"p99Micros\":%.2f,\"p999Micros\":%.2f",
                    micros(latencies, 50),
                    micros(latencies, 99),
                    micros(latencies, 99.9));
        }
        return "{" + figures + "}";
    }

    private static double micros(Histogram latencies, double percentile) {
        return latencies.getValueAtPercentile(percentile) * 1e-3;
    }
}
