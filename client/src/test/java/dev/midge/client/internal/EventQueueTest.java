// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Order, limit, and what is told of events that are dropped. The executor is the test's: it decides when a listener is told. */
class EventQueueTest {
    private sealed interface Event {
        /** May be dropped. */
        record Note(int number) implements Event {}

        /** To be kept. */
        record Up(int number) implements Event {}

        /** To be kept. */
        record Down(int number) implements Event {}

        /** To be kept, by its sum. */
        record Sum(int number) implements Event {}

        record Dropped(long count) implements Event {}
    }

    private static final class Events extends EventQueue<Event, Consumer<Event>> {
        Events(Executor executor, int limit) {
            super("the test", executor, limit, Set.of(Event.Up.class, Event.Down.class, Event.Sum.class));
        }

        @Override
        protected void tell(Consumer<Event> listener, Event event) {
            listener.accept(event);
        }

        @Override
        protected Event dropped(long count) {
            return new Event.Dropped(count);
        }

        @Override
        protected Event joined(Event first, Event second) {
            return first instanceof Event.Sum some && second instanceof Event.Sum more
                    ? new Event.Sum(some.number() + more.number())
                    : second;
        }
    }

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Event> told = new ArrayList<>();

    private Events events(int limit) {
        Events events = new Events(tasks::add, limit);
        events.listeners().add(told::add);
        return events;
    }

    private void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private static List<Event> notes(int from, int to) {
        return IntStream.range(from, to).<Event>mapToObj(Event.Note::new).toList();
    }

    /** One task tells all that waits; there is no other one meanwhile, and another one afterwards. */
    @Test
    void inOrderByOneTaskAtATime() {
        Events events = events(10);
        notes(0, 5).forEach(events::emit);
        assertThat(tasks).hasSize(1);
        assertThat(told).isEmpty();
        runAll();
        assertThat(told).isEqualTo(notes(0, 5));
        events.emit(new Event.Note(5));
        assertThat(tasks).hasSize(1);
        runAll();
        assertThat(told).isEqualTo(notes(0, 6));
    }

