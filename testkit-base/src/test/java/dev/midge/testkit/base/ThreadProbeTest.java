// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadProbeTest {
    private final ThreadProbe probe = new ThreadProbe();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ForkJoinPool.commonPool-worker-1",
                "ForkJoinPool.commonPool-delayScheduler",
                "CompletableFutureDelayScheduler",
                "process reaper",
                "process reaper (pid 17)",
                "VirtualThread-unblocker",
                "MasterPoller",
                "Read-Poller",
                "surefire-forkedjvm-ping-30s",
                "junit-jupiter-timeout-watcher",
                "globalEventExecutor-1-2",
            })
    void leavesAloneWhatTheJdkAndTheFrameworksKeep(String name) {
        assertThat(probe.isLeak(new Thread(name))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ForkJoinPool-1-worker-1",
                "pool-1-thread-1",
                "Thread-0",
                "my process reaper",
                "nioEventLoopGroup-2-1"
            })
    void reportsEveryOther(String name) {
        assertThat(probe.isLeak(new Thread(name))).isTrue();
    }

    @Test
    void leavesAloneWhatCarriesVirtualThreads() {
        assertThat(probe.isLeak(new Thread(new ThreadGroup("CarrierThreads"), () -> {}, "ForkJoinPool-1-worker-1")))
                .isFalse();
    }

    @Test
    void leavesAloneWhatIsIgnored() {
        Thread ignored = new Thread("Thread-0");
        ThreadProbe.ignore(ignored);
        assertThat(probe.isLeak(ignored)).isFalse();
    }
}
