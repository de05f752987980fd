// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.events.model.User;
import dev.midge.jetstream.JetStreamApiException;
import dev.midge.jetstream.RetentionPolicy;
import dev.midge.jetstream.StorageType;
import dev.midge.jetstream.StreamConfig;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What is registered, emitted, requested and monitored, on servers of both versions. */
@NatsServerTest(jetStream = true)
class EventsIT extends EventsCase {
    EventsIT(NatsServer server) {
        super(server);
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