    /** What is emitted by the listener itself comes behind what waits, also where the executor runs tasks at once. */
    @Test
    void aListenerThatEmits() {
        Events events = new Events(Runnable::run, 10);
        events.listeners().add(event -> {
            if (event instanceof Event.Note note && note.number() < 3) {
                events.emit(new Event.Note(note.number() + 1));
            }
            told.add(event);
        });
        events.emit(new Event.Note(0));
        assertThat(told).isEqualTo(notes(0, 4));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void overTheLimitTheyAreDroppedAndCounted(int limit) {
        Events events = events(limit);
        notes(0, limit + 7).forEach(events::emit);
        runAll();
        assertThat(told).startsWith(notes(0, limit).toArray(Event[]::new)).endsWith(new Event.Dropped(7));
        assertThat(told).hasSize(limit + 1);
        events.emit(new Event.Note(0)); // all is as it was
        runAll();
        assertThat(told).endsWith(new Event.Dropped(7), new Event.Note(0));
    }

    /** They are dropped until half of the limit is told, and the count comes where they were. */
    @Test
    void inThePlaceWhereTheyWereDropped() {
        Events events = new Events(tasks::add, 4);
        events.listeners().add(event -> {
            told.add(event);
            if (event.equals(new Event.Note(0))) {
                events.emit(new Event.Note(6)); // three wait: dropped
            } else if (event.equals(new Event.Note(1))) {
                events.emit(new Event.Note(7)); // two wait
            }
        });
        notes(0, 6).forEach(events::emit);
        runAll();
        assertThat(told)
                .containsExactly(
                        new Event.Note(0),
                        new Event.Note(1),
                        new Event.Note(2),
                        new Event.Note(3),
                        new Event.Dropped(3),
                        new Event.Note(7));
    }

    /** Those to be kept have their place among the others, behind the count of those dropped before. */
    @Test
    void someAreNotDropped() {
        Events events = events(3);
        events.emit(new Event.Up(0));
        notes(0, 4).forEach(events::emit);
        events.emit(new Event.Down(1));
        notes(4, 6).forEach(events::emit);
        events.emit(new Event.Up(2));
        runAll();
        assertThat(told)
                .containsExactly(
                        new Event.Up(0),
                        new Event.Note(0),
                        new Event.Note(1),
                        new Event.Dropped(2),
                        new Event.Down(1),
                        new Event.Dropped(2),
                        new Event.Up(2));
    }

    /** As when a connection is lost and found again without end, and the listener never returns. */
    @Test
    void ofThoseToBeKeptTheLastOnesAreOverTwiceTheLimit() {
        Events events = events(2);
        for (int i = 0; i < 1000; i++) {
            events.emit(new Event.Down(i));
            events.emit(new Event.Up(i));
        }
        events.emit(new Event.Down(1000));
        runAll();
        assertThat(told)
                .containsExactly(
                        new Event.Down(0),
                        new Event.Up(0),
                        new Event.Down(1),
                        new Event.Up(1),
                        new Event.Dropped(1995),
                        new Event.Up(999),
                        new Event.Down(1000));
    }

    @Test
    void sumsAreRightOverAnyLimit() {
        Events events = events(1);
        for (int i = 1; i <= 100; i++) {
            events.emit(new Event.Sum(i));
        }
        runAll();
        assertThat(told)
                .containsExactly(
                        new Event.Sum(1), new Event.Sum(2), new Event.Dropped(97), new Event.Sum((3 + 100) * 98 / 2));
    }

    /** What is behind the limit when there is room again comes before what comes then. */
    @Test
    void orderIsKeptBehindTheLimit() {
        Events events = new Events(tasks::add, 1);
        events.listeners().add(event -> {
            told.add(event);
            if (event.equals(new Event.Down(2))) { // nothing waits in the queue now, but behind it
                events.emit(new Event.Note(0));
            }
        });
        events.emit(new Event.Up(1));
        events.emit(new Event.Down(2));
        events.emit(new Event.Up(3));
        events.emit(new Event.Up(4));
        runAll();
        assertThat(told)
                .containsExactly(
                        new Event.Up(1), new Event.Down(2), new Event.Dropped(1), new Event.Up(4), new Event.Note(0));
    }

    /** Whatever it throws: others are told, and so is it of what comes next. */
    @Test
    void aListenerThatThrows() {
        Events events = new Events(tasks::add, 10);
        AtomicInteger asked = new AtomicInteger();
        events.listeners().add(event -> {
            asked.incrementAndGet();
            throw new AssertionError("thrown by a test");
        });
        events.listeners().add(told::add);
        notes(0, 3).forEach(events::emit);
        runAll();
        assertThat(told).isEqualTo(notes(0, 3));
        assertThat(asked).hasValue(3);
    }

    /** Nothing is lost, and whoever emits does not see it. */
    @Test
    void anExecutorThatRefuses() {
        AtomicInteger refusals = new AtomicInteger(2);
        Events events = new Events(
                task -> {
                    if (refusals.getAndDecrement() > 0) {
                        throw new RejectedExecutionException("refused by a test");
                    }
                    tasks.add(task);
                },
                10);
        events.listeners().add(told::add);
        notes(0, 3).forEach(events::emit);
        runAll();
        assertThat(told).isEqualTo(notes(0, 3));
    }

    /** From many threads, with a listener that is told by a real executor: in the order of each, one at a time. */
    @Test
    void fromManyThreads() throws Exception {
        int threads = 4;
        int each = 5_000;
        Queue<Event> seen = new ConcurrentLinkedQueue<>();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(threads * each);
        ExecutorService emitters = Executors.newFixedThreadPool(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            Events events = new Events(executor, threads * each);
            events.listeners().add(event -> {
                together.addAndGet(inside.getAndIncrement());
                seen.add(event);
                inside.decrementAndGet();
                all.countDown();
            });
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * each;
                emitters.execute(() -> notes(first, first + each).forEach(events::emit));
            }
            assertThat(all.await(30, TimeUnit.SECONDS)).as("all are told").isTrue();
            assertThat(together).hasValue(0);
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * each;
                assertThat(seen.stream()
                                .filter(event -> event instanceof Event.Note note
                                        && note.number() >= first
                                        && note.number() < first + each))
                        .isEqualTo(notes(first, first + each));
            }
        } finally {
            emitters.shutdown();
            executor.shutdown();
            assertThat(emitters.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Under a flood, with a listener that is slow: what is told and what is counted is all there was. */
    @Test
    void nothingIsLostSilently() throws Exception {
        int total = 50_000;
        long[] accounted = new long[1];
        CountDownLatch end = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            Events events = new Events(executor, 3);
            events.listeners().add(event -> {
                accounted[0] += event instanceof Event.Dropped dropped ? dropped.count() : 1;
                if (event instanceof Event.Down) {
                    end.countDown();
                }
            });
            notes(0, total).forEach(events::emit);
            events.emit(new Event.Down(0));
            assertThat(end.await(30, TimeUnit.SECONDS)).as("the end is told").isTrue();
            assertThat(accounted[0]).isEqualTo(total + 1);
        } finally {
            executor.shutdown();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
