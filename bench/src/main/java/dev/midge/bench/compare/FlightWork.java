// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import dev.midge.bench.Flight;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Requests of which so many are under way at any time. */
final class FlightWork implements Work {
    private static final long MAX = TimeUnit.SECONDS.toNanos(60);

    /** From a microsecond on, and to a percent: each of those under way has its own, so that none waits for another one. */
    private static final long LEAST = 1000;

    private static final int DIGITS = 2;

    private final Client.Requester requester;
    private final int inFlight;
    private final Meter meter = new Meter();
    private final List<Histogram> latencies = new ArrayList<>();

    FlightWork(Client.Requester requester, int inFlight) {
        this.requester = requester;
        this.inFlight = inFlight;
        for (int i = 0; i < inFlight; i++) {
            latencies.add(histogram());
        }
    }

    private static Histogram histogram() {
        return new Histogram(LEAST, MAX, DIGITS);
    }

    @Override
    public Outcome run(double seconds) throws Exception {
        latencies.forEach(Histogram::reset);
        var next = latencies.iterator();
        meter.begin();
        long replies = Flight.fly(requester::requestAsync, inFlight, (long) (seconds * 1e9), () -> {
            Histogram own = next.next();
            return nanos -> own.recordValue(Math.min(nanos, MAX));
        });
        meter.end();
        Histogram all = histogram();
        latencies.forEach(all::add);
        return meter.read(replies).withLatencies(all);
    }

    @Override
    public void close() {}
}
