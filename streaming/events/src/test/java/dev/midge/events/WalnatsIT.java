// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.events.model.User;
import dev.midge.protocol.Nuid;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** walnats 1.2.6 at the other end, in both directions. */
@NatsServerTest(jetStream = true)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WalnatsIT {
    private static final byte[] KEY = "secret".getBytes(StandardCharsets.UTF_8);

    private static final String COMMON = """
            import asyncio, dataclasses, sys, walnats
            from walnats.serializers import GZipSerializer, HMACSerializer, get_serializer

            @dataclasses.dataclass
            class User:
                name: str
                age: int
                mail: str
                roles: list

            url, name = sys.argv[1], sys.argv[2]
            CREATED = walnats.Event(name, User).with_response(bool)
            SIGNED = walnats.Event(name + '-signed', str,
                serializer=HMACSerializer(schema=str, key=b'secret',
                    serializer=GZipSerializer(schema=str, serializer=get_serializer(str))))
            """;

    /** Emits, and requests. */
    private static final String EMITTER = COMMON + """
            async def main():
                async with walnats.Events(CREATED, SIGNED).connect(url) as conn:
                    await conn.emit(SIGNED, 'signed \\u00fc', uid='s-1', trace_id='t-1', sync=True,
                        meta=walnats.CloudEvent(id='c-1', source='/python', type='created'))
                    await conn.emit(CREATED, User('late', 1, None, []), delay=0.5, sync=True)
                    print('response', await conn.request(CREATED, User('J\\u00f6', 42, None, ['a', 'b']), timeout=30))
            asyncio.run(main())
            """;

    /** Acts till it is ended. */
    private static final String ACTOR = COMMON + """
            async def handle(user):
                print('got', user.name, user.age, user.mail, user.roles)
                return user.age > 17

            async def read(text):
                print('signed', text)

            async def main():
                actors = walnats.Actors(
                    walnats.Actor('python', CREATED, handle), walnats.Actor('python-signed', SIGNED, read))
                async with actors.connect(url) as conn:
                    await conn.register()
                    print('ready')
                    await conn.listen()
            asyncio.run(main())
            """;

    private final NatsServer server;
    private final String name = "py-" + Nuid.next();
    private final EventWithResponse<User, Boolean> created =
            Event.of(name, Codec.json(User.class)).withResponse(Codec.json(Boolean.class));
    private final Event<String> signed =
            Event.of(name + "-signed", Codec.hmac(Codec.gzip(Codec.json(String.class)), KEY));

    WalnatsIT(NatsServer server) {
        this.server = server;
    }

    @BeforeAll
    @Timeout(value = 11, unit = TimeUnit.MINUTES)
    static void install() throws Exception {
        Walnats.install();
    }

    @Test
    void pythonEmitsAndRequests() throws Exception {
        Queue<Object> seen = new ConcurrentLinkedQueue<>();
        Actor<User, Boolean> actor = Actor.of("java", created, user -> {
            seen.add(user);
            return user.age() == 42;
        });
        Actor<String, Void> reader = Actor.listenerBuilder("java-signed", signed, seen::add)
                .middleware(new Middleware() {
                    @Override
                    public void onSuccess(Attempt attempt, Duration duration) {
                        CloudEvent about = Objects.requireNonNull(attempt.cloudEvent());
                        seen.add(attempt.traceId() + " " + attempt.headers().get("Nats-Msg-Id") + " " + about.get("id")
                                + " " + about.get("source"));
                    }
                })
                .build();
        try (Connection nc = Patience.connect(server.url());
                EventConnection ec = Patience.connect(Events.of(created, signed), nc)) {
            ec.register();
            ec.registerActors(actor, reader);
            try (Listening listening = ec.listen(actor, reader);
                    Walnats.Running python = Walnats.run(EMITTER, server.url(), name)) {
                assertThat(python.await()).isEqualTo("response True\n");
                Patience.until("all", () -> seen.size() == 4);
                assertThat(listening.drain(Patience.LONG)).isTrue();
            }
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "signed ü",
                        "t-1 s-1 c-1 /python",
                        new User("late", 1, null, List.of()),
                        new User("Jö", 42, null, List.of("a", "b")));
    }

    @Test
    void pythonActsAndResponds() throws Exception {
        try (Connection nc = Patience.connect(server.url());
                EventConnection ec = Patience.connect(Events.of(created, signed), nc)) {
            ec.register();
            try (Walnats.Running python = Walnats.run(ACTOR, server.url(), name)) {
                Patience.until("the actor of walnats", () -> {
                    if (!python.process().isAlive()) {
                        throw new AssertionError(python.output());
                    }
                    return python.output().contains("ready\n");
                });
                RequestOptions patient =
                        RequestOptions.builder().timeout(Patience.LONG).build();
                assertThat(ec.request(created, new User("Jö", 42, null, List.of("a", "b")), patient))
                        .isTrue();
                assertThat(ec.request(created, new User("kid", 7, "m", List.of()), patient))
                        .isFalse();
                ec.emitSync(signed, "signed ü");
                Patience.until(
                        "all",
                        () -> python.output()
                                        .lines()
                                        .filter(line -> !line.equals("ready"))
                                        .count()
                                == 3);
                assertThat(python.output().lines())
                        .containsExactlyInAnyOrder(
                                "ready", "got Jö 42 None ['a', 'b']", "got kid 7 m []", "signed signed ü");
            }
        }
    }
}
