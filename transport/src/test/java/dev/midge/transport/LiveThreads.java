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

    /**
     * R-A7: no thread is alive one second after the last user has gone. It is a thousand waits of a millisecond, which
     * last longer where others want the processor, too.
     */
    static void assertEndWithinOneSecond(List<Thread> threads) throws InterruptedException {
        int waits = 0;
        for (Thread thread : threads) {
            while (thread.isAlive() && waits < 1_000) {
                thread.join(1);
                waits++;
            }
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }
}
