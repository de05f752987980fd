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
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HexFormat;
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
            import asyncio, dataclasses, datetime, functools, nats, sys, walnats
            from walnats.serializers import GZipSerializer, HMACSerializer, get_serializer

            # a machine may stand still for longer than 5 s
            nats.NATS.jetstream = functools.partialmethod(nats.NATS.jetstream, timeout=60)

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
            RAW = walnats.Event(name + '-raw', bytes)
            WHEN = walnats.Event(name + '-when', datetime.datetime)
            DAY = walnats.Event(name + '-day', datetime.date)
            MANY = walnats.Event(name + '-many', list)
            ALL = (CREATED, SIGNED, RAW, WHEN, DAY, MANY)
            """;

    /** Emits, and requests. */
    private static final String EMITTER = COMMON + """
            async def main():
                async with walnats.Events(*ALL).connect(url) as conn:
                    await conn.emit(RAW, b'\\x00\\xff', sync=True)
                    await conn.emit(WHEN, datetime.datetime(2026, 11, 21, 20, 30, 0, 250000), sync=True)
                    await conn.emit(DAY, datetime.date(2026, 11, 21), sync=True)
                    await conn.emit(MANY, [1, -2], sync=True)
                    await conn.emit(SIGNED, 'signed \\u00fc', uid='s-1', trace_id='t-1', sync=True,
                        meta=walnats.CloudEvent(id='c-1', source='/python', type='created'))
                    await conn.emit(CREATED, User('late', 1, None, []), delay=0.5, sync=True)
                    print('response', await conn.request(CREATED, User('J\\u00f6', 42, None, ['a', 'b']), timeout=60))
            asyncio.run(main())
            """;

    /** Acts till it is ended. */
    private static final String ACTOR = COMMON + """
            async def handle(user):
                print('got', user.name, user.age, user.mail, user.roles)
                return user.age > 17

            async def read(value):
                print('read', ascii(value))

            async def main():
                actors = walnats.Actors(
                    walnats.Actor('python', CREATED, handle), *(walnats.Actor('reader', e, read) for e in ALL[1:]))
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
    private final Event<byte[]> raw = Event.of(name + "-raw", Codec.bytes());
    private final Event<LocalDateTime> when = Event.of(name + "-when", Codec.dateTime());
    private final Event<LocalDate> day = Event.of(name + "-day", Codec.date());
    private final Event<List<Integer>> many = Event.of(name + "-many", Codec.jsonList(Integer.class));
    private final Events all = Events.of(created, signed, raw, when, day, many);
    private final Queue<Object> seen = new ConcurrentLinkedQueue<>();

    WalnatsIT(NatsServer server) {
        this.server = server;
    }

    @BeforeAll
    @Timeout(value = 11, unit = TimeUnit.MINUTES)
    static void install() throws Exception {
        Walnats.install();
    }

    private <T> Actor<T, Void> reader(Event<T> event) {
        return Actor.listener("reader", event, seen::add);
    }

    @Test
    void pythonEmitsAndRequests() throws Exception {
        Actor<User, Boolean> actor = Actor.of("java", created, user -> {
            seen.add(user);
            return user.age() == 42;
        });
        Actor<String, Void> reader = Actor.listenerBuilder("reader", signed, seen::add)
                .middleware(new Middleware() {
                    @Override
                    public void onSuccess(Attempt attempt, Duration duration) {
                        CloudEvent about = Objects.requireNonNull(attempt.cloudEvent());
                        seen.add(attempt.traceId() + " " + attempt.headers().get("Nats-Msg-Id") + " " + about.get("id")
                                + " " + about.get("source"));
                    }
                })
                .build();
        Actor<byte[], Void> bytes =
                Actor.listener("reader", raw, value -> seen.add(HexFormat.of().formatHex(value)));
        Actor<?, ?>[] actors = {actor, reader, bytes, reader(when), reader(day), reader(many)};
        try (Connection nc = Patience.connect(server.url());
                EventConnection ec = Patience.connect(all, nc)) {
            ec.register();
            ec.registerActors(actors);
            try (Listening listening = ec.listen(actors);
                    Walnats.Running python = Walnats.run(EMITTER, server.url(), name)) {
                assertThat(python.await()).isEqualTo("response True\n");
                Patience.until("all", () -> seen.size() == 8);
                assertThat(listening.drain(Patience.LONG)).isTrue();
            }
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "signed ü",
                        "t-1 s-1 c-1 /python",
                        "00ff",
                        LocalDateTime.of(2026, 11, 21, 20, 30, 0, 250_000_000),
                        LocalDate.of(2026, 11, 21),
                        List.of(1, -2),
                        new User("late", 1, null, List.of()),
                        new User("Jö", 42, null, List.of("a", "b")));
    }

    @Test
    void pythonActsAndResponds() throws Exception {
        try (Connection nc = Patience.connect(server.url());
                EventConnection ec = Patience.connect(all, nc)) {
            ec.register();
            try (Walnats.Running python = Walnats.run(ACTOR, server.url(), name)) {
                python.awaitLines(1);
                RequestOptions patient =
                        RequestOptions.builder().timeout(Patience.LONG).build();
                assertThat(ec.request(created, new User("Jö", 42, null, List.of("a", "b")), patient))
                        .isTrue();
                assertThat(ec.request(created, new User("kid", 7, "m", List.of()), patient))
                        .isFalse();
                ec.emitSync(signed, "signed ü");
                ec.emitSync(raw, new byte[] {0, -1});
                ec.emitSync(when, LocalDateTime.of(2026, 11, 21, 20, 30, 0, 250_000_000));
                ec.emitSync(day, LocalDate.of(2026, 11, 21));
                ec.emitSync(many, List.of(1, -2));
                assertThat(python.awaitLines(8))
                        .containsExactlyInAnyOrder(
                                "ready",
                                "got Jö 42 None ['a', 'b']",
                                "got kid 7 m []",
                                "read 'signed \\xfc'",
                                "read b'\\x00\\xff'",
                                "read datetime.datetime(2026, 11, 21, 20, 30, 0, 250000)",
                                "read datetime.date(2026, 11, 21)",
                                "read [1, -2]");
            }
        }
    }
}
