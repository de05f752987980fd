// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Objects;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/** What the event loops and the executors of the client take of the processors, beside the result of a benchmark. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class ClientCpu {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** JMH adds up what iterations give. */
    private int iterations = 1;

    private long begun;
    private long taken;
    private long messages;

    /** Begins to count. */
    @Setup(Level.Iteration)
    public void begin(BenchmarkParams params) {
        iterations = params.getMeasurement().getCount() * Math.max(1, params.getForks());
        begun = now();
        taken = 0;
        messages = 0;
    }

    /** So many messages more were handled. */
    void handled(int more) {
        messages += more;
        taken = now() - begun;
    }

    /** Nanoseconds of processor time for a message. */
    public double clientCpu() {
        return messages == 0 ? 0 : (double) taken / messages / iterations;
    }

    private static long now() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(Objects::nonNull)
                .filter(thread -> thread.getThreadName().startsWith("nats-"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(THREADS::getThreadCpuTime)
                .sum();
    }
}
