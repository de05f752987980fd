// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.TestProxy.Mood;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.transport.ConnectFailedException;
import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import dev.midge.transport.Proxy;
import dev.midge.transport.Tls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** R-F7: HTTP CONNECT and SOCKS5, for all schemes, with real servers. */
@NatsServerTest
class ProxyIT {
    private static final Duration LONG = Session.LONG;
    private static final char[] PASSWORD = "hush".toCharArray();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Certificates certificates;

    private final NatsServerVersion version;

    ProxyIT(NatsServerVersion version) {
        this.version = version;
    }

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) throws Exception {
        certificates = Certificates.make(folder);
    }

    /** The proxy is all that we find the address of: what is behind it is a matter of its own. */
    private static List<InetAddress> onlyTheProxy(String host) throws UnknownHostException {
        if (host.equals("localhost")) {
            return List.of(InetAddress.getLoopbackAddress());
        }
        throw new UnknownHostException("nobody should look for " + host);
    }

    private static OptionsBuilder options(String url, Proxy proxy) {
        return Patient.options()
                .servers(url)
                .proxy(proxy)
                .resolver(ProxyIT::onlyTheProxy)
                .connectTimeout(LONG)
                .writeTimeout(LONG);
    }

    static Stream<Arguments> waysAndSchemes() {
        return Stream.of(Proxy.Kind.values())
                .flatMap(kind -> Stream.of("nats", "tls", "ws", "wss").map(scheme -> Arguments.of(kind, scheme)));
    }

    private static TestProxy start(Proxy.Kind kind, Mood mood, @Nullable String userPassword) {
        return kind == Proxy.Kind.HTTP ? TestProxy.http(mood, userPassword) : TestProxy.socks5(mood, userPassword);
    }

    private static Proxy at(Proxy.Kind kind, TestProxy proxy) {
        return kind == Proxy.Kind.HTTP ? Proxy.http(proxy.address()) : Proxy.socks5(proxy.address());
    }

    private NatsServer server(String scheme) {
        String tls = certificates.config("server", "");
        String config = switch (scheme) {
            case "nats" -> "";
            case "tls" -> tls;
            case "ws" -> "websocket { port: -1, handshake_timeout: \"60s\", no_tls: true }";
            default -> "websocket { port: -1, handshake_timeout: \"60s\", " + tls + " }";
        };
        return NatsServer.builder().version(version).config(config).start();
    }

    private static String url(String scheme, NatsServer server) {
        boolean webSocket = scheme.startsWith("ws");
        int port = webSocket ? URI.create(server.url("websocket")).getPort() : server.port();
        return scheme + "://nats.invalid:" + port;
    }

    private static void assertWorks(OptionsBuilder options) {
        byte[] large = new byte[1 << 20];
        new Random(1).nextBytes(large);
        try (Connection nc = Nats.connect(options.build())) {
            Subscription sub = nc.subscribe("proxy.>");
            nc.publish("proxy.large", large);
            for (int i = 0; i < 1000; i++) {
                nc.publish("proxy.many", String.valueOf(i));
            }
            assertThat(sub.next(LONG).data()).isEqualTo(large);
            for (int i = 0; i < 1000; i++) {
                assertThat(sub.next(LONG).text()).isEqualTo(String.valueOf(i));
            }
            assertThat(nc.statistics().outWritten()).isEqualTo(1001);
        }
    }

    /** R-A12: certificates are checked against the name, which nobody here has an address for. */
    @ParameterizedTest
    @MethodSource("waysAndSchemes")
    void eachWayToEachServer(Proxy.Kind kind, String scheme) {
        Tls.Builder tls = Tls.builder().trust(certificates.pem("ca"));
        try (NatsServer server = server(scheme);
                TestProxy proxy = start(kind, Mood.WILLING, null)) {
            String url = url(scheme, server);
            boolean encrypted = scheme.equals("tls") || scheme.equals("wss");
            if (encrypted) {
                assertFails(
                        options(url, at(kind, proxy)).tls(tls.build()),
                        failure(Phase.TLS, Reason.TLS, "not believed", "nats.invalid", "proxy " + at(kind, proxy)));
            }
            OptionsBuilder options = options(url, at(kind, proxy));
            if (encrypted) {
                options.tls(tls.verifyHostName(false).build());
            }
            assertWorks(options);
            assertThat(proxy.asked).isNotEmpty().containsOnly(url.substring(url.indexOf("//") + 2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheServerSaysComesWithTheAnswer(Proxy.Kind kind) {
        try (NatsServer server = server("nats");
                TestProxy proxy = start(kind, Mood.LATE, null)) {
            assertWorks(options(url("nats", server), at(kind, proxy)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerWithoutAName(Proxy.Kind kind) {
        try (NatsServer server = server("nats");
                TestProxy proxy = start(kind, Mood.WILLING, null)) {
            assertWorks(options(server.url(), at(kind, proxy)));
            assertThat(proxy.asked)
                    .containsExactly(
                            (kind == Proxy.Kind.HTTP ? "127.0.0.1" : "address of 4 bytes") + ":" + server.port());
        }
    }

    @ParameterizedTest
    @EnumSource
    void userAndPassword(Proxy.Kind kind) {
        try (NatsServer server = server("nats");
                TestProxy proxy = start(kind, Mood.WILLING, "joe:hush")) {
            String url = url("nats", server);
            assertWorks(options(url, at(kind, proxy).userPassword("joe", PASSWORD)));
            String[] noUser = kind == Proxy.Kind.HTTP
                    ? new String[] {"407 Proxy Authentication Required"}
                    : new String[] {"authMethod"};
            assertFails(options(url, at(kind, proxy)), failure(Phase.PROXY, Reason.PROXY, noUser));
            String[] wrong = kind == Proxy.Kind.HTTP ? noUser : new String[] {"authStatus"};
            assertFails(
                    options(url, at(kind, proxy).userPassword("joe", "secret-one".toCharArray())),
                    failure(Phase.PROXY, Reason.PROXY, wrong));
        }
    }

    private static void assertFails(OptionsBuilder options, Consumer<ConnectFailedException> check) {
        Options built = options.build();
        assertThatThrownBy(() -> Nats.connect(built)).isInstanceOfSatisfying(NoServersException.class, e -> {
            assertThat(e.failures()).singleElement().satisfies(check);
            assertThat(e.toString() + e.failures().get(0).getCause()).doesNotContain("hush", "secret-one");
        });
    }

    private static Consumer<ConnectFailedException> failure(Phase phase, Reason reason, String... texts) {
        return failure -> {
            assertThat(failure).hasMessageContainingAll(texts);
            assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
            assertThat(failure.phase()).as(failure.getMessage()).isEqualTo(phase);
        };
    }

    @ParameterizedTest
    @MethodSource("waysAndMoods")
    void proxiesThatDoNot(Proxy.Kind kind, Mood mood, String text) {
        try (TestProxy proxy = start(kind, mood, null)) {
            assertFails(
                    options("nats://nats.invalid:4222", at(kind, proxy)),
                    failure(
                            Phase.PROXY,
                            Reason.PROXY,
                            "nats://nats.invalid:4222",
                            "through the proxy " + kind + "://" + proxy.address(),
                            text));
        }
    }

    static Stream<Arguments> waysAndMoods() {
        return Stream.of(
                Arguments.of(Proxy.Kind.HTTP, Mood.REFUSING, "403 Forbidden"),
                Arguments.of(Proxy.Kind.SOCKS5, Mood.REFUSING, "FORBIDDEN"),
                Arguments.of(Proxy.Kind.HTTP, Mood.CLOSING, "disconnected"),
                Arguments.of(Proxy.Kind.SOCKS5, Mood.CLOSING, "disconnected"),
                Arguments.of(Proxy.Kind.HTTP, Mood.GARBAGE, "status: 999"),
                Arguments.of(Proxy.Kind.SOCKS5, Mood.GARBAGE, "authMethod"));
    }

    /** R-A3. */
    @ParameterizedTest
    @EnumSource
    void aSilentProxy(Proxy.Kind kind) {
        try (TestProxy proxy = start(kind, Mood.SILENT, null)) {
            assertFails(
                    options("wss://nats.invalid", at(kind, proxy)).connectTimeout(Duration.ofMillis(500)),
                    failure -> assertThat(failure.reason())
                            .as(failure.getMessage())
                            .isEqualTo(Reason.TIMEOUT));
        }
    }

    @ParameterizedTest
    @EnumSource
    void noProxyThere(Proxy.Kind kind) throws Exception {
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // so nobody else listens there
            String address = "localhost:" + bound.getLocalPort();
            Proxy proxy = kind == Proxy.Kind.HTTP ? Proxy.http(address) : Proxy.socks5(address);
            assertFails(
                    options("nats://nats.invalid:4222", proxy),
                    failure(Phase.TCP, Reason.REFUSED, "nats.invalid:4222", "the proxy " + kind + "://" + address));
        }
    }

    @Test
    void aProxyThatNobodyKnows() {
        assertFails(
                options("nats://nats.invalid:4222", Proxy.http("proxy.invalid:3128")),
                failure(Phase.RESOLVE, Reason.UNKNOWN_HOST, "the proxy http://proxy.invalid:3128"));
    }
}
