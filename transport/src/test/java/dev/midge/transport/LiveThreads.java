// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The threads of this JVM whose names begin with something. */
final class LiveThreads {
    private LiveThreads() {}

    static List<Thread> named(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .toList();
    }

    /** R-A7: no thread is alive one second after the last user has gone. */
    static void assertEndWithinOneSecond(List<Thread> threads) throws InterruptedException {
        long deadline = System.nanoTime() + 1_000_000_000L;
        for (Thread thread : threads) {
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }
}
