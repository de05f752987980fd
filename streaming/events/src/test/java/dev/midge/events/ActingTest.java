// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What actors do with messages: all of it played, in virtual time, by the thread of the test unless a test has another. */
class ActingTest {
    private static final EventWithResponse<String, String> EVENT =
            Event.of("e", Codec.text()).withResponse(Codec.text());

    private final Bench bench = new Bench();
    private final List<String> told = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    private final Middleware teller = new Middleware() {
        @Override
        public void onStart(Attempt attempt) {
            told.add("start " + attempt.message() + " " + attempt.number() + " " + attempt.traceId());
        }

        @Override
        public void onFailure(Attempt attempt, Throwable cause) {
            told.add("failure " + attempt.message() + " " + cause.getClass().getSimpleName());
            throw new IllegalStateException("of a middleware");
        }

        @Override
        public void onSuccess(Attempt attempt, Duration duration) {
            told.add("success " + attempt.message() + " " + duration);
            throw new AssertionError("of a middleware");
        }
    };

    private ActorBuilder<String, String> actor(EventHandler<String, String> handler) {
        return Actor.builder("a", EVENT, handler).middleware(teller);
    }

    /** The feed of one actor that listens; what is executed waits in tasks. */
    private ActorFeed<?, ?> listen(Actor<?, ?> actor) {
        return listening(16, actor).feeds().get(0);
    }

    private Listening listening(int maxJobs, Actor<?, ?>... actors) {
        return new Listening(
                List.of(actors), ListenOptions.builder().maxJobs(maxJobs).build(), bench.connection, bench, tasks::add);
    }

    private void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void success() {
        listen(actor(text -> {
                            bench.pass(Duration.ofMillis(1500));
                            return text + "!";
                        })
                        .build())
                .accept(bench.message(1, 3, "hi", "Walnats-Trace", "t"));
        runAll();
        assertThat(bench.published).containsExactly("1 +ACK");
        assertThat(told).containsExactly("start hi 3 t", "success hi PT1.5S");
    }

    @Test
    void responseBehindTheAckWithTheHeadersOfTheRequest() {
        listen(actor(text -> text + "!").build())
                .accept(bench.message(1, 1, "hi", "Walnats-Reply", "_INBOX.1", "X", "y"));
        runAll();
        assertThat(bench.published).containsExactly("1 +ACK", "_INBOX.1 hi! [Walnats-Reply, X]");
    }

    @Test
    void listenersRespondNothing() {
        listen(Actor.listener("a", EVENT, told::add)).accept(bench.message(1, 1, "hi", "Walnats-Reply", "_INBOX.1"));
        runAll();
        assertThat(bench.published).containsExactly("1 +ACK");
        assertThat(told).containsExactly("hi");
    }

    @Test
    void failureComesAgainAfterTheDelayOfItsNumber() {
        ActorFeed<?, ?> feed = listen(actor(text -> {
                    throw new Exception("no");
                })
                .build());
        feed.accept(bench.message(1, 1, "x"));
        feed.accept(bench.message(2, 2, "y"));
        feed.accept(bench.message(9, 9, "z"));
        runAll();
        assertThat(bench.published)
                .containsExactly(
                        "1 -NAK {\"delay\":500000000}",
                        "2 -NAK {\"delay\":1000000000}",
                        "9 -NAK {\"delay\":4000000000}");
        assertThat(told).contains("failure x Exception", "failure y Exception", "failure z Exception");
    }

    @Test
    void evenErrorsAreFailuresOfTheAttempt() {
        listen(actor(text -> {
                            throw new StackOverflowError();
                        })
                        .build())
                .accept(bench.message(1, 1, "x"));
        runAll();
        assertThat(bench.published).containsExactly("1 -NAK {\"delay\":500000000}");
    }

    @Test
    void noResponseIsAFailureIfOneWasRequested() {
        ActorFeed<?, ?> feed = listen(actor(text -> nothing()).build());
        feed.accept(bench.message(1, 1, "x", "Walnats-Reply", "_INBOX.1"));
        feed.accept(bench.message(2, 1, "y"));
        runAll();
        assertThat(bench.published).containsExactly("1 -NAK {\"delay\":500000000}", "2 +ACK");
    }

    @SuppressWarnings("NullAway") // what users do
    private static String nothing() {
        return null;
    }

    @Test
    void undecodablePayloadIsAFailureOfTheAttempt() {
        Event<Integer> numbers = Event.of("e", Codec.json(Integer.class));
        ActorFeed<?, ?> feed = listen(Actor.listenerBuilder("a", numbers, number -> told.add("got " + number))
                .middleware(teller)
                .build());
        feed.accept(bench.message(1, 1, "x"));
        feed.accept(bench.message(2, 1, "7"));
        runAll();
        assertThat(bench.published).containsExactly("1 -NAK {\"delay\":500000000}", "2 +ACK");
        assertThat(told).containsExactly("failure null CodecException", "start 7 1 null", "got 7", "success 7 PT0S");
    }

