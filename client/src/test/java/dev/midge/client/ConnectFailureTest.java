// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.midge.protocol.ServerError;
import dev.midge.testkit.base.ScriptedConnection;
import dev.midge.testkit.base.ScriptedServer;
import dev.midge.transport.AuthenticationException;
import dev.midge.transport.ConnectFailedException;
import dev.midge.transport.ConnectFailedException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be connected to fails within its timeout, with the server's address and the cause. */
class ConnectFailureTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);

    private interface Script {
        void play(ScriptedConnection peer);
    }

    private static Arguments peer(String name, Duration timeout, Reason reason, String text, Script script) {
        return Arguments.of(name, timeout, reason, text, script);
    }

    static Stream<Arguments> peers() {
        String info = "INFO {\"headers\":true}\r\n";
        return Stream.of(
                // R-A3
                peer("silent", SHORT, Reason.TIMEOUT, "", peer -> {}),
                peer("silent behind INFO", SHORT, Reason.TIMEOUT, "", peer -> peer.send(info)),
                peer("HTTP", LONG, Reason.PROTOCOL, "HTTP", peer -> peer.send("HTTP/1.1 400 Bad Request\r\n\r\n")),
                peer("garbage", LONG, Reason.PROTOCOL, "\\x00\\x01", peer -> peer.send(new byte[] {0, 1, 2, 3})),
                peer("another frame first", LONG, Reason.PROTOCOL, "", peer -> peer.send("PING\r\n")),
                peer(
                        "INFO cut",
                        LONG,
                        Reason.PEER_CLOSED,
                        "",
                        peer -> peer.send("INFO {\"serv").close()),
                peer(
                        "INFO and no more",
                        LONG,
                        Reason.PEER_CLOSED,
                        "",
                        peer -> peer.send(info).close()),
                peer("INFO not JSON", LONG, Reason.PROTOCOL, "hello", peer -> peer.send("INFO hello\r\n")),
                // No more than that: whoever has seen so much may go, and the rest could not be sent.
                peer(
                        "INFO huge",
                        LONG,
                        Reason.PROTOCOL,
                        "1048576 are allowed",
                        peer -> peer.send("INFO {\"a\":\"" + "x".repeat(1 << 20))),
                peer("reset", LONG, Reason.PEER_CLOSED, "", ScriptedConnection::reset),
                peer(
                        "-ERR",
                        LONG,
                        Reason.SERVER_ERROR,
                        "maximum connections",
                        peer -> peer.send(info + "-ERR 'maximum connections exceeded'\r\n")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("peers")
    void tellsServerAndCause(String name, Duration timeout, Reason reason, String text, Script script)
            throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(LONG, peer -> {
            script.play(peer);
            peer.await(over);
        })) {
            ConnectFailedException failure = failure(server.url(), timeout);
            over.countDown();
            assertThat(failure.reason()).as("%s: %s", name, failure).isEqualTo(reason);
            assertThat(failure)
                    .hasMessageContaining("127.0.0.1:" + server.port())
                    .hasMessageContaining(text);
        }
    }

    @Test
    void refusedPort() throws Exception {
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // so nobody else listens there
            int port = bound.getLocalPort();
            ConnectFailedException failure = failure("nats://127.0.0.1:" + port, LONG);
            assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
            assertThat(failure).hasMessageContaining("127.0.0.1:" + port);
        }
    }

    @Test
    void unknownHost() {
        Options options = Patient.options()
                .servers("nats://no.such.host:4222")
                .resolver(host -> {
                    throw new UnknownHostException(host);
                })
                .build();
        NoServersException failure = catchThrowableOfType(NoServersException.class, () -> Nats.connect(options));
        assertThat(failure.failures().get(0).reason()).isEqualTo(Reason.UNKNOWN_HOST);
        assertThat(failure).hasMessageContaining("no.such.host:4222");
    }

    @Test
    void wrongPasswordIsAnAuthenticationFailureThatDoesNotTellIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.send("INFO {\"auth_required\":true}\r\n")
                .expectLine(
                        "CONNECT .*\"user\":\"me\".*\"pass\":\"s3cret\".*|CONNECT .*\"pass\":\"s3cret\".*\"user\":\"me\".*")
                .send("-ERR 'Authorization Violation'\r\n"))) {
            ConnectFailedException failure = failure("nats://me:s3cret@127.0.0.1:" + server.port(), LONG);
            assertThat(failure).isInstanceOf(AuthenticationException.class).hasMessageNotContaining("s3cret");
            assertThat(failure.serverError()).isInstanceOf(ServerError.Known.class);
        }
    }

    /** R-A11. */
    @Test
    void eachServerIsTriedInOrderUntilOneAccepts() throws Exception {
        try (ScriptedServer first = ScriptedServer.start(peer -> peer.send("INFO nonsense\r\n"));
                ScriptedServer second = ScriptedServer.start(ScriptedConnection::close);
                ScriptedServer third = ScriptedServer.start(peer -> peer.send("INFO {}\r\n")
                        .expectLine("CONNECT .*")
                        .expect("PING\r\n")
                        .send("PONG\r\n")
                        .expect("PING\r\n")
                        .send("PONG\r\n")
                        .expectEnd())) {
            OptionsBuilder options = Patient.options().connectTimeout(LONG).randomizeServers(false);
            try (Connection nc = Nats.connect(
                    options.servers(first.url(), second.url(), third.url()).build())) {
                assertThat(nc.server()).endsWith(":" + third.port());
            }
        }
    }

    /** R-A11. */
    @Test
    void namesEveryServerTried() throws Exception {
        try (ScriptedServer first = ScriptedServer.start(peer -> peer.send("INFO nonsense\r\n"));
                ScriptedServer second = ScriptedServer.start(ScriptedConnection::close)) {
            Options options = Patient.options()
                    .servers(first.url(), second.url())
                    .randomizeServers(false)
                    .connectTimeout(LONG)
                    .build();
            NoServersException failure = catchThrowableOfType(NoServersException.class, () -> Nats.connect(options));
            assertThat(failure.failures()).hasSize(2);
            assertThat(failure).hasMessageContaining(":" + first.port()).hasMessageContaining(":" + second.port());
        }
    }

    /** R-A11, R-F12; R-A7: closed while connecting. */
    @Test
    void connectAsyncReturnsAtOnceAndCanBeCancelled() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch accepted = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(peer -> {
            accepted.countDown();
            peer.expectEnd();
            over.countDown();
        })) {
            CompletableFuture<Connection> future = Nats.connectAsync(
                    Patient.options().servers(server.url()).connectTimeout(LONG).build());
            assertThat(accepted.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(future).isNotDone();
            assertThat(future.cancel(false)).isTrue();
            assertThat(over.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue(); // the socket was closed
        }
    }

    @Test
    void interruptedConnectGivesUp() throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(peer -> {
            accepted.countDown();
            peer.expectEnd();
        })) {
            Options options =
                    Patient.options().servers(server.url()).connectTimeout(LONG).build();
            boolean[] flag = new boolean[1];
            NatsInterruptedException[] failure = new NatsInterruptedException[1];
            Thread thread = new Thread(() -> {
                failure[0] = catchThrowableOfType(NatsInterruptedException.class, () -> Nats.connect(options));
                flag[0] = Thread.currentThread().isInterrupted();
            });
            thread.start();
            assertThat(accepted.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            thread.interrupt();
            thread.join();
            assertThat(failure[0]).isNotNull();
            assertThat(flag[0]).isTrue();
        }
    }

    private static ConnectFailedException failure(String url, Duration timeout) {
        Options options = Patient.options().servers(url).connectTimeout(timeout).build();
        NoServersException failure = catchThrowableOfType(NoServersException.class, () -> Nats.connect(options));
        assertThat(failure).isNotNull();
        assertThat(failure.failures()).hasSize(1);
        return failure.failures().get(0);
    }
}
