// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PendingQueueTest {
    private final PendingQueue queue = new PendingQueue(new Intake(), new Departures(), false);

    private static Message message(int number) {
        return new Message(String.valueOf(number), null, null, new byte[number % 5], null);
    }

    private static boolean add(PendingQueue queue, int from, int count) {
        @Nullable Message[] batch = new Message[count + 1];
        for (int i = 0; i < count; i++) {
            Message message = message(from + i);
            batch[i] = message;
            queue.announce(message.pendingSize());
        }
        boolean start = queue.add(batch, count);
        assertThat(batch).containsOnlyNulls();
        return start;
    }

    private List<String> take(int max) {
        @Nullable Message[] target = new Message[max];
        int count = queue.take(target, max);
        List<String> subjects = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Message message = target[i];
            assertThat(message).isNotNull();
            subjects.add(message.subject());
            if (i > 0) {
                queue.consumed(message.pendingSize());
            }
        }
        return subjects;
    }

    private static List<String> numbers(int from, int count) {
        List<String> numbers = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            numbers.add(String.valueOf(i));
        }
        return numbers;
    }

    private static long bytes(int from, int count) {
        return numbers(from, count).stream()
                .mapToLong(number -> Integer.parseInt(number) % 5)
                .sum();
    }

    @Test
    void keepsTheOrderWhileItGrowsWrapsAndShrinks() throws Exception {
        int added = 0;
        int taken = 0;
        // fills by 7, empties by 5, so that the head wanders through rings of every size
        while (added < 40_000) {
            add(queue, added, 7);
            added += 7;
            assertThat(take(5)).isEqualTo(numbers(taken, 5));
            taken += 5;
            assertThat(queue.pendingMessages()).isEqualTo(added - taken);
        }
        assertThat(queue.pendingBytes()).isEqualTo(bytes(taken, added - taken));
        while (taken < added) {
            int count = Math.min(32, added - taken);
            assertThat(take(32)).isEqualTo(numbers(taken, count));
            taken += count;
        }
        assertThat(take(1)).isEmpty();
        assertThat(queue.pendingMessages()).isZero();
        assertThat(queue.pendingBytes()).isZero();
        // the large ring is gone, a new one works
        add(queue, 1, 3);
        assertThat(take(8)).containsExactly("1", "2", "3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 31, 32, 33, 4096, 4097})
    void takesBatchesOfAnySize(int size) {
        add(queue, 0, size);
        assertThat(take(size)).isEqualTo(numbers(0, size));
        add(queue, 0, 1);
        add(queue, 1, size);
        assertThat(take(size + 2)).isEqualTo(numbers(0, size + 1));
    }

    @Test
    void isPendingFromTheAnnouncementUntilItsTurn() {
        queue.announce(10);
        assertThat(queue.pendingMessages()).isEqualTo(1);
        assertThat(queue.pendingBytes()).isEqualTo(10);

        PendingQueue other = new PendingQueue(new Intake(), new Departures(), false);
        add(other, 2, 3); // of 2, 3 and 4 bytes
        @Nullable Message[] target = new Message[3];
        assertThat(other.take(target, 3)).isEqualTo(3);
        assertThat(other.pendingMessages()).as("the first is consumed").isEqualTo(2);
        assertThat(other.pendingBytes()).isEqualTo(7);
        other.consumed(3);
        assertThat(other.pendingMessages()).isEqualTo(1);
        assertThat(other.pendingBytes()).isEqualTo(4);
    }

    @Test
    void asksForTheConsumerOnceUntilThatFindsNothing() {
        PendingQueue started = new PendingQueue(new Intake(), new Departures(), true);
        assertThat(add(started, 0, 1)).isTrue();
        assertThat(add(started, 1, 1)).isFalse();
        @Nullable Message[] target = new Message[8];
        assertThat(started.take(target, 8)).isEqualTo(2);
        assertThat(add(started, 2, 1))
                .as("the consumer has not seen the end yet")
                .isFalse();
        assertThat(started.take(target, 8)).isEqualTo(1);
        assertThat(started.take(target, 8)).isZero();
        assertThat(add(started, 3, 1)).isTrue();
    }

    @Test
    void asksAgainForAConsumerThatCouldNotBeStarted() {
        PendingQueue started = new PendingQueue(new Intake(), new Departures(), true);
        assertThat(started.restartsConsumer()).as("nothing there").isFalse();
        assertThat(add(started, 0, 1)).isTrue();
        assertThat(started.restartsConsumer()).as("it runs").isFalse();
        started.consumerStopped();
        assertThat(started.restartsConsumer()).isTrue();
        assertThat(started.restartsConsumer()).isFalse();
        started.consumerStopped();
        assertThat(add(started, 1, 1)).isTrue();
    }

    @Test
    void pollsWhatIsThereAndThenTheEnd() throws Exception {
        add(queue, 3, 2);
        queue.end(null);
        assertThat(queue.isFinished()).isFalse();
        Message first = queue.poll(0);
        assertThat(first).isNotNull().extracting(Message::subject).isEqualTo("3");
        assertThat(queue.pendingMessages()).isEqualTo(1);
        assertThat(queue.poll(0)).isNotNull();
        assertThat(queue.isFinished()).isTrue();
        assertThat(queue.poll(Long.MAX_VALUE)).isNull();
    }

    @Test
    void theFirstCauseOfTheEndStays() {
        Exception cause = new Exception("first");
        queue.end(cause);
        queue.end(new Exception("second"));
        assertThat(queue.endCause()).isSameAs(cause);
        queue.end(null);
        assertThat(queue.endCause()).isSameAs(cause);

        PendingQueue ended = new PendingQueue(new Intake(), new Departures(), false);
        ended.end(null);
        ended.end(cause);
        assertThat(ended.endCause()).isNull();
    }

    @Test
    void dropsTheOldestAndOnlyWhatNobodyHas() {
        add(queue, 1, 3);
        assertThat(queue.dropOldest()).isTrue();
        assertThat(queue.pendingMessages()).isEqualTo(2);
        assertThat(queue.pendingBytes()).isEqualTo(5);
        assertThat(take(1)).containsExactly("2");
        assertThat(queue.dropOldest()).isTrue();
        assertThat(queue.dropOldest()).isFalse();
        assertThat(queue.pendingMessages()).isZero();
    }

    @Test
    void discardsWhatIsThereAndWhatComes() {
        add(queue, 1, 4);
        assertThat(take(1)).containsExactly("1");
        assertThat(queue.isDiscarding()).isFalse();
        assertThat(queue.discard()).isEqualTo(3);
        assertThat(queue.isDiscarding()).isTrue();
        assertThat(queue.pendingMessages()).isZero();
        assertThat(queue.pendingBytes()).isZero();

        assertThat(add(queue, 5, 2)).isFalse();
        assertThat(queue.pendingMessages()).isZero();
        assertThat(queue.discard()).isZero();
        assertThat(take(8)).isEmpty();
        queue.end(null);
        assertThat(queue.isFinished()).isTrue();
    }

    @Test
    void aBatchWakesAsManyAsWait() throws Exception {
        List<CompletableFuture<String>> polled = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<String> result = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    Message message = queue.poll(TimeUnit.SECONDS.toNanos(30));
                    result.complete(message == null ? "none" : message.subject());
                } catch (InterruptedException e) {
                    result.completeExceptionally(e);
                }
            });
            thread.start();
            polled.add(result);
            threads.add(thread);
        }
        for (Thread thread : threads) {
            Eventually.isTrue("a thread that waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
        }
        add(queue, 1, 3);
        List<String> subjects = new ArrayList<>();
        for (CompletableFuture<String> result : polled) {
            subjects.add(result.get(30, TimeUnit.SECONDS));
        }
        assertThat(subjects).containsExactlyInAnyOrder("1", "2", "3");
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Nothing is lost, doubled or out of order, and the counts add up, while all happens at once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsExactlyUnderLoad(boolean dropping) throws Exception {
        int total = 200_000;
        PendingQueue shared = new PendingQueue(new Intake(), new Departures(), true);
        long dropped = 0;
        CountDownLatch done = new CountDownLatch(1);
        List<Integer> seen = new ArrayList<>();
        CompletableFuture<Void> failure = new CompletableFuture<>();
        Runnable consumer = () -> {
            @Nullable Message[] batch = new Message[dropping ? 1 : 32];
            for (int count = shared.take(batch, batch.length); count > 0; count = shared.take(batch, batch.length)) {
                for (int i = 0; i < count; i++) {
                    Message message = batch[i];
                    if (message == null) {
                        failure.completeExceptionally(new AssertionError("null"));
                        return;
                    }
                    if (i > 0) {
                        shared.consumed(message.pendingSize());
                    }
                    seen.add(Integer.parseInt(message.subject()));
                }
            }
            if (shared.isFinished()) {
                done.countDown();
            }
        };
        List<Thread> threads = new ArrayList<>();
        for (int next = 0; next < total; next += 50) {
            boolean start = add(shared, next, 50);
            while (dropping && shared.pendingMessages() > 100) {
                dropped += shared.dropOldest() ? 1 : 0;
            }
            if (start) {
                Thread thread = new Thread(consumer);
                threads.add(thread);
                thread.start();
            }
        }
        shared.end(null);
        for (Thread thread : threads) {
            thread.join();
        }
        consumer.run(); // whatever the last one left: it may have gone before the end
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(failure).isNotDone();
        assertThat(seen).hasSize((int) (total - dropped)).isSorted().doesNotHaveDuplicates();
        assertThat(shared.pendingMessages()).isZero();
        assertThat(shared.pendingBytes()).isZero();
    }
}
