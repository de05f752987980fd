// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events.examples;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.events.Actor;
import dev.midge.events.Attempt;
import dev.midge.events.Codec;
import dev.midge.events.EmitOptions;
import dev.midge.events.Event;
import dev.midge.events.EventConnection;
import dev.midge.events.EventWithResponse;
import dev.midge.events.Events;
import dev.midge.events.Limits;
import dev.midge.events.Listening;
import dev.midge.events.Middleware;
import dev.midge.events.Priority;
import dev.midge.events.RequestOptions;
import dev.midge.events.model.User;
import dev.midge.jetstream.JetStreamOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/** The programs of docs/events.md. */
final class EventsExample {
    private EventsExample() {}

    static final EventWithResponse<User, Boolean> CREATED =
            Event.of("user-created", Codec.json(User.class)).withResponse(Codec.json(Boolean.class));

    /** The first one, with more time to wait. */
    static boolean first(String url) {
        Duration wait = Duration.ofSeconds(30);
        Actor<User, Boolean> actor = Actor.of("generate-report", CREATED, user -> user.age() > 17);
        Options options = Options.builder().servers(url).connectTimeout(wait).build();
        JetStreamOptions patient = JetStreamOptions.builder().timeout(wait).build();
        try (Connection nc = Nats.connect(options);
                EventConnection ec = Events.of(CREATED).connect(nc, patient)) {
            ec.register(); // makes the stream
            ec.registerActors(actor); // makes the consumer: from now on nothing is lost for it
            try (Listening listening = ec.listen(actor)) {
                User joe = new User("Joe", 42, null, List.of("admin"));
                boolean ok = ec.request(
                        CREATED,
                        joe,
                        RequestOptions.builder().uid("u-1").timeout(wait).build());
                listening.drain(wait);
                return ok;
            }
        }
    }

    /** Emits. */
    static boolean emit(EventConnection ec, User user) {
        ec.emit(CREATED, user); // is on its way
        return ec.emitSync(CREATED, user, EmitOptions.builder().uid("u-1").build()) // is stored
                .duplicate();
    }

    /** An actor with options. */
    static Actor<User, Void> mail(Executor executor) {
        return Actor.listenerBuilder(
                        "send-mail",
                        CREATED,
                        user -> System.getLogger("mail").log(System.Logger.Level.DEBUG, user.name()))
                .retryDelays(Duration.ofSeconds(1), Duration.ofMinutes(1))
                .maxJobs(4)
                .jobTimeout(Duration.ofMinutes(5))
                .priority(Priority.LOW)
                .executor(executor)
                .middleware(new Middleware() {
                    @Override
                    public void onFailure(Attempt attempt, Throwable cause) {
                        System.getLogger("mail").log(System.Logger.Level.DEBUG, attempt.number() + ": " + cause);
                    }
                })
                .build();
    }

    /** An event with limits, and a codec of the user's own. */
    static Event<Integer> count() {
        Codec<Integer> binary = new Codec<>() {
            @Override
            public byte[] encode(Integer number) {
                return ByteBuffer.allocate(4).putInt(number).array();
            }

            @Override
            public Integer decode(byte[] payload) {
                return ByteBuffer.wrap(payload).getInt();
            }
        };
        return Event.of("count", Codec.gzip(binary))
                .withDescription("how many there are")
                .withLimits(Limits.NONE.withAge(Duration.ofDays(7)).withMessages(10_000));
    }
}
