// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * R-F6, R-C2: hundreds of calls that wait, and handlers that do, share one carrier thread. On JDK 17, which has no virtual
 * threads, the same calls are made on platform threads, and {@link MonitorsTest} shows what makes the difference.
 */
class VirtualThreadsTest {
    @Test
    void callsThatWaitLeaveTheCarrierToOthers() throws Exception {
        String kind = VirtualThreads.exist() ? "virtual" : "platform";
        ChildJvm.Output output = ChildJvm.run(
                WaitingProgram.class,
                List.of(
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-Djdk.tracePinnedThreads=full", // known from 21 to 23
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        assertThat(output.out().lines())
                .containsExactly(
                        WaitingProgram.CALLS + " calls waited at once on " + kind + " threads",
                        WaitingProgram.HANDLERS + " handlers waited at once on " + kind + " threads",
                        "0 times pinned");
    }
}
