// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.Subscription;
import dev.midge.events.model.User;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamApiException;
import dev.midge.jetstream.JetStreamOptions;
import dev.midge.jetstream.RetentionPolicy;
import dev.midge.jetstream.StorageType;
import dev.midge.jetstream.StreamConfig;
import dev.midge.jetstream.StreamInfo;
import dev.midge.protocol.Nuid;
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
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events on servers of both versions. */
@NatsServerTest(jetStream = true)
class EventsIT {
    private static final RequestOptions PATIENT =
            RequestOptions.builder().timeout(Patience.LONG).build();

    private final NatsServer server;
    private final String name = "e." + Nuid.next();
    private final EventWithResponse<User, Boolean> created =
            Event.of(name, Codec.json(User.class)).withResponse(Codec.json(Boolean.class));
    private final Queue<Object> seen = new ConcurrentLinkedQueue<>();
    private Connection nc;
    private JetStream js;
    private EventConnection ec;

    EventsIT(NatsServer server) {
        this.server = server;
    }

    @BeforeEach
    void connect() {
        nc = Patience.connect(server.url());
        js = JetStream.of(nc, JetStreamOptions.builder().timeout(Patience.LONG).build());
        ec = Patience.connect(Events.of(created), nc);
    }

    @AfterEach
    void close() {
        ec.close();
        js.streamNames().toList().forEach(js::deleteStream);
        nc.close();
    }

    private ActorBuilder<User, Void> watcher(String actor, EventListener<User> listener) {
        return Actor.listenerBuilder(actor, created, listener);
    }

    private static User user(String userName) {
        return new User(userName, 1, "", List.of());
    }

    private StreamInfo stream() {
        return js.stream(created.streamName()).info();
    }

    @Test
    void registersAndUpdates() {
        assertThatThrownBy(() -> ec.register(false, true))
                .asInstanceOf(InstanceOfAssertFactories.type(JetStreamApiException.class))
                .satisfies(e -> assertThat(e.errCode()).isEqualTo(10059));
        ec.register();
        ec.register();
        ec.register(true, false);
        assertThat(stream().config().subjects()).containsExactly(name);
        assertThat(stream().config().retention()).isEqualTo(RetentionPolicy.INTEREST);

        Event<User> limited = created.withLimits(Limits.NONE.withMessages(5).withMessageSize(300))
                .withDescription("described");
        try (EventConnection other = Patience.connect(Events.of(limited), nc)) {
            assertThatThrownBy(() -> other.register(true, false))
                    .isInstanceOf(StreamExistsException.class)
                    .hasMessageContaining("cannot register Event " + name);
            other.register();
            StreamConfig config = stream().config();
            assertThat(config.maxMsgs()).isEqualTo(5);
            assertThat(config.maxMsgSize()).isEqualTo(300);
            assertThat(config.description()).isEqualTo("described");
            assertThatThrownBy(() -> other.emitSync(limited, user("x".repeat(300))))
                    .isInstanceOf(JetStreamApiException.class);
        }
    }

    @Test
    void whatCannotBeChangedIsToldTyped() {
        js.createStream(StreamConfig.builder(created.streamName())
                .subjects(name)
                .storage(StorageType.MEMORY)
                .build());
        assertThatThrownBy(() -> ec.register())
                .isInstanceOf(StreamConfigException.class)
                .hasMessageContaining("the server refuses that configuration: ");
    }

    @Test
    void emitsAndTellsDuplicates() throws Exception {
        ec.register();
        Actor<User, Void> actor = watcher("a", seen::add).build();
        ec.registerActors(actor);
        EmitOptions once = EmitOptions.builder().uid("u-1").build();
        assertThat(ec.emitSync(created, User.JOE, once).duplicate()).isFalse();
        assertThat(ec.emitSync(created, User.JOE, once).duplicate()).isTrue();
        assertThat(ec.emitAsync(created, user("async"), EmitOptions.DEFAULTS)
                        .get(30, TimeUnit.SECONDS)
                        .duplicate())
                .isFalse();
        ec.emit(created, user("core"));
        ec.emit(created, user("core"), once); // as a duplicate, it goes nowhere
        ec.emitSync(created, user("last"));
        try (Listening listening = ec.listen(actor)) {
            Patience.until("all", () -> seen.size() == 4);
            assertThat(listening.drain(Patience.LONG)).isTrue();
        }
        assertThat(seen).containsExactlyInAnyOrder(User.JOE, user("async"), user("core"), user("last"));
        Patience.until("acks", () -> stream().state().messages() == 0);
    }

