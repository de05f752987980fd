// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandOffTest {
    private static final Runnable FIRST = new Task(1);
    private static final Runnable SECOND = new Task(2);

    private final HandOff queue = new HandOff();

    @Test
    void refusesATaskThatNoThreadWaitsFor() throws Exception {
        assertThat(queue.offer(FIRST)).isFalse();
        assertThat(queue).isEmpty();
        queue.append(FIRST);
        assertThat(queue.offer(SECOND)).isFalse();
        assertThat(queue.poll(1, TimeUnit.HOURS)).isSameAs(FIRST);
        assertThat(queue.poll(1, TimeUnit.NANOSECONDS)).isNull();
        assertThat(queue.poll()).isNull();
    }

    /** As many as threads that wait, and no more, though these have not begun to run. */
    @Test
    void acceptsATaskForEachThreadThatWaits() throws Exception {
        List<CompletableFuture<Runnable>> taken = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            CompletableFuture<Runnable> result = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    result.complete(queue.take());
                } catch (InterruptedException e) {
                    result.completeExceptionally(e);
                }
            });
            thread.start();
            taken.add(result);
            threads.add(thread);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
        assertThat(queue.offer(FIRST)).isTrue();
        assertThat(queue.offer(FIRST)).isTrue();
        for (CompletableFuture<Runnable> result : taken) {
            assertThat(result.get(30, TimeUnit.SECONDS)).isSameAs(FIRST);
        }
        for (Thread thread : threads) {
            thread.join(30_000);
        }
        assertThat(queue.offer(FIRST)).isFalse();
    }

    @Test
    void isAQueueOtherwise() {
        queue.put(FIRST);
        queue.put(SECOND);
        assertThat(queue.peek()).isSameAs(FIRST);
        assertThat(queue).containsExactly(FIRST, SECOND).hasSize(2);
        assertThat(queue.remove(FIRST)).isTrue();
        assertThat(queue.remove(FIRST)).isFalse();
        queue.put(FIRST);
        List<Runnable> rest = new ArrayList<>();
        assertThat(queue.drainTo(rest, 1)).isEqualTo(1);
        assertThat(queue.drainTo(rest)).isEqualTo(1);
        assertThat(rest).containsExactly(SECOND, FIRST);
        assertThat(queue.remainingCapacity()).isEqualTo(Integer.MAX_VALUE);
    }

    private record Task(int number) implements Runnable {
        @Override
        public void run() {}
    }
}
