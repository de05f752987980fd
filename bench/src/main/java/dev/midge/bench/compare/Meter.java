// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import com.sun.management.ThreadMXBean;
import dev.midge.bench.ProcessCpu;
import java.lang.management.ManagementFactory;

/** The clock, the processor time and the allocation of this process over a run. */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ProcessCpu cpu = new ProcessCpu();
    private boolean begun;
    private long start;
    private long end;
    private long cpuStart;
    private long cpuEnd;
    private long allocatedStart;
    private long allocatedEnd;

    /** Does nothing if it has begun before, and has not been read since. */
    synchronized void begin() {
        if (!begun) {
            begun = true;
            allocatedStart = allocated();
            cpuStart = cpu.nanos();
            start = System.nanoTime();
        }
    }

    /** The last one counts. */
    synchronized void end() {
        end = System.nanoTime();
        cpuEnd = cpu.nanos();
        allocatedEnd = allocated();
    }

    /** From begin to end, and ready to begin anew. */
    synchronized Outcome read(long messages) {
        begun = false;
        return new Outcome(messages, (end - start) * 1e-9, (cpuEnd - cpuStart) * 1e-9, allocatedEnd - allocatedStart);
    }

    /** By all threads that live; those of clients live as long as they do. */
    private static long allocated() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes); // -1: ended meanwhile
        }
        return sum;
    }
}
