// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Secret;
import dev.midge.protocol.ServerError;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The handshake with real servers of both versions. */
@NatsServerTest
class ConnectorIT {
    private EventLoops.Lease loops;
    private SharedExecutor.Lease executor;

    @BeforeEach
    void acquire() {
        loops = EventLoops.own(TransportKind.AUTO, 1).acquire();
        executor = SharedExecutor.own(2).acquire();
    }

    @AfterEach
    void release() {
        loops.release();
        executor.release();
    }

    private Future<Link> attempt(int port, Connect.Builder connect) {
        return new Connector(HostResolver.jdk(), executor)
                .connect(
                        loops.next(),
                        ConnectRequest.to(Endpoint.parse("localhost:" + port))
                                .timeout(Duration.ofSeconds(30))
                                .build(info -> CompletableFuture.completedFuture(
                                        connect.headers(info.headers()).build())));
    }

    private static ConnectFailedException failure(Future<Link> future) throws InterruptedException {
        assertThat(future.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(future.cause()).isInstanceOf(ConnectFailedException.class);
        return (ConnectFailedException) future.cause();
    }

    private static BlockingQueue<String> start(Link link) {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        Recorder recorder = new Recorder();
        recorder.hook = events::add;
        link.eventLoop().execute(() -> link.start(recorder, recorder));
        return events;
    }

    private static String await(BlockingQueue<String> events, String start) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String event = "";
        while (!event.startsWith(start)) {
            event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(event).as("while waiting for %s", start).isNotNull();
        }
        return event;
    }

    private static void send(Link link, String text) throws InterruptedException {
        link.channel().writeAndFlush(Unpooled.copiedBuffer(text, US_ASCII)).sync();
    }

    @Test
    void connectsPublishesAndReceives(NatsServer server, NatsServerVersion version) throws Exception {
        Link link = attempt(server.port(), Connect.builder().name("it")).get(30, TimeUnit.SECONDS);
        assertThat(link.info().version()).isEqualTo(version.number());
        assertThat(link.info().clientId()).isPositive();
        BlockingQueue<String> events = start(link);
        send(link, "SUB a 1\r\nPUB a 2\r\nhi\r\nPING\r\n");
        assertThat(await(events, "MSG")).isEqualTo("MSG a hi");
        await(events, "PONG");
        link.close();
        await(events, "closed");
    }

    @Test
    void verbose(NatsServer server) throws Exception {
        Link link = attempt(server.port(), Connect.builder().verbose(true)).get(30, TimeUnit.SECONDS);
        BlockingQueue<String> events = start(link);
        send(link, "SUB a 1\r\n");
        await(events, "+OK");
        link.close();
    }

    @Test
    void aHundredLinksOneAfterTheOther(NatsServer server) throws Exception {
        for (int i = 0; i < 100; i++) {
            Link link = attempt(server.port(), Connect.builder()).get(30, TimeUnit.SECONDS);
            link.close();
            assertThat(link.channel().closeFuture().await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void wrongCredentials(NatsServerVersion version) throws Exception {
        try (NatsServer server = NatsServer.builder()
                .version(version)
                .config("authorization { timeout: 60, user: joe, password: hush }")
                .start()) {
            ConnectFailedException failure =
                    failure(attempt(server.port(), Connect.builder().user("joe").pass(Secret.of("wrong"))));
            assertThat(failure).isInstanceOf(AuthenticationException.class);
            assertThat(failure)
                    .hasMessageContaining("cannot connect to nats://localhost:" + server.port())
                    .hasMessageContaining("-ERR 'Authorization Violation'");
            assertThat(failure.toString()).doesNotContain("wrong");
            assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
            assertThat(failure(attempt(server.port(), Connect.builder()))).isInstanceOf(AuthenticationException.class);
            attempt(server.port(), Connect.builder().user("joe").pass(Secret.of("hush")))
                    .get(30, TimeUnit.SECONDS)
                    .close();
        }
    }

    @Test
    void aFullServer(NatsServerVersion version) throws Exception {
        try (NatsServer server = NatsServer.builder()
                .version(version)
                .config("max_connections: 1")
                .flags("-D")
                .start()) {
            assertThat(server.awaitLog("Client connection closed")).isNotNull(); // that which saw it start
            Link first = attempt(server.port(), Connect.builder()).get(30, TimeUnit.SECONDS);
            ConnectFailedException failure = failure(attempt(server.port(), Connect.builder()));
            assertThat(failure.reason()).isEqualTo(Reason.SERVER_ERROR);
            assertThat(failure.serverError())
                    .isEqualTo(new ServerError.Known(
                            "maximum connections exceeded", ServerError.Kind.MAXIMUM_CONNECTIONS_EXCEEDED));
            first.close();
        }
    }

    @Test
    void aServerThatDies(NatsServerVersion version) throws Exception {
        try (NatsServer server = NatsServer.builder().version(version).start()) {
            Link link = attempt(server.port(), Connect.builder()).get(30, TimeUnit.SECONDS);
            BlockingQueue<String> events = start(link);
            server.kill();
            await(events, "closed");
            assertThat(link.channel().isOpen()).isFalse();
            assertThat(failure(attempt(server.port(), Connect.builder())).reason())
                    .isEqualTo(Reason.REFUSED);
        }
    }
}
