// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How many bytes of heap the calling thread allocates: for tests that hold a hot path to nothing, or to a budget. */
public final class Allocation {
    private Allocation() {}

    /**
     * Runs the action so many times on the calling thread, and returns the bytes that the most frugal run allocated:
     * what first uses and the JVM itself allocate is not in it.
     */
    public static long leastBytes(int runs, Runnable action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int run = 0; run < runs; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            action.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    /** How many bytes all threads that live have allocated since they began: to be taken before and after. */
    public static long byAllThreads() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes); // -1: ended meanwhile
        }
        return sum;
    }
}
