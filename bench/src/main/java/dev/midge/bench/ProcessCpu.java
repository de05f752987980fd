// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** The processor time of this JVM, its compiler and collector included, but for one thread where one plays the other side. */
public final class ProcessCpu {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final @Nullable Thread without;

    /** Of the whole JVM. */
    public ProcessCpu() {
        without = null;
    }

    ProcessCpu(Thread without) {
        this.without = without;
    }

    /** Since the JVM was started; the system tells it in steps of 10 ms. */
    public long nanos() {
        long all = SYSTEM.getProcessCpuTime();
        return without == null ? all : all - THREADS.getThreadCpuTime(without.getId());
    }
}
