// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.EventsDropped;
import dev.midge.client.ConnectionEvent.HandlerFailed;
import dev.midge.client.ConnectionEvent.MessagesDiscarded;
import dev.midge.client.ConnectionEvent.PermissionDenied;
import dev.midge.client.ConnectionEvent.ServerError;
import dev.midge.client.ConnectionEvent.SlowConsumer;
import dev.midge.client.auth.Auth;
import dev.midge.testkit.base.ScriptedConnection;
import dev.midge.testkit.base.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/**
 * Does what may be logged, for {@link LoggingTest}, which runs it in a JVM where each logger says all it can. What else
 * a user may print, it prints: options, connections, messages, events, exceptions with all that led to them. User,
 * password, token, payload and header values all contain {@link #SECRET}.
 */
final class TalkativeProgram {
    static final String SECRET = "hush";

    private static final List<String> USER_INFOS = List.of("hush-user:hush-password@", "hush-token@");
    private static final String PAYLOAD = "hush ".repeat(20);
    private static final byte[] DATA = PAYLOAD.getBytes(UTF_8);

    private TalkativeProgram() {}

    public static void main(String[] scenario) throws Exception {
        switch (scenario[0]) {
            case "normal" -> normal();
            case "connecting" -> connecting();
            case "publishing" -> publishing();
            case "receiving" -> receiving();
            case "garbage" -> garbage();
            case "flooding" -> flooding();
            default -> throw new IllegalArgumentException(scenario[0]);
        }
    }

