// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** The processor time of this JVM, its compiler and collector included, but for one thread that plays the other side. */
final class ProcessCpu {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Thread without;

    ProcessCpu(Thread without) {
        this.without = without;
    }

    /** Since the JVM was started. */
    long nanos() {
        return SYSTEM.getProcessCpuTime() - THREADS.getThreadCpuTime(without.getId());
    }
}
