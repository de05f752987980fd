// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;

/** The threads of this JVM whose names begin with something. */
final class LiveThreads {
    private LiveThreads() {}

    static List<Thread> named(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .toList();
    }

    /** How soon is for {@link #assertEndWithinOneSecond}. */
    static void assertEnd(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(30_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    /**
     * R-A7: no thread is alive one second after the last user has gone. A machine that stops a thread for a while must
     * do so many times in a row before it counts.
     *
     * @param released starts a thread, and gives it once its last user has gone
     */
    static void assertEndWithinOneSecond(Callable<Thread> released) throws Exception {
        boolean ended = false;
        for (int i = 0; i < 20 && !ended; i++) {
            Thread thread = released.call();
            thread.join(1_000);
            ended = !thread.isAlive();
            assertEnd(List.of(thread));
        }
        assertThat(ended).as("one of 20 threads has ended within a second").isTrue();
    }
}
