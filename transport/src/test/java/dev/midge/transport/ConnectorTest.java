// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import dev.midge.testkit.base.ScriptedServer;
import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.uring.IoUring;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorTest {
    private static final String INFO = "INFO {\"server_id\":\"S\",\"max_payload\":1024}\r\n";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(100);

    private final Socket bound = new Socket();
    private EventLoops.Lease loops;
    private SharedExecutor.Lease executor;

    @BeforeEach
    void acquire() throws IOException {
        bound.bind(new InetSocketAddress(0));
        loops = EventLoops.own(TransportKind.AUTO, 1).acquire();
        executor = SharedExecutor.own(2).acquire();
    }

    @AfterEach
    void release() throws IOException {
        bound.close();
        loops.release();
        executor.release();
    }

    private static CompletionStage<Connect> connect(Info info) {
        return CompletableFuture.completedFuture(Connect.builder().build());
    }

    private static ConnectRequest request(String url, Duration timeout) {
        return ConnectRequest.to(Endpoint.parse(url)).timeout(timeout).build(ConnectorTest::connect);
    }

    private Future<Link> attempt(HostResolver resolver, String url, Duration timeout) {
        return new Connector(resolver, executor).connect(loops.next(), request(url, timeout));
    }

    private static Link link(Future<Link> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static ConnectFailedException failure(Future<Link> future) throws Exception {
        assertThat(future.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(future.cause()).isInstanceOf(ConnectFailedException.class);
        return (ConnectFailedException) future.cause();
    }

    private static HostResolver to(String... addresses) {
        return host -> {
            List<InetAddress> found = new ArrayList<>();
            for (String address : addresses) {
                found.add(InetAddress.getByAddress(
                        host, InetAddress.getByName(address).getAddress()));
            }
            return found;
        };
    }

    /** A port at which nobody listens, nor can while this test runs. */
    private int freePort() {
        return bound.getLocalPort();
    }

    /** That the others say why they are not there is in EventLoopsTest. */
    private static List<TransportKind> availableHere() {
        List<TransportKind> kinds = new ArrayList<>(List.of(TransportKind.AUTO, TransportKind.NIO));
        if (Epoll.isAvailable()) {
            kinds.add(TransportKind.EPOLL);
        }
        if (IoUring.isAvailable()) {
            kinds.add(TransportKind.IO_URING);
        }
        return kinds;
    }

    @ParameterizedTest
    @MethodSource("availableHere")
    void connectsAndTalks(TransportKind kind) throws Exception {
        EventLoops.Lease own = EventLoops.own(kind, 1).acquire();
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.send(INFO)
                .expectLine("CONNECT \\{.*}")
                .expect("PING\r\n")
                .sendInPieces(1, "PONG\r\nINFO {\"connect_info\":true}\r\nMSG a 1 2\r\nhi\r\n")
                .expect("PONG\r\n")
                .expectEnd())) {
            Link link = link(new Connector(to("127.0.0.1"), executor)
                    .connect(own.next(), request("nats://test.example:" + server.port(), LONG)));
            assertThat(link.info().maxPayload()).isEqualTo(1024);
            assertThat(link.address()).isEqualTo(server.address());
            assertThat(link.rtt()).isPositive();
            assertThat(((SocketChannelConfig) link.channel().config()).isTcpNoDelay())
                    .isTrue();

            Recorder recorder = new Recorder();
            CountDownLatch frames = new CountDownLatch(2);
            CountDownLatch closed = new CountDownLatch(1);
            recorder.hook = event -> {
                if (event.startsWith("INFO") || event.startsWith("MSG")) {
                    frames.countDown();
                } else if (event.equals("closed")) {
                    closed.countDown();
                }
            };
            link.eventLoop().execute(() -> link.start(recorder, recorder));
            assertThat(frames.await(30, TimeUnit.SECONDS)).isTrue();
            link.channel()
                    .writeAndFlush(Unpooled.copiedBuffer("PONG\r\n", US_ASCII))
                    .sync();
            link.close();
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
            link.close();
            assertThat(recorder.frames).containsExactly("INFO {\"connect_info\":true}", "MSG a hi");
            assertThat(recorder.cause).isNull();
        } finally {
            own.release();
        }
    }

    /** R-A1 on a real socket: the server goes after every single byte, by FIN and by RST. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutAfterEveryByte(boolean reset) throws Exception {
        String all = INFO + "PING\r\nPONG\r";
        for (int length = 0; length <= all.length(); length++) {
            String part = all.substring(0, length);
            try (ScriptedServer server = ScriptedServer.start(peer -> {
                peer.send(part);
                if (part.length() >= INFO.length()) {
                    peer.expectLine("CONNECT .*").expect("PING\r\n");
                }
                if (reset) {
                    peer.reset();
                } else {
                    peer.close();
                }
            })) {
                long start = System.nanoTime();
                ConnectFailedException failure = failure(attempt(to(), "127.0.0.1:" + server.port(), LONG));
                assertThat(failure.reason()).as("%d bytes: %s", length, failure).isEqualTo(Reason.PEER_CLOSED);
                assertThat(failure).hasMessageStartingWith("cannot connect to nats://127.0.0.1:" + server.port());
                assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos());
            }
        }
    }

    /** R-A3. */
    @Test
    void aSilentPeerIsAbandonedAtTheTimeout() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.expectEnd())) {
            long start = System.nanoTime();
            // Long enough for the connection to be open by then.
            Duration timeout = Duration.ofSeconds(5);
            ConnectFailedException failure = failure(attempt(to(), "127.0.0.1:" + server.port(), timeout));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(timeout, LONG);
            assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(failure.phase()).isEqualTo(Phase.INFO);
            assertThat(failure).hasMessageContaining("nothing came at all within the 5000 ms of the attempt");
        }
    }

    @Test
    void aRefusedPort() throws Exception {
        int port = freePort();
        ConnectFailedException failure = failure(attempt(to(), "127.0.0.1:" + port, LONG));
        assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
        assertThat(failure.phase()).isEqualTo(Phase.TCP);
        assertThat(failure.address()).isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        assertThat(failure).hasMessageContaining("onnection refused").hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aHostThatTakesNoConnection() throws Exception {
        try (BlackHole hole = new BlackHole("127.0.0.1")) {
            ConnectFailedException failure = failure(attempt(to(), "127.0.0.1:" + hole.port(), SHORT));
            assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(failure.phase()).isEqualTo(Phase.TCP);
            assertThat(failure).hasMessageContaining("no TCP connection was opened within the 100 ms");
        }
    }

    /** R-A12: all addresses of a name are tried, and a silent one does not use up the time of the others. */
    @Test
    void allAddressesAreTried() throws Exception {
        try (BlackHole hole = new BlackHole("127.0.0.1");
                ServerSocket other = new ServerSocket(hole.port(), 1, InetAddress.getByName("127.0.0.3"))) {
            Future<Link> future = attempt(
                    to("127.0.0.2", "127.0.0.1", "127.0.0.3"), "test.example:" + hole.port(), Duration.ofSeconds(12));
            other.setSoTimeout(30_000);
            try (Socket peer = other.accept()) {
                peer.getOutputStream().write((INFO + "PONG\r\n").getBytes(US_ASCII));
                Link link = link(future);
                assertThat(link.address().getAddress().getHostAddress()).isEqualTo("127.0.0.3");
                link.close();
            }
        }
    }

    @Test
    void allAddressesAreNamedWhenNoneTakesTheConnection() throws Exception {
        ConnectFailedException failure =
                failure(attempt(to("127.0.0.2", "127.0.0.3"), "test.example:" + freePort(), LONG));
        assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
        assertThat(failure)
                .hasMessageStartingWith("cannot connect to nats://test.example:")
                .hasMessageContaining("all addresses: 127.0.0.2: ")
                .hasMessageContaining("; 127.0.0.3: ");
    }

    @Test
    void anUnknownHost() throws Exception {
        HostResolver none = host -> {
            throw new UnknownHostException(host + ": Name or service not known");
        };
        ConnectFailedException failure = failure(attempt(none, "nowhere.example", LONG));
        assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_HOST);
        assertThat(failure.phase()).isEqualTo(Phase.RESOLVE);
        assertThat(failure.address()).isNull();
        assertThat(failure)
                .hasMessageContaining("cannot connect to nats://nowhere.example:4222: ")
                .hasMessageContaining("Name or service not known")
                .hasCauseInstanceOf(UnknownHostException.class);

        assertThat(failure(attempt(to(), "nowhere.example", LONG)).reason()).isEqualTo(Reason.UNKNOWN_HOST);
    }

    @Test
    void aResolverThatFails() throws Exception {
        IllegalStateException cause = new IllegalStateException("resolver");
        ConnectFailedException failure = failure(attempt(
                host -> {
                    throw cause;
                },
                "test.example",
                LONG));
        assertThat(failure).hasCause(cause);
        assertThat(failure.reason()).isEqualTo(Reason.FAILED);
        assertThat(failure.phase()).isEqualTo(Phase.RESOLVE);
    }

    @Test
    void aResolverThatHangsIsNotWaitedForAndHoldsUpNoOther() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        HostResolver hanging = host -> {
            assertThat(Thread.currentThread().getName()).startsWith("nats-handler-");
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return List.of(InetAddress.getLoopbackAddress());
        };
        Future<Link> hangs = attempt(hanging, "test.example", SHORT);
        assertThat(failure(attempt(to(), "127.0.0.1:" + freePort(), LONG)).reason())
                .isEqualTo(Reason.REFUSED);
        ConnectFailedException failure = failure(hangs);
        goOn.countDown();
        assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(failure.phase()).isEqualTo(Phase.RESOLVE);
        assertThat(failure).hasMessageContaining("the address of the host was not found within the 100 ms");
    }

    @Test
    void anExecutorThatRefuses() throws Exception {
        executor.release();
        ConnectFailedException failure = failure(attempt(to(), "test.example", LONG));
        assertThat(failure).hasCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void anAddressIsNotResolved() throws Exception {
        HostResolver never = host -> {
            throw new AssertionError("asked for " + host);
        };
        assertThat(failure(attempt(never, "127.0.0.1:" + freePort(), LONG)).reason())
                .isEqualTo(Reason.REFUSED);
        assertThat(failure(attempt(never, "[::1]:" + freePort(), LONG)).phase()).isEqualTo(Phase.TCP);
    }

    @Test
    void anHttpServer() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.start(peer -> peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                        .expectEnd())) {
            ConnectFailedException failure = failure(attempt(to(), "127.0.0.1:" + server.port(), LONG));
            assertThat(failure.reason()).isEqualTo(Reason.PROTOCOL);
            assertThat(failure).hasMessageContaining("not a NATS server").hasMessageContaining("\"HTTP/1.1 400");
        }
    }

    @Test
    void cancelWhileTheNameIsResolved() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Future<Link> future = attempt(
                host -> {
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return List.of(InetAddress.getLoopbackAddress());
                },
                "test.example",
                LONG);
        assertThat(future.cancel(false)).isTrue();
        goOn.countDown();
        assertThat(future.isCancelled()).isTrue();
    }

    @Test
    void cancelWhileTheConnectionOpens() throws Exception {
        try (BlackHole hole = new BlackHole("127.0.0.1")) {
            Future<Link> future = attempt(to(), "127.0.0.1:" + hole.port(), LONG);
            EventLoop loop = loops.next();
            loop.submit(() -> {}).sync(); // the attempt has begun
            assertThat(future.cancel(false)).isTrue();
        }
    }

    @Test
    void cancelInTheHandshakeClosesTheSocket() throws Exception {
        CountDownLatch connectCame = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.send(INFO)
                .expectLine("CONNECT .*")
                .expect("PING\r\n")
                .countDown(connectCame)
                .expectEnd())) {
            Future<Link> future = attempt(to(), "127.0.0.1:" + server.port(), LONG);
            assertThat(connectCame.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(future.cancel(false)).isTrue();
            server.await();
        }
    }

    @Test
    void anEventLoopThatCannotDoIt() throws Exception {
        EventLoop loop = new DefaultEventLoop();
        ConnectFailedException failure =
                failure(new Connector(to(), executor).connect(loop, request("127.0.0.1:" + freePort(), LONG)));
        assertThat(failure).hasCauseInstanceOf(IllegalArgumentException.class).hasMessageContaining("DefaultEventLoop");
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Test
    void anEventLoopThatHasEnded() throws Exception {
        EventLoops.Lease own = EventLoops.own(TransportKind.NIO, 1).acquire();
        EventLoop loop = own.next();
        own.release();
        assertThat(loop.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        Future<Link> future = new Connector(to(), executor).connect(loop, request("127.0.0.1:" + freePort(), LONG));
        assertThat(future.isDone()).isTrue();
        assertThat(future.cause()).hasMessageEndingWith("the event loop has ended");
    }

    @Test
    void theTimeoutMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request("h", Duration.ZERO))
                .withMessage("timeout is PT0S: must be positive, 292 years at most");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request("h", Duration.ofSeconds(Long.MAX_VALUE)))
                .withMessageContaining("292 years");
    }

    /** Remembers its timers. */
    private static final class WatchedLoop extends SingleThreadIoEventLoop {
        final Queue<Future<?>> timers = new ConcurrentLinkedQueue<>();

        WatchedLoop() {
            super(null, new DefaultThreadFactory("watched", true), NioIoHandler.newFactory());
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            ScheduledFuture<?> timer = super.schedule(command, delay, unit);
            timers.add(timer);
            return timer;
        }
    }

    /** R-A7. */
    @Test
    void noTimerStaysBehindAnAttempt() throws Exception {
        WatchedLoop loop = new WatchedLoop();
        Connector connector = new Connector(to("127.0.0.2", "127.0.0.1"), executor);
        try (ScriptedServer server = ScriptedServer.start(
                peer -> peer.send(INFO)
                        .expectLine("CONNECT .*")
                        .expect("PING\r\n")
                        .send("PONG\r\n")
                        .expectEnd(),
                peer -> peer.send("nonsense\r\n").expectEnd())) {
            link(connector.connect(loop, request("test.example:" + server.port(), LONG)))
                    .close();
            failure(connector.connect(loop, request("test.example:" + server.port(), LONG)));
            failure(connector.connect(loop, request("test.example:" + freePort(), LONG)));
            loop.submit(() -> {}).sync();
            assertThat(loop.timers).hasSizeGreaterThan(2).allMatch(Future::isDone);
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** Nothing of a hundred failed attempts may stay, which the leak check looks at; and no two disturb each other. */
    @Test
    void manyAttemptsAtOnce() throws Exception {
        int port = freePort();
        List<Future<Link>> futures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            futures.add(attempt(to("127.0.0.1"), "test.example:" + port, LONG));
        }
        for (Future<Link> future : futures) {
            assertThat(failure(future).reason()).isEqualTo(Reason.REFUSED);
        }
    }
}
