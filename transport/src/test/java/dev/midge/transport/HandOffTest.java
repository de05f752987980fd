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
            threads.add(taker(result));
            taken.add(result);
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

    /** The one that came last has its data in the caches; the others time out when there is less to do. */
    @Test
    void prefersTheThreadThatHasWaitedForTheShortestTime() throws Exception {
        CompletableFuture<Runnable> first = new CompletableFuture<>();
        CompletableFuture<Runnable> last = new CompletableFuture<>();
        Thread waitsFirst = taker(first);
        Thread waitsLast = taker(last);
        assertThat(queue.offer(FIRST)).isTrue();
        assertThat(last.get(30, TimeUnit.SECONDS)).isSameAs(FIRST);
        assertThat(queue.offer(SECOND)).isTrue();
        assertThat(first.get(30, TimeUnit.SECONDS)).isSameAs(SECOND);
        waitsFirst.join(30_000);
        waitsLast.join(30_000);
    }

    /** Whichever comes first, the task or the interrupt: what was accepted is taken. */
    @Test
    void anInterruptLosesNoTask() throws Exception {
        CompletableFuture<Runnable> result = new CompletableFuture<>();
        Thread thread = taker(result);
        thread.interrupt();
        assertThat(result)
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(InterruptedException.class);
        thread.join(30_000);
        assertThat(queue.offer(FIRST)).as("it waits no longer").isFalse();

        for (int i = 0; i < 200; i++) {
            CompletableFuture<Runnable> raced = new CompletableFuture<>();
            Thread racing = taker(raced);
            Thread interrupter = new Thread(racing::interrupt);
            interrupter.start();
            boolean accepted = queue.offer(FIRST);
            Runnable taken = raced.exceptionally(failure -> null).get(30, TimeUnit.SECONDS);
            assertThat(taken).isSameAs(accepted ? FIRST : null);
            racing.join(30_000);
            interrupter.join(30_000);
        }
    }

    private Thread taker(CompletableFuture<Runnable> result) {
        Thread thread = new Thread(() -> {
            try {
                result.complete(queue.take());
            } catch (InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
        return thread;
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
