// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.NatsException;
import io.netty.channel.Channel;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens where an optional jar is not on the class path: all classes are loaded anew without it. */
class MissingJarsTest {
    /** Runs without the jars; its name and the JDK's types are all that the two class loaders share. */
    public static final class Probe implements Callable<String> {
        @Override
        public String call() {
            StringBuilder seen = new StringBuilder();
            for (TransportKind kind : TransportKind.values()) {
                try {
                    EventLoops.Lease lease = EventLoops.own(kind, 1).acquire();
                    Channel socket = IoTransports.newSocket(lease.next());
                    seen.append(kind).append(" -> ").append(socket.getClass().getSimpleName());
                    socket.unsafe().closeForcibly();
                    lease.release();
                } catch (NatsException e) {
                    seen.append(e.getMessage());
                }
                seen.append('\n');
            }
            return seen.toString();
        }
    }

    /** An attempt to connect to a WebSocket server: a port that takes the connection, and is silent. */
    public static final class WebSocketProbe implements Callable<String> {
        @Override
        public String call() throws Exception {
            EventLoops.Lease lease = EventLoops.own(TransportKind.NIO, 1).acquire();
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Endpoint endpoint = Endpoint.parse("ws://127.0.0.1:" + server.getLocalPort());
                ConnectRequest request = ConnectRequest.to(endpoint)
                        .timeout(Duration.ofSeconds(30))
                        .build(info -> CompletableFuture.failedFuture(new AssertionError("no INFO came")));
                Throwable cause = new Connector(HostResolver.jdk(), Runnable::run)
                        .connect(lease.next(), request)
                        .await()
                        .cause();
                return ((ConnectFailedException) cause).reason() + " " + cause.getMessage();
            } finally {
                lease.release();
            }
        }
    }

    /** Attempts to connect through proxies of both kinds: they end before anything is done. */
    public static final class ProxyProbe implements Callable<String> {
        @Override
        public String call() throws Exception {
            EventLoops.Lease lease = EventLoops.own(TransportKind.NIO, 1).acquire();
            StringBuilder seen = new StringBuilder();
            for (Proxy proxy : new Proxy[] {Proxy.http("localhost:1"), Proxy.socks5("localhost:1")}) {
                ConnectRequest request = ConnectRequest.to(Endpoint.parse("nats.invalid"))
                        .timeout(Duration.ofSeconds(30))
                        .proxy(proxy)
                        .build(info -> CompletableFuture.failedFuture(new AssertionError("no INFO came")));
                HostResolver nothing = host -> {
                    throw new UnknownHostException(host);
                };
                Throwable cause = new Connector(nothing, Runnable::run)
                        .connect(lease.next(), request)
                        .await()
                        .cause();
                seen.append(((ConnectFailedException) cause).reason())
                        .append(' ')
                        .append(cause.getMessage())
                        .append('\n');
            }
            lease.release();
            return seen.toString();
        }
    }

    @Test
    void proxiesWithoutTheirJars() throws Exception {
        assertThat(without("netty-handler-proxy-", ProxyProbe.class).lines())
                .satisfiesExactly(
                        http -> assertThat(http).contains("NOT_SUPPORTED", "io.netty:netty-handler-proxy"),
                        socks -> assertThat(socks).contains("NOT_SUPPORTED", "io.netty:netty-handler-proxy"));
        assertThat(without("netty-codec-http-", ProxyProbe.class).lines())
                .satisfiesExactly(
                        http -> assertThat(http).contains("NOT_SUPPORTED", "netty-codec-http"),
                        socks -> assertThat(socks).startsWith("UNKNOWN_HOST"));
        assertThat(without("netty-codec-socks-", ProxyProbe.class).lines())
                .satisfiesExactly(
                        http -> assertThat(http).startsWith("UNKNOWN_HOST"),
                        socks -> assertThat(socks).contains("NOT_SUPPORTED", "netty-codec-socks"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"netty-transport-classes-", "netty-transport-native-"})
    void whatIsMissingIsNamedAndNioStandsIn(String missing) throws Exception {
        assertThat(without(missing, Probe.class).lines())
                .satisfiesExactly(
                        auto -> assertThat(auto).isEqualTo("AUTO -> NioSocketChannel"),
                        nio -> assertThat(nio).isEqualTo("NIO -> NioSocketChannel"),
                        epoll -> assertMissing(epoll, "epoll"),
                        uring -> assertMissing(uring, "io_uring"),
                        kqueue -> assertMissing(kqueue, "kqueue"));
    }

    @Test
    void webSocketWithoutHttp() throws Exception {
        assertThat(without("netty-codec-http-", WebSocketProbe.class))
                .startsWith("NOT_SUPPORTED cannot connect to ws://127.0.0.1:")
                .contains("WebSocket needs the optional jar io.netty:netty-codec-http on the class path");
    }

    /** What a probe says on a class path without some jars. */
    private static String without(String missing, Class<? extends Callable<String>> probe) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains(missing)) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Object there =
                    loader.loadClass(probe.getName()).getDeclaredConstructor().newInstance();
            return String.valueOf(((Callable<?>) there).call());
        }
    }

    private static void assertMissing(String text, String name) {
        assertThat(text)
                .startsWith("transport " + name + " is not available: ")
                .contains("netty-transport-classes-" + name, "netty-transport-native-" + name);
    }
}