    @Test
    void delayedMessagesGoBackForTheTimeThatIsLeft() {
        ActorFeed<?, ?> feed = listen(actor(text -> text).build());
        feed.accept(bench.message(1, 1, "x", "Walnats-Delay", "1002.5"));
        feed.accept(bench.message(2, 2, "y", "Walnats-Delay", "999"));
        feed.accept(bench.message(3, 1, "z", "Walnats-Delay", "soon"));
        assertThat(bench.published).containsExactly("1 -NAK {\"delay\":2500000000}");
        runAll();
        assertThat(bench.published.subList(1, 3)).containsExactly("2 +ACK", "3 -NAK {\"delay\":500000000}");
        assertThat(told).containsExactly("start y 1 null", "success y PT0S", "failure null IllegalArgumentException");
    }

    @Test
    void pulsesWhileItWaitsAndWhileItIsHandled() {
        listen(actor(text -> {
                            bench.pass(Duration.ofSeconds(20));
                            return text;
                        })
                        .build())
                .accept(bench.message(1, 1, "x"));
        bench.pass(Duration.ofSeconds(9));
        assertThat(bench.published).containsExactly("1 +WPI");
        runAll();
        assertThat(bench.published).containsExactly("1 +WPI", "1 +WPI", "1 +WPI", "1 +ACK");
        bench.pass(Duration.ofMinutes(1));
        assertThat(bench.published).hasSize(4);
    }

    @Test
    void noPulseIfThatIsNotWanted() {
        listen(actor(text -> text).pulse(false).build()).accept(bench.message(1, 1, "x"));
        bench.pass(Duration.ofSeconds(30));
        assertThat(bench.published).isEmpty();
    }

