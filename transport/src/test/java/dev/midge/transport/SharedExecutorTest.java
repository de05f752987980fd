// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedExecutorTest {
    private static CompletableFuture<Thread> runOn(SharedExecutor.Lease lease) {
        return CompletableFuture.supplyAsync(Thread::currentThread, lease);
    }

    /** A task that says that it runs and goes on until told. */
    private static final class Blocker implements Runnable {
        final CountDownLatch runs = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

        @Override
        public void run() {
            runs.countDown();
            try {
                interrupted.complete(!goOn.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        }
    }

    private static Blocker block(SharedExecutor.Lease lease) throws InterruptedException {
        Blocker blocker = new Blocker();
        lease.execute(blocker);
        assertThat(blocker.runs.await(30, TimeUnit.SECONDS)).isTrue();
        return blocker;
    }

    @Test
    void threadsAreNamedDaemonsAndEndBehindTheLastLease() throws Exception {
        SharedExecutor executor = SharedExecutor.own(4);
        SharedExecutor.Lease first = executor.acquire();
        SharedExecutor.Lease second = executor.acquire();
        Thread thread = runOn(first).get(30, TimeUnit.SECONDS);
        assertThat(thread.getName()).startsWith("nats-handler-");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getContextClassLoader()).isSameAs(SharedExecutor.class.getClassLoader());

        first.release();
        first.release();
        runOn(second).get(30, TimeUnit.SECONDS);
        second.release();
        LiveThreads.assertEnd(List.of(thread));
        LiveThreads.assertEnd(LiveThreads.named("nats-handler-"));
    }

    @Test
    void threadsEndSoon() throws Exception {
        SharedExecutor executor = SharedExecutor.own(4);
        LiveThreads.assertEndWithinOneSecond(() -> {
            SharedExecutor.Lease lease = executor.acquire();
            Thread thread = runOn(lease).get(30, TimeUnit.SECONDS);
            lease.release();
            return thread;
        });
    }

    @Test
    void aWaitingThreadIsTakenBeforeANewOne() throws Exception {
        SharedExecutor.Lease lease = SharedExecutor.own(64).acquire();
        Thread only = runOn(lease).get(30, TimeUnit.SECONDS);
        for (int i = 0; i < 100; i++) {
            awaitIdle(only);
            assertThat(runOn(lease).get(30, TimeUnit.SECONDS)).isSameAs(only);
        }
        lease.release();
    }

    /** Until the thread waits for its next task. */
    private static void awaitIdle(Thread thread) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void blockedThreadsDoNotHoldUpOthersUpToTheLimit() throws Exception {
        SharedExecutor.Lease lease = SharedExecutor.own(3).acquire();
        List<Blocker> blockers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            blockers.add(block(lease));
        }
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            int number = i;
            lease.execute(() -> {
                order.add(number);
                done.countDown();
            });
        }
        assertThat(order).isEmpty();
        blockers.get(0).goOn.countDown();
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        blockers.forEach(blocker -> blocker.goOn.countDown());
        lease.release();
    }

    @Test
    void idleThreadsEnd() throws Exception {
        SharedExecutor.Lease lease =
                SharedExecutor.own(2, Duration.ofMillis(20)).acquire();
        Thread thread = runOn(lease).get(30, TimeUnit.SECONDS);
        LiveThreads.assertEnd(List.of(thread));
        assertThat(runOn(lease).get(30, TimeUnit.SECONDS)).isNotSameAs(thread);
        lease.release();
    }

    /** R-A8: a connection closed in its own handler must not interrupt it. */
    @Test
    void releaseInterruptsNothingThatRunsAndRunsWhatWasAccepted() throws Exception {
        SharedExecutor.Lease lease = SharedExecutor.own(1).acquire();
        Blocker blocker = block(lease);
        CompletableFuture<Thread> queued = runOn(lease);
        lease.release();
        assertThat(blocker.interrupted).isNotDone();
        blocker.goOn.countDown();
        assertThat(blocker.interrupted.get(30, TimeUnit.SECONDS)).isFalse();
        LiveThreads.assertEnd(List.of(queued.get(30, TimeUnit.SECONDS)));
    }

    @Test
    void releaseInsideATaskDoesNotInterruptIt() throws Exception {
        SharedExecutor.Lease lease = SharedExecutor.own(2).acquire();
        CompletableFuture<Boolean> interrupted = CompletableFuture.supplyAsync(
                () -> {
                    lease.release();
                    return Thread.currentThread().isInterrupted();
                },
                lease);
        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void aReleasedLeaseRefusesThoughOthersGoOn() throws Exception {
        SharedExecutor executor = SharedExecutor.own(2);
        SharedExecutor.Lease released = executor.acquire();
        SharedExecutor.Lease other = executor.acquire();
        released.release();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> released.execute(() -> {}));
        runOn(other).get(30, TimeUnit.SECONDS);
        other.release();
    }

    /** Threads that time out while tasks come: the moment at which a task could be left without a thread. */
    @Test
    void noTaskIsLostWhileThreadsComeAndGo() throws Exception {
        SharedExecutor.Lease lease =
                SharedExecutor.own(2, Duration.ofNanos(20_000)).acquire();
        AtomicInteger ran = new AtomicInteger();
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        for (int round = 0; round < 2_000; round++) {
            CountDownLatch done = new CountDownLatch(5);
            for (int i = 0; i < 5; i++) {
                lease.execute(() -> {
                    seen.add(Thread.currentThread());
                    ran.incrementAndGet();
                    done.countDown();
                });
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            if (round % 100 == 0) {
                for (Thread thread : seen) { // in a quick succession of tasks there may never be time to time out
                    thread.join(30_000);
                    assertThat(thread.isAlive()).as("%s has timed out", thread).isFalse();
                }
            }
        }
        assertThat(ran).hasValue(10_000);
        assertThat(seen).hasSizeGreaterThan(20);
        lease.release();
    }

    /** Found all threads busy, and all of them timed out before the task was in the queue. */
    @Test
    void aTaskQueuedBehindTheLastThreadStillRuns() throws Exception {
        HandlerPool pool = new HandlerPool(1, Duration.ofSeconds(10));
        CountDownLatch ran = new CountDownLatch(1);
        pool.getRejectedExecutionHandler().rejectedExecution(ran::countDown, pool);
        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        pool.shutdown();
    }

    @Test
    void theUsersExecutorIsUsedAndLeftAlone() {
        List<Runnable> tasks = new ArrayList<>();
        SharedExecutor.Lease lease = SharedExecutor.of(tasks::add).acquire();
        lease.execute(() -> {});
        lease.release();
        assertThat(tasks).hasSize(1);
    }

    @Test
    void maxThreadsMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedExecutor.own(0))
                .withMessage("maxThreads is 0: must be at least 1");
    }
}