    /** All goes well, with the default listener. */
    private static void normal() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(Session.LONG, peer -> {
            peer.send(Session.INFO).readUntil("PING\r\n");
            peer.send("PONG\r\n").readUntil("PING\r\n");
            peer.send(Session.msg("a", 1, PAYLOAD) + Session.msg("b", 2, PAYLOAD) + "PING\r\nPONG\r\n");
            peer.readUntil("PING\r\n");
            peer.send("PONG\r\n").expectEnd();
        })) {
            CountDownLatch handled = new CountDownLatch(1);
            Options options =
                    Patient.options().servers(url(server, USER_INFOS.get(0))).build();
            try (Connection nc = Nats.connect(options)) {
                Subscription handler = nc.subscribe("a", message -> {
                    print(message);
                    handled.countDown();
                });
                Subscription pull = nc.subscribe("b");
                nc.publish("a", DATA);
                nc.publish(Message.to("b").header("h", SECRET).data(DATA).build());
                nc.publishAsync("b", DATA).join();
                nc.flush(Session.LONG);
                print(pull.next(Session.LONG));
                Eventually.isDown(handled, "the message");
                handler.unsubscribe();
                pull.unsubscribeAfter(1);
                print(List.of(handler, pull, nc, options, options.servers(), nc.statistics(), nc.serverInfo()));
            }
        }
    }

    /** There is no connection: the server refuses, or is none, or the URL is none. */
    private static void connecting() throws Exception {
        for (String userInfo : USER_INFOS) {
            notConnected(
                    userInfo,
                    peer -> peer.send(Session.INFO).expectUntil("PING\r\n").send("-ERR 'Authorization Violation'\r\n"));
            notConnected(userInfo, peer -> peer.send(Session.INFO + "-ERR 'maximum connections exceeded'\r\n"));
            notConnected(userInfo, peer -> peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"));
            notConnected(userInfo, peer -> peer.send(Session.INFO).readUntil("PING\r\n"));
            notConnected(userInfo, peer -> {
                String echo = peer.send(Session.INFO).readUntil("PING\r\n");
                peer.send(echo).expectEnd();
            });
            notConnected(userInfo, ScriptedConnection::reset);
            failing(() -> Nats.connect("nats://" + userInfo + "localhost:1"));
            failing(() -> Nats.connect("tls://" + userInfo + "localhost:1"));
            for (String rest : List.of("", "h:99999", "h:x", "h h", "[::1", "h/?#", "h@", "%@h")) {
                failing(() -> Options.builder().servers("nats://" + userInfo + rest));
                failing(() -> Options.builder().servers("http://" + userInfo + rest));
                failing(() -> Options.builder().servers(":" + userInfo + rest));
            }
        }
        refused(() -> Auth.userPassword("hush-user", "hush-password".toCharArray()));
        refused(() -> Auth.token("hush-token".toCharArray()));
        refused(() -> Auth.bearerJwt(() -> "hush-jwt".toCharArray()));
        failing(() -> print(connectWith(Auth.nkey("hush-seed".toCharArray()))));
        failing(() -> print(connectWith(Auth.jwt("hush-jwt".toCharArray(), "hush-seed".toCharArray()))));
        failing(() -> print(connectWith(Auth.credentials("-----BEGIN NATS USER JWT-----\nhush".getBytes(UTF_8)))));
    }

    /** Nobody is there: the credentials are none. */
    private static Connection connectWith(Auth auth) {
        return Nats.connect(
                Options.builder().servers("nats://localhost:1").auth(auth).build());
    }

    private static void refused(Supplier<Auth> credentials) {
        try (ScriptedServer server = ScriptedServer.startRepeating(
                peer -> peer.send(Session.INFO).send("-ERR 'Authorization Violation'\r\n"))) {
            failing(() -> {
                Auth auth = credentials.get();
                print(auth);
                Options options =
                        Patient.options().servers(server.url()).auth(auth).build();
                print(options);
                Nats.connect(options);
            });
        }
    }

    private static void notConnected(String userInfo, ScriptedServer.Script script) {
        try (ScriptedServer server = ScriptedServer.startRepeating(peer -> {
            script.play(peer);
            peer.close();
        })) {
            Options options = Patient.options().servers(url(server, userInfo)).build();
            print(options);
            failing(() -> Nats.connect(options));
            print(Waiting.failure(Nats.connectAsync(options)));
        }
    }

    /** Messages are refused, wait in vain, and are lost with the connection. */
    private static void publishing() throws Exception {
        try (Session session = Session.open(
                Session.INFO,
                USER_INFOS.get(0),
                options -> options.outboundLimit(1 << 20).writeTimeout(Duration.ofMillis(100)))) {
            Message withHeader = Message.to("a").header("h", SECRET).data(DATA).build();
            byte[] large = PAYLOAD.repeat(1000).getBytes(UTF_8);
            failing(() -> {
                while (true) {
                    session.nc.publish("a", large);
                }
            });
            print(Waiting.failure(session.nc.publishAsync("a", large)));
            failing(() -> session.nc.publish("a..b", DATA));
            failing(() -> session.nc.publish("a", PAYLOAD.repeat(20_000)));
            failing(() -> session.nc.publish(
                    Message.to("a").data(PAYLOAD.repeat(20_000)).build()));
            failing(() -> session.nc.flush(Duration.ofMillis(1)));
            print(withHeader);
            session.peer.reset();
            session.events.await(Closed.class);
            failing(() -> session.nc.publish(withHeader));
            tell(session);
        }
        try (Session session = Session.open("INFO {} \r\n", USER_INFOS.get(1), options -> {})) {
            failing(() -> session.nc.publish(
                    Message.to("a").header("h", SECRET).data(DATA).build()));
            session.peer.send("-ERR 'Permissions Violation for Publish to \"a\"'\r\n");
            session.peer.send("-ERR 'maximum subscriptions exceeded'\r\n-ERR 'Stale Connection'\r\n");
            session.peer.shutdownOutput();
            tell(session);
        }
    }

    /** Those who are given messages throw, or are too slow. */
    private static void receiving() throws Exception {
        try (Session session =
                Session.open(Session.INFO, USER_INFOS.get(1), options -> options.pendingLimits(1, 1000))) {
            Subscription pull = session.pull("a");
            session.handle("b", message -> {
                throw new IllegalStateException("no luck with " + message);
            });
            session.nc.direct().subscribe("c", view -> {
                throw new IllegalStateException("no luck with " + view.payloadLength());
            });
            session.nc.subscribe("d").publisher().subscribe(new Collecting() {
                @Override
                public void onSubscribe(Flow.Subscription given) {
                    given.request(1);
                }

                @Override
                public void onNext(Message message) {
                    throw new IllegalStateException("no luck with " + message);
                }
            });
            SubscribeOptions refusing = SubscribeOptions.builder()
                    .executor(task -> {
                        throw new RejectedExecutionException("no luck with " + task);
                    })
                    .build();
            session.nc.subscribe("e", refusing, message -> {});
            session.peer.expectUntil("SUB e 5\r\n");
            for (int sid = 1; sid <= 5; sid++) {
                session.peer.send(Session.msg("abcde".substring(sid - 1, sid), sid, PAYLOAD));
            }
            session.peer.send(Session.msg("a", 1, PAYLOAD));
            session.events.await(SlowConsumer.class);
            Eventually.isTrue(
                    "all failures",
                    () -> session.events.all(HandlerFailed.class).size() == 4);
            print(pull.next(Session.LONG));
            failing(() -> pull.next(Duration.ofMillis(1)));
            session.peer.send("-ERR 'Permissions Violation for Subscription to \"a\"'\r\n");
            session.events.await(PermissionDenied.class);
            failing(() -> pull.next(Session.LONG));
            session.peer.reset();
            tell(session);
        }
        try (ScriptedServer server = ScriptedServer.start(peer ->
                peer.send(Session.INFO).expectUntil("PING\r\n").send("PONG\r\n").close())) {
            CountDownLatch told = new CountDownLatch(2);
            Nats.connect(Patient.options()
                    .reconnect(Reconnect.never())
                    .servers(url(server, USER_INFOS.get(0)))
                    .listener(event -> {
                        told.countDown();
                        throw new IllegalStateException("no luck with " + event);
                    })
                    .build());
            Eventually.isDown(told, "Connected and Closed");
        }
    }

    /** The server breaks the protocol: what came is in exceptions, which are not printed here. */
    private static void garbage() throws Exception {
        try (Session session = Session.open(Session.INFO, USER_INFOS.get(0), options -> {})) {
            session.handle("a", message -> message.headers().get("h"));
            String block = "NATS/1.0\r\n" + SECRET + "\r\n\r\n"; // no colon
            session.peer.send("HMSG a 1 " + block.length() + " " + block.length() + "\r\n" + block + "\r\n");
            session.events.await(HandlerFailed.class);
            session.peer.send("MSG a 1 1\r\n" + PAYLOAD + "\r\n");
            session.events.await(Closed.class);
            session.events.all().forEach(LoggingListener.INSTANCE::onEvent);
        }
    }

    /** A listener blocks while the server has a lot to say. */
    private static void flooding() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Session session = Session.open(Session.INFO, USER_INFOS.get(0), options -> options.eventLimit(5))) {
            session.nc.addListener(event -> {
                if (event instanceof ServerError) {
                    blocked.countDown();
                    Eventually.isTrue("the end of the flood", () -> goOn.getCount() == 0);
                }
            });
            session.peer.send("-ERR 'first'\r\n");
            Eventually.isDown(blocked, "the listener");
            for (int i = 0; i < 50; i++) {
                session.peer.send("-ERR 'more'\r\n");
            }
            session.barrier();
            goOn.countDown();
            session.events.await(EventsDropped.class);
            session.peer.reset();
            tell(session);
        }
    }

    private static String url(ScriptedServer server, String userInfo) {
        return server.url().replace("nats://", "nats://" + userInfo);
    }

    /** Prints what there is to say at the end of a connection, and logs it as those do who do not listen themselves. */
    private static void tell(Session session) {
        session.events.await(Closed.class);
        print(List.of(session.nc, session.nc.options(), session.nc.statistics()));
        for (ConnectionEvent event : session.events.all()) {
            print(event);
            LoggingListener.INSTANCE.onEvent(event);
            if (event instanceof Closed closed) {
                print(closed.cause());
            } else if (event instanceof HandlerFailed failed) {
                print(failed.cause());
            } else if (event instanceof MessagesDiscarded discarded) {
                print(discarded.cause());
            }
        }
    }

    private static void failing(ThrowingCallable call) {
        try {
            call.call();
        } catch (Throwable e) {
            print(e);
            return;
        }
        throw new AssertionError("should have failed");
    }

    private static void print(@Nullable Object value) {
        if (value instanceof Throwable failure) {
            failure.printStackTrace(System.out);
        } else {
            System.out.println(value);
        }
    }
}
