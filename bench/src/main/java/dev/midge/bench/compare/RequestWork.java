// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Requests, each when the reply to the one before has come. */
final class RequestWork implements Work {
    private static final long MAX = TimeUnit.SECONDS.toNanos(60);
    private static final int DIGITS = 3;

    private final Client.Requester requester;
    private final Meter meter = new Meter();
    private final Histogram latencies = new Histogram(MAX, DIGITS);

    RequestWork(Client.Requester requester) {
        this.requester = requester;
    }

    @Override
    public Outcome run(double seconds) throws Exception {
        latencies.reset();
        long nanos = (long) (seconds * 1e9);
        meter.begin();
        long begin = System.nanoTime();
        for (long start = begin; start - begin < nanos; ) {
            requester.request();
            long now = System.nanoTime();
            latencies.recordValue(Math.min(now - start, MAX));
            start = now;
        }
        meter.end();
        return meter.read(latencies.getTotalCount()).withLatencies(latencies);
    }

    @Override
    public void close() {}
}