    @Test
    void timeOutInterruptsTheHandlerAndKeepsItsPlaceTillItReturns() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        AtomicReference<Boolean> left = new AtomicReference<>();
        Listening listening = listening(
                16,
                actor(text -> {
                            running.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                                Thread.currentThread().interrupt();
                            }
                            boolean was = Thread.interrupted();
                            mayReturn.await();
                            if (was) {
                                Thread.currentThread().interrupt();
                            }
                            return text;
                        })
                        .build());
        listening.feeds().get(0).accept(bench.message(1, 1, "x"));
        Runnable job = tasks.remove();
        Thread thread = new Thread(() -> {
            job.run();
            left.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
        bench.pass(Duration.ofSeconds(40));
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        runAll();
        assertThat(bench.published.get(bench.published.size() - 1)).isEqualTo("1 -NAK {\"delay\":500000000}");
        assertThat(told).containsExactly("start x 1 null", "failure x TimeoutException");
        assertThat(listening.jobs()).isEqualTo(1);
        mayReturn.countDown();
        thread.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(thread.isAlive()).isFalse();
        assertThat(left.get()).isFalse();
        assertThat(listening.jobs()).isZero();
        assertThat(told).hasSize(2);
    }

    @Test
    void handlersRunWhereTheirActorSays() {
        Deque<Runnable> own = new ArrayDeque<>();
        ActorFeed<?, ?> feed = listen(actor(text -> text).executor(own::add).build());
        feed.accept(bench.message(1, 1, "x"));
        assertThat(tasks).isEmpty();
        own.remove().run();
        assertThat(bench.published).containsExactly("1 +ACK");
    }

    @Test
    void anExecutorThatTakesNothingIsAFailureOfTheAttempt() {
        Listening listening = listening(
                16,
                actor(text -> text)
                        .executor(task -> {
                            throw new RejectedExecutionException("full");
                        })
                        .build());
        listening.feeds().get(0).accept(bench.message(1, 1, "x"));
        assertThat(bench.published).containsExactly("1 -NAK {\"delay\":500000000}");
        assertThat(told).containsExactly("failure null RejectedExecutionException");
        assertThat(listening.jobs()).isZero();
    }

    /** R-E4. */
    @Test
    void asksForOneAtATimeWhileThereIsRoom() {
        Listening listening = listening(2, actor(text -> text).build());
        Demand demand = new Demand();
        ActorFeed<?, ?> feed = listening.feeds().get(0);
        feed.onSubscribe(demand);
        assertThat(demand.asked).containsExactly(1L);
        feed.onNext(bench.message(1, 1, "x"));
        assertThat(demand.asked).containsExactly(1L, 1L);
        feed.onNext(bench.message(2, 1, "y"));
        assertThat(demand.asked).containsExactly(1L, 1L); // both places are taken
        tasks.remove().run();
        assertThat(demand.asked).containsExactly(1L, 1L, 1L);
        listening.close();
        assertThat(demand.cancelled).isTrue();
    }

    /** R-E4. */
    @Test
    void asksForBatchesWithinTheActorsOwnLimit() {
        Actor<String, String> actor = actor(text -> text).maxJobs(3).build();
        Listening listening = new Listening(
                List.of(actor), ListenOptions.builder().batch(10).build(), bench.connection, bench, tasks::add);
        Demand demand = new Demand();
        ActorFeed<?, ?> feed = listening.feeds().get(0);
        feed.onSubscribe(demand);
        assertThat(demand.asked).containsExactly(3L);
        for (int i = 1; i <= 3; i++) {
            feed.onNext(bench.message(i, 1, "x"));
        }
        assertThat(demand.asked).containsExactly(3L);
        runAll();
        assertThat(demand.asked.stream().mapToLong(n -> n).sum()).isEqualTo(6);
    }

    /** So it is in a burst, whose batch may be larger. */
    @Test
    void noActorHasMorePlacesThanItsOwnLimit() {
        Actor<?, ?> narrow = actor(text -> text).maxJobs(1).build();
        Actor<?, ?> wide = named("wide", Priority.LOW);
        Listening listening = listening(16, narrow, wide);
        for (int i = 1; i <= 3; i++) {
            listening.feeds().get(0).accept(bench.message(i, 1, "x"));
        }
        listening.feeds().get(1).accept(bench.message(4, 1, "y"));
        assertThat(tasks).hasSize(2);
        tasks.remove().run();
        assertThat(bench.published).containsExactly("1 +ACK");
        assertThat(tasks).hasSize(2);
        runAll();
        assertThat(bench.published).containsExactly("1 +ACK", "4 +ACK", "2 +ACK", "3 +ACK");
    }

    @Test
    void highComesBeforeNormalBeforeLowAndLowIsNotNever() {
        Actor<?, ?> high = named("h", Priority.HIGH);
        Actor<?, ?> normal = named("n", Priority.NORMAL);
        Actor<?, ?> low = named("l", Priority.LOW);
        Listening listening = listening(1, low, normal, high);
        listening.feeds().get(0).accept(bench.message(1, 1, "first"));
        listening.feeds().get(0).accept(bench.message(1, 1, "low"));
        listening.feeds().get(1).accept(bench.message(1, 1, "normal"));
        for (int i = 0; i < 20; i++) {
            listening.feeds().get(2).accept(bench.message(1, 1, "high"));
        }
        assertThat(tasks).hasSize(1);
        runAll();
        assertThat(told).hasSize(23).startsWith("l first", "h high").endsWith("h high", "n normal");
        assertThat(told.indexOf("l low")).isEqualTo(15);
    }

    private Actor<?, ?> named(String name, Priority priority) {
        return Actor.listenerBuilder(name, EVENT, text -> told.add(name + " " + text))
                .priority(priority)
                .build();
    }

    @Test
    void closingGivesBackWhatWaitsAndLetsTheOthersEnd() {
        Listening listening = listening(1, actor(text -> text).build());
        ActorFeed<?, ?> feed = listening.feeds().get(0);
        feed.accept(bench.message(1, 1, "runs"));
        feed.accept(bench.message(2, 1, "waits"));
        listening.close();
        assertThat(bench.published).containsExactly("2 -NAK");
        assertThat(listening.ended().toCompletableFuture()).isNotDone();
        assertThat(bench.ticking).isTrue();
        feed.accept(bench.message(3, 1, "late"));
        assertThat(bench.published).containsExactly("2 -NAK", "3 -NAK");
        runAll();
        assertThat(bench.published).containsExactly("2 -NAK", "3 -NAK", "1 +ACK");
        assertThat(listening.ended().toCompletableFuture()).isCompleted();
        assertThat(bench.ticking).isFalse();
    }

    @Test
    void anActorThatCannotListenEndsItForAll() {
        Listening listening = listening(1, actor(text -> text).build());
        listening.feeds().get(0).onError(new IllegalStateException("gone"));
        assertThat(listening.ended().toCompletableFuture())
                .isCompletedExceptionally()
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withMessageContaining("Actor a of event e cannot listen any more: gone");
    }

    private static final class Demand implements java.util.concurrent.Flow.Subscription {
        private final List<Long> asked = new ArrayList<>();
        private boolean cancelled;

        @Override
        public void request(long n) {
            asked.add(n);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
