// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static dev.midge.transport.WebSocketBytes.ascii;
import static dev.midge.transport.WebSocketBytes.bytes;
import static dev.midge.transport.WebSocketBytes.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.midge.protocol.Connect;
import dev.midge.testkit.base.ScriptedServer;
import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R-F7: what is said to proxies, byte by byte, and what stays of it. */
class ProxyTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final byte[] INFO = ascii("INFO {}\r\n");

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

    private Future<Link> attempt(Proxy proxy, String url, Duration timeout) {
        ConnectRequest request = ConnectRequest.to(Endpoint.parse(url))
                .timeout(timeout)
                .proxy(proxy)
                .build(info ->
                        CompletableFuture.completedFuture(Connect.builder().build()));
        return new Connector(host -> List.of(InetAddress.getLoopbackAddress()), executor)
                .connect(loops.next(), request);
    }

    private static String at(ScriptedServer server) {
        return "proxy.example:" + server.port();
    }

    private static void establish(Future<Link> attempt) throws Exception {
        Link link = attempt.get(LONG.toSeconds(), TimeUnit.SECONDS);
        CountDownLatch behind = new CountDownLatch(1);
        link.eventLoop().execute(behind::countDown); // the proxy's handlers leave in a task of their own
        assertThat(behind.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(link.channel().pipeline().names()).hasSize(2).startsWith("frames");
        link.close();
        assertThat(link.channel().closeFuture().await(LONG.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void httpConnect() throws Exception {
        try (ScriptedServer proxy = ScriptedServer.start(
                LONG,
                peer -> peer.expect("CONNECT nats.example:4333 HTTP/1.1\r\nhost: nats.example:4333\r\n")
                        .expect("proxy-authorization: Basic am9lOmh1c2g=\r\n\r\n")
                        .send(concat(ascii("HTTP/1.1 200 OK\r\n\r\n"), INFO))
                        .expectUntil("PING\r\n")
                        .send("PONG\r\n")
                        .expectEnd())) {
            Proxy settings = Proxy.http(at(proxy)).userPassword("joe", "hush".toCharArray());
            establish(attempt(settings, "nats://nats.example:4333", LONG));
        }
    }

    @Test
    void socks5() throws Exception {
        try (ScriptedServer proxy = ScriptedServer.start(
                LONG,
                peer -> peer.expect(bytes(5, 2, 0, 2))
                        .send(bytes(5, 2))
                        .expect(concat(bytes(1, 3), ascii("joe"), bytes(4), ascii("hush")))
                        .send(bytes(1, 0))
                        .expect(concat(bytes(5, 1, 0, 3, 12), ascii("nats.example"), bytes(16, 237)))
                        .send(concat(bytes(5, 0, 0, 1, 0, 0, 0, 0, 0, 0), INFO))
                        .expectUntil("PING\r\n")
                        .send("PONG\r\n")
                        .expectEnd())) {
            Proxy settings = Proxy.socks5(at(proxy)).userPassword("joe", "hush".toCharArray());
            establish(attempt(settings, "nats://nats.example:4333", LONG));
        }
    }

    @Test
    void addressesOfServers() throws Exception {
        try (ScriptedServer proxy = ScriptedServer.start(
                LONG,
                peer -> peer.expect("CONNECT [::1]:4333 HTTP/1.1\r\nhost: [::1]:4333\r\n\r\n")
                        .send(concat(ascii("HTTP/1.1 200 OK\r\n\r\n"), INFO))
                        .expectUntil("PING\r\n")
                        .send("PONG\r\n")
                        .expectEnd(),
                peer -> peer.expect(bytes(5, 1, 0))
                        .send(bytes(5, 0))
                        .expect(bytes(5, 1, 0, 1, 10, 0, 0, 1, 16, 237))
                        .send(concat(bytes(5, 0, 0, 1, 0, 0, 0, 0, 0, 0), INFO))
                        .expectUntil("PING\r\n")
                        .send("PONG\r\n")
                        .expectEnd())) {
            establish(attempt(Proxy.http(at(proxy)), "nats://[::1]:4333", LONG));
            establish(attempt(Proxy.socks5(at(proxy)), "nats://10.0.0.1:4333", LONG));
        }
    }

    @Test
    void failuresBehindTheProxyNameItToo() throws Exception {
        try (ScriptedServer proxy = ScriptedServer.start(
                LONG,
                peer -> peer.expectUntil("\r\n\r\n")
                        .send(concat(ascii("HTTP/1.1 200 OK\r\n\r\n"), INFO))
                        .expectUntil("PING\r\n")
                        .send("-ERR 'Authorization Violation'\r\n"))) {
            Future<Link> attempt = attempt(Proxy.http(at(proxy)), "nats://nats.example:4333", LONG);
            assertThat(attempt.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(attempt.cause())
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessage("cannot connect to nats://nats.example:4333: through the proxy http://" + at(proxy)
                            + ": the server says -ERR 'Authorization Violation'");
            assertThat(((ConnectFailedException) attempt.cause()).address()).isNull();
        }
    }

    /** R-A3: at each byte of what it says. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void aProxyThatFallsSilent(int bytes) throws Exception {
        byte[] answer = concat(bytes(5, 0), bytes(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
        try (ScriptedServer proxy = ScriptedServer.startRepeating(peer -> {
            try {
                peer.send(Arrays.copyOf(answer, bytes));
            } catch (AssertionError e) {
                // a machine so slow that the attempt was over before
            }
        })) {
            Future<Link> attempt = attempt(Proxy.socks5(at(proxy)), "nats://nats.example:4333", Duration.ofSeconds(4));
            assertThat(attempt.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            ConnectFailedException failure = (ConnectFailedException) attempt.cause();
            assertThat(failure).hasMessageContaining("the proxy did not open the way within the 4000 ms");
            assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(failure.phase()).isEqualTo(Phase.PROXY);
        }
    }

    @Test
    void values() {
        assertThat(Proxy.http("[::1]:3128").userPassword("joe", "hush".toCharArray()))
                .hasToString("http://[::1]:3128");
        Proxy proxy = Proxy.socks5("proxy.example:1080");
        assertThat(proxy.kind()).isEqualTo(Proxy.Kind.SOCKS5);
        assertThat(proxy.host()).isEqualTo("proxy.example");
        assertThat(proxy.port()).isEqualTo(1080);
        assertThat(proxy.user()).isNull();
        assertThat(proxy.userPassword("joe", "hush".toCharArray()).user()).isEqualTo("joe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy",
                ":1",
                "proxy:",
                "proxy:x",
                "proxy:0",
                "proxy:65536",
                "::1:80",
                "joe:hush@proxy:1",
                "a b:1"
            })
    void addressesThatAreNone(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proxy.http(address))
                .withMessageNotContaining("hush");
    }

    @Test
    void usersThatCannotBeSent() {
        char[] secret = "hush".toCharArray();
        Proxy http = Proxy.http("proxy:1");
        Proxy socks = Proxy.socks5("proxy:1");
        assertThatIllegalArgumentException().isThrownBy(() -> http.userPassword("a:b", secret));
        assertThatIllegalArgumentException().isThrownBy(() -> http.userPassword("a\r\n", secret));
        assertThatIllegalArgumentException().isThrownBy(() -> socks.userPassword("", secret));
        assertThatIllegalArgumentException().isThrownBy(() -> socks.userPassword("\u00e4", secret));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> socks.userPassword("a", "hush".repeat(100).toCharArray()))
                .withMessageContaining("255")
                .withMessageNotContaining("hush");
    }
}
