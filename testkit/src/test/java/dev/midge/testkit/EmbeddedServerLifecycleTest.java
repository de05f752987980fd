// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.transport.EventLoops;
import dev.midge.transport.TransportKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R-F11: starts, stops, and what is left then: the leak check looks for threads, sockets and buffers behind each. */
class EmbeddedServerLifecycleTest {
    private static final long TENTH_NANOS = 100_000_000;

    static void assertRefused(int port) {
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void listensOnLoopbackAndStops() {
        EmbeddedServer server = EmbeddedServer.start();
        assertThat(server.url()).isEqualTo("nats://127.0.0.1:" + server.port());
        assertThat(server).hasToString("EmbeddedServer on 127.0.0.1:" + server.port());
        assertThat(server.isRunning()).isTrue();
        try (WireClient client = WireClient.connect(server.port(), "")) {
            client.say("SUB a 1\r\n").stays();
            assertThat(server.connections()).isOne();
            assertThat(server.subscriptions()).isOne();
            server.close();
            client.ends();
        }
        assertThat(server.isRunning()).isFalse();
        assertThat(server.connections()).isZero();
        assertRefused(server.port());
        server.close();
        server.stop();
        assertThatThrownBy(server::restart)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
        assertThatThrownBy(server::lameDuck)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not run");
    }

    @Test
    void restartsOnItsPortAndRemembersNothing() {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            int port = server.port();
            try (WireClient before = WireClient.connect(port, "")) {
                before.say("SUB a 1\r\n").stays();
                server.stop();
                before.ends();
                assertRefused(port);
                server.restart();
            }
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.subscriptions()).isZero();
            try (WireClient after = WireClient.connect(port, "")) {
                after.say("PUB a 0\r\n\r\n").stays();
                server.restart();
                after.ends();
            }
        }
    }

    @Test
    void deliversBeforeItStops() {
        String message = " 1 100000\r\n" + "x".repeat(100_000) + "\r\n";
        try (EmbeddedServer server = EmbeddedServer.start();
                WireClient from = WireClient.connect(server.port(), "");
                WireClient to = WireClient.connect(server.port(), "")) {
            to.say("SUB a 1\r\n").stays();
            from.say("PUB a" + message.substring(2)).stays();
            server.stop();
            to.hears("MSG a" + message).ends();
        }
    }

    @Test
    void saysWhichPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> EmbeddedServer.builder().port(port).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void saysWhichHostItCannotListenOn() {
        assertThatThrownBy(() -> EmbeddedServer.builder().host("192.0.2.1").start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("192.0.2.1:");
    }

    @Test
    void failsToRestartWhereSomebodyElseListens() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            server.stop();
            try (ServerSocket taken = new ServerSocket(server.port(), 1, InetAddress.getLoopbackAddress())) {
                assertThatThrownBy(server::restart)
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
                assertThat(server.isRunning()).isFalse();
            }
            server.restart();
            assertThat(server.isRunning()).isTrue();
        }
    }

    @Test
    void listensOnThePortItIsGiven() {
        int port;
        try (EmbeddedServer server = EmbeddedServer.start()) {
            port = server.port();
        }
        try (EmbeddedServer server = EmbeddedServer.builder().port(port).start()) {
            assertThat(server.port()).isEqualTo(port);
            WireClient.connect(port).close();
        }
    }

    @Test
    void startsInUnderATenthOfASecond() {
        EmbeddedServer.start().close(); // loads classes
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 100 && best >= TENTH_NANOS; i++) {
            long start = System.nanoTime();
            try (EmbeddedServer server = EmbeddedServer.start()) {
                best = Math.min(best, System.nanoTime() - start);
                assertThat(server.isRunning()).isTrue();
            }
        }
        assertThat(best).isLessThan(TENTH_NANOS);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void aThousandStartsLeaveNothingBehind() {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            for (int i = 0; i < 1_000; i++) {
                try (WireClient client = WireClient.connect(server.port(), "")) {
                    client.say("SUB a 1\r\nPUB a 1\r\nx\r\n").hears("MSG a 1 1\r\nx\r\n");
                    server.restart();
                }
            }
        }
    }

    @Test
    void refusesToWaitOnAnEventLoop() throws Exception {
        EventLoops.Lease lease = EventLoops.own(TransportKind.NIO, 1).acquire();
        try (EmbeddedServer server = EmbeddedServer.start()) {
            for (ThrowingCallable call :
                    new ThrowingCallable[] {EmbeddedServer::start, server::stop, server::restart, server::lameDuck}) {
                lease.next()
                        .submit(() -> assertThatThrownBy(call)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("event loop"))
                        .get();
            }
        } finally {
            lease.release();
        }
    }

    @Test
    void rejectsBadSettings() {
        assertRejected("port is 65536", () -> EmbeddedServer.builder().port(65_536));
        assertRejected("port is -1", () -> EmbeddedServer.builder().port(-1));
        assertRejected("host is \"\"", () -> EmbeddedServer.builder().host(""));
        assertRejected("serverName is \"a b\"", () -> EmbeddedServer.builder().serverName("a b"));
        assertRejected("maxPayload is 0", () -> EmbeddedServer.builder().maxPayload(0));
        assertRejected("maxControlLine is 15", () -> EmbeddedServer.builder().maxControlLine(15));
        assertRejected("maxPending is 0", () -> EmbeddedServer.builder().maxPending(0));
        assertRejected("maxConnections is 0", () -> EmbeddedServer.builder().maxConnections(0));
        assertRejected("maxSubscriptions is 0", () -> EmbeddedServer.builder().maxSubscriptions(0));
        assertRejected("maxSubjectTokens is -1", () -> EmbeddedServer.builder().maxSubjectTokens(-1));
        assertRejected("maxPingsOut is -1", () -> EmbeddedServer.builder().maxPingsOut(-1));
        assertRejected("pingInterval is PT0S", () -> EmbeddedServer.builder().pingInterval(Duration.ZERO));
        assertRejected("authTimeout is PT-1S", () -> EmbeddedServer.builder().authTimeout(Duration.ofSeconds(-1)));
        assertRejected("writeDeadline is PT0S", () -> EmbeddedServer.builder().writeDeadline(Duration.ZERO));
        assertRejected("token is \"\"", () -> EmbeddedServer.builder().token(""));
        assertRejected(
                "grace is PT2S and duration PT1S",
                () -> EmbeddedServer.builder().lameDuck(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }

    private static void assertRejected(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }
}
