// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.Subscription;
import dev.midge.events.model.User;
import dev.midge.jetstream.JetStreamApiException;
import dev.midge.protocol.NatsException;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What actors do on servers of both versions. */
@NatsServerTest(jetStream = true)
class ActorIT extends EventsCase {
    ActorIT(NatsServer server) {
        super(server);
    }

    @Test
    void triesAgainUntilItSucceeds() {
        ec.register();
        AtomicInteger attempts = new AtomicInteger();
        Queue<Long> times = new ConcurrentLinkedQueue<>();
        Actor<User, Void> actor = watcher("a", user -> {
                    times.add(System.nanoTime());
                    seen.add(user.name() + attempts.incrementAndGet());
                    if (attempts.get() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                })
                .retryDelays(Duration.ofMillis(100), Duration.ofMillis(300))
                .build();
        ec.registerActors(actor);
        ec.emitSync(created, user("x"));
        try (Listening listening = ec.listen(actor)) {
            Patience.until("success", () -> seen.size() == 3);
            assertThat(listening.drain(Patience.LONG)).isTrue();
        }
        assertThat(seen).containsExactly("x1", "x2", "x3");
        List<Long> all = List.copyOf(times);
        assertThat(all.get(1) - all.get(0)).isGreaterThan(Duration.ofMillis(90).toNanos());
        assertThat(all.get(2) - all.get(1)).isGreaterThan(Duration.ofMillis(290).toNanos());
        Patience.until("acks", () -> stream().state().messages() == 0);
    }

    @Test
    void undecodablePayloadsFailAndTheActorGoesOn() {
        ec.register();
        Actor<User, Void> actor = watcher("a", seen::add)
                .middleware(new Middleware() {
                    @Override
                    public void onFailure(Attempt attempt, Throwable cause) {
                        seen.add(cause.getClass().getSimpleName() + attempt.number());
                    }
                })
                .retryDelays(Duration.ofMillis(50))
                .maxAttempts(2)
                .build();
        ec.registerActors(actor);
        js.publish(name, "{\"name\":");
        ec.emitSync(created, User.JOE);
        try (Listening listening = ec.listen(actor)) {
            Patience.until("all", () -> seen.size() == 3);
            assertThat(listening.drain(Patience.LONG)).isTrue();
        }
        assertThat(seen).containsExactlyInAnyOrder("CodecException1", User.JOE, "CodecException2");
    }

    @Test
    void timesOutAndTriesAgain() {
        ec.register();
        AtomicInteger attempts = new AtomicInteger();
        Actor<User, Void> actor = watcher("a", user -> {
                    if (attempts.incrementAndGet() == 1) {
                        new CountDownLatch(1).await();
                    }
                    seen.add("done " + attempts.get());
                })
                .jobTimeout(Duration.ofMillis(200))
                .retryDelays(Duration.ZERO)
                .build();
        ec.registerActors(actor);
        ec.emitSync(created, User.JOE);
        try (Listening listening = ec.listen(actor)) {
            Patience.until("the second attempt", () -> !seen.isEmpty());
            assertThat(listening.drain(Patience.LONG)).isTrue();
        }
        assertThat(seen.peek()).isNotEqualTo("done 1");
    }

    @Test
    void delayedEventsWait() {
        ec.register();
        Actor<User, Void> actor = watcher("a", user -> seen.add(Instant.now())).build();
        ec.registerActors(actor);
        Instant before = Instant.now();
        ec.emitSync(
                created,
                User.JOE,
                EmitOptions.builder().delay(Duration.ofSeconds(1)).build());
        try (Listening listening = ec.listen(actor)) {
            Patience.until("the event", () -> !seen.isEmpty());
            assertThat(listening.drain(Patience.LONG)).isTrue();
        }
        assertThat((Instant) seen.element()).isAfterOrEqualTo(before.plusMillis(990));
    }

    @Test
    void pulsesWhileTheHandlerRuns() {
        ec.register();
        CountDownLatch mayReturn = new CountDownLatch(1);
        Actor<User, Void> actor = watcher("a", user -> mayReturn.await())
                .ackWait(Duration.ofSeconds(1))
                .build();
        ec.registerActors(actor);
        Subscription acks = nc.subscribe("$JS.ACK.>");
        ec.emitSync(created, User.JOE);
        try (Listening listening = ec.listen(actor)) {
            assertThat(acks.next(Patience.LONG).text()).isEqualTo("+WPI");
            assertThat(acks.next(Patience.LONG).text()).isEqualTo("+WPI");
            mayReturn.countDown();
            Patience.until("the ack", () -> acks.next(Patience.LONG).text().equals("+ACK"));
            assertThat(listening.drain(Patience.LONG)).isTrue();
        } finally {
            mayReturn.countDown();
            acks.unsubscribe();
        }
    }

    @Test
    void instancesShareAndActorsSeeAll() {
        ec.register();
        Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
        Actor<User, Void> shared = watcher(
                        "shared",
                        user -> counts.computeIfAbsent("shared" + user.name(), key -> new AtomicInteger())
                                .incrementAndGet())
                .build();
        Actor<User, Void> other = watcher(
                        "other",
                        user -> counts.computeIfAbsent("other" + user.name(), key -> new AtomicInteger())
                                .incrementAndGet())
                .priority(Priority.LOW)
                .build();
        ec.registerActors(shared, other);
        try (Connection second = Patience.connect(server.url());
                EventConnection ec2 = Patience.connect(Events.of(created), second);
                Listening here = ec.listen(shared, other);
                Listening there =
                        ec2.listen(ListenOptions.builder().batch(4).maxJobs(4).build(), shared)) {
            IntStream.range(0, 40).forEach(i -> ec.emitSync(created, user("u" + i)));
            Patience.until("all", () -> counts.size() == 80);
            Patience.until("acks", () -> stream().state().messages() == 0);
            assertThat(here.drain(Patience.LONG)).isTrue();
            assertThat(there.drain(Patience.LONG)).isTrue();
        }
        assertThat(counts.values()).allSatisfy(count -> assertThat(count.get()).isEqualTo(1));
    }

    @Test
    void burstHandlesWhatThereIs() {
        ec.register();
        Actor<User, Void> actor = watcher("a", seen::add).build();
        ec.registerActors(actor);
        for (int i = 0; i < 3; i++) {
            ec.emitSync(created, user("u" + i));
        }
        ListenOptions options = ListenOptions.builder()
                .batch(2)
                .pollDelay(Duration.ofSeconds(1))
                .build();
        AtomicInteger came = new AtomicInteger();
        Patience.until("all", () -> {
            int count = came.addAndGet(ec.burst(options, actor));
            assertThat(seen).as("what came was handled").hasSize(count);
            return count == 3;
        });
        assertThatThrownBy(() -> ec.burst(options, watcher("none", seen::add).build()))
                .isInstanceOf(JetStreamApiException.class);
    }

    /** R-E2. */
    @Test
    void aDeletedConsumerEndsTheListening() {
        ec.register();
        Actor<User, Void> actor = watcher("a", seen::add).build();
        ec.registerActors(actor);
        Listening listening = ec.listen(actor);
        CompletableFuture<Void> ended = listening.ended().toCompletableFuture();
        js.stream(created.streamName()).deleteConsumer("a");
        assertThatThrownBy(() -> ended.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(EventException.class)
                .hasMessageContaining("Actor a of event " + name + " cannot listen any more");
    }

    @Test
    void theEndOfItsConnectionEndsTheListening() {
        ec.register();
        Actor<User, Void> actor = watcher("a", seen::add).build();
        ec.registerActors(actor);
        Connection other = Patience.connect(server.url());
        Listening listening = Patience.connect(Events.of(created), other).listen(actor);
        other.close();
        assertThatThrownBy(() -> listening.ended().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(EventException.class)
                .hasMessageContaining("cannot listen any more: ");
        assertThat(listening.jobs()).isZero();
    }

    @Test
    void neverWaitsOnAnEventLoop() throws Exception {
        ec.register();
        Actor<User, Void> actor = watcher("a", seen::add).build();
        ec.registerActors(actor);
        try (Listening listening = ec.listen(actor)) {
            assertThatThrownBy(() -> nc.direct()
                            .eventLoop()
                            .submit(() -> listening.drain(Patience.LONG))
                            .get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
            ec.emitSync(created, User.JOE);
            Patience.until("an event that is handled still", () -> !seen.isEmpty());
        }
    }

    /** R-E1: actors go on when their server is back. */
    @Test
    void outlivesTheLossOfItsServer() {
        try (NatsServer own = NatsServer.builder()
                        .version(server.version())
                        .jetStream()
                        .start();
                Connection other = Patience.connect(own.url());
                EventConnection events = Patience.connect(Events.of(created), other)) {
            events.register();
            Actor<User, Void> actor = watcher("a", seen::add).build();
            events.registerActors(actor);
            try (Listening listening = events.listen(actor)) {
                events.emitSync(created, user("before"));
                Patience.until("the first event", () -> seen.contains(user("before")));
                own.kill();
                own.restart();
                EmitOptions once = EmitOptions.builder()
                        .uid("u-1")
                        .timeout(Duration.ofSeconds(5))
                        .build();
                Patience.until("a server that stores", () -> {
                    try {
                        events.emitSync(created, user("after"), once);
                        return true;
                    } catch (NatsException e) {
                        return false;
                    }
                });
                Patience.until("the second event", () -> seen.contains(user("after")));
                assertThat(listening.ended().toCompletableFuture()).isNotDone();
                assertThat(listening.drain(Patience.LONG)).isTrue();
            }
        }
    }
}