    @Test
    void requestsAndResponds() throws Exception {
        ec.register();
        Actor<User, Boolean> actor = Actor.builder("a", created, user -> user.age() > 18)
                .middleware(new Middleware() {
                    @Override
                    public void onStart(Attempt attempt) {
                        seen.add(attempt.number() + " " + attempt.traceId() + " "
                                + attempt.headers().get("Nats-Msg-Id"));
                    }
                })
                .build();
        ec.registerActors(actor);
        try (Listening listening = ec.listen(actor)) {
            assertThat(ec.request(created, User.JOE, PATIENT)).isTrue();
            RequestOptions options = RequestOptions.builder()
                    .timeout(Patience.LONG)
                    .uid("u-1")
                    .traceId("t-1")
                    .build();
            assertThat(ec.requestAsync(created, user("kid"), options).get(30, TimeUnit.SECONDS))
                    .isFalse();
            assertThat(seen).containsExactly("1 null null", "1 t-1 u-1");
            assertThatThrownBy(() -> ec.request(created, user("kid"), options))
                    .isInstanceOf(DuplicateEventException.class)
                    .hasMessageContaining("uid u-1 before");
            assertThatThrownBy(
                            () -> ec.requestAsync(created, user("kid"), options).get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(DuplicateEventException.class);
            assertThat(listening.drain(Patience.LONG)).isTrue();
        }
    }

    /** A failed attempt is not responded to: the response is that of the one that succeeds. */
    @Test
    void theResponseOfALaterAttempt() {
        ec.register();
        AtomicInteger attempts = new AtomicInteger();
        Actor<User, Boolean> actor = Actor.builder("a", created, user -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return true;
                })
                .retryDelays(Duration.ZERO)
                .build();
        ec.registerActors(actor);
        try (Listening listening = ec.listen(actor)) {
            assertThat(ec.request(created, User.JOE, PATIENT)).isTrue();
            assertThat(listening.drain(Patience.LONG)).isTrue();
        }
        assertThat(attempts).hasValue(2);
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
    void monitorsWhatIsEmitted() {
        ec.register();
        Queue<Sighting> sightings = new ConcurrentLinkedQueue<>();
        Monitor monitor = ec.monitor(sightings::add);
        ec.emit(created, User.JOE, EmitOptions.builder().traceId("t").build());
        nc.publish(name, "no json");
        Patience.until("both", () -> sightings.size() == 2);
        monitor.close();
        List<Sighting> all = List.copyOf(sightings);
        assertThat(all.get(0).message()).isEqualTo(User.JOE);
        assertThat(all.get(0).event()).isSameAs(created);
        assertThat(all.get(0).source().headers().get("Walnats-Trace")).isEqualTo("t");
        assertThat(all.get(1).failure()).isInstanceOf(CodecException.class);
        assertThat(all.get(1).source().data()).isEqualTo("no json".getBytes(UTF_8));
    }

    @Test
    void burstHandlesWhatThereIs() {
        ec.register();
        Actor<User, Void> actor = watcher("a", seen::add).build();
        Actor<User, Void> idle = watcher("b", seen::add).build();
        ec.registerActors(actor);
        for (int i = 0; i < 3; i++) {
            ec.emitSync(created, user("u" + i));
        }
        ec.registerActors(idle);
        ListenOptions options = ListenOptions.builder()
                .batch(2)
                .pollDelay(Duration.ofSeconds(1))
                .build();
        Patience.until("all", () -> {
            ec.burst(options, actor);
            return seen.size() == 3;
        });
        assertThatThrownBy(() -> ec.burst(options, watcher("none", seen::add).build()))
                .isInstanceOf(JetStreamApiException.class);
    }

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
    void foreignEventsAndActorsAreRefused() {
        Event<String> foreign = Event.of("foreign", Codec.text());
        assertThatThrownBy(() -> ec.emit(foreign, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("event is \"foreign\": must be one of [Event " + name + "]");
        assertThatThrownBy(() -> ec.listen(Actor.listener("a", foreign, message -> {})))
                .isInstanceOf(IllegalArgumentException.class);
        Actor<User, Void> actor = watcher("a", seen::add).build();
        assertThatThrownBy(() -> ec.listen(actor, actor))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be there twice");
        assertThatThrownBy(ec::listen).hasMessage("actors is 0: must be at least one");
        assertThatThrownBy(() -> ec.listen(actor)).isInstanceOf(JetStreamApiException.class);
    }
}
