// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.Cut;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.testkit.base.ScriptedConnection;
import dev.midge.testkit.base.ScriptedServer;
import dev.midge.transport.AuthenticationException;
import dev.midge.transport.ConnectFailedException;
import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import dev.midge.transport.Tls;
import dev.midge.transport.WebSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R-F7: WebSocket with real servers of both versions, plain and encrypted. */
@NatsServerTest
class WebSocketIT {
    private static final Duration LONG = Session.LONG;

    private static final Duration SILENCE = Duration.ofMillis(500);

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Certificates certificates;

    private final NatsServerVersion version;

    WebSocketIT(NatsServerVersion version) {
        this.version = version;
    }

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) throws Exception {
        certificates = Certificates.make(folder);
    }

    private NatsServer start(String webSocket, String more) {
        return NatsServer.builder()
                .version(version)
                .config("websocket { port: -1, compression: true, handshake_timeout: \"60s\", " + webSocket + " }\n"
                        + more)
                .start();
    }

    private NatsServer startPlain() {
        return start("no_tls: true", "");
    }

    private static int port(NatsServer server) {
        return URI.create(server.url("websocket")).getPort();
    }

    private static OptionsBuilder options(String url) {
        return Patient.options().servers(url).connectTimeout(LONG).writeTimeout(LONG);
    }

    private static WebSocket compressed() {
        return WebSocket.builder().compression(true).build();
    }

    private static void assertWorks(OptionsBuilder options) {
        byte[] large = new byte[1 << 20];
        new Random(1).nextBytes(large);
        byte[] dull = new byte[1 << 20];
        int count = 20_000;
        try (Connection nc = Nats.connect(options.build())) {
            Subscription sub = nc.subscribe("ws.>");
            nc.publish("ws.large", large);
            nc.publish("ws.dull", dull);
            for (int i = 0; i < count; i++) {
                nc.publish("ws.many", String.valueOf(i));
            }
            nc.publish(Message.to("ws.last").header("A", "b").data("end").build());
            assertThat(sub.next(LONG).data()).isEqualTo(large);
            assertThat(sub.next(LONG).data()).isEqualTo(dull);
            for (int i = 0; i < count; i++) {
                assertThat(sub.next(LONG).text()).isEqualTo(String.valueOf(i));
            }
            assertThat(sub.next(LONG).headers().get("A")).isEqualTo("b");
            nc.flush(LONG);
            Statistics statistics = nc.statistics();
            assertThat(statistics.outAccepted()).isEqualTo(count + 3);
            assertThat(statistics.outWritten()).isEqualTo(count + 3);
        }
    }

    private static void assertFails(OptionsBuilder options, Consumer<ConnectFailedException> check) {
        Options built = options.build();
        assertThatThrownBy(() -> Nats.connect(built))
                .isInstanceOfSatisfying(
                        NoServersException.class,
                        e -> assertThat(e.failures()).singleElement().satisfies(check));
    }

    private static Consumer<ConnectFailedException> failure(Phase phase, Reason reason, String... texts) {
        return failure -> {
            assertThat(failure).hasMessageContainingAll(texts);
            assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
            assertThat(failure.phase()).as(failure.getMessage()).isEqualTo(phase);
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messagesBothWays(boolean compression) {
        try (NatsServer server = startPlain()) {
            assertWorks(options("ws://localhost:" + port(server) + "/some/path?x=1")
                    .webSocket(WebSocket.builder().compression(compression).build()));
        }
    }

    /** nats-server cuts what it sends to browsers into fragments of 4 KiB. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fragmentsOfTheServer(boolean compression) {
        try (NatsServer server = startPlain()) {
            assertWorks(options("ws://localhost:" + port(server))
                    .webSocket(WebSocket.builder()
                            .header("User-Agent", "Mozilla/5.0 Midge")
                            .compression(compression)
                            .build()));
        }
    }

    /** Its servers end connections whose compressed messages are larger than max_payload. */
    @Test
    void aSmallMaxPayload() throws Exception {
        try (NatsServer server = start("no_tls: true", "max_payload: 1000");
                Connection nc = Nats.connect(
                        options(server.url("websocket")).webSocket(compressed()).build())) {
            Subscription sub = nc.subscribe("ws");
            for (int i = 0; i < 1000; i++) {
                nc.publish("ws", "x".repeat(1000));
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(sub.next(LONG).size()).isEqualTo(1000);
            }
        }
    }

    /** A server that has much for a client puts it into one frame. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void moreThanAFrameMayHave(boolean compression) {
        EventLog events = new EventLog();
        try (NatsServer server = startPlain();
                Connection nc = Nats.connect(options(server.url("websocket"))
                        .listener(events)
                        .webSocket(WebSocket.builder()
                                .compression(compression)
                                .maxFrameSize(2048)
                                .build())
                        .build())) {
            nc.subscribe("ws", msg -> {});
            nc.publish("ws", "x".repeat(5000));
            Eventually.isTrue(
                    () -> "maxFrameSize in " + events.all(),
                    () -> events.all().stream()
                            .anyMatch(event -> event.toString().contains("maxFrameSize")));
        }
    }

    @Test
    void credentials() {
        try (NatsServer server = start("no_tls: true", "authorization { timeout: 60, user: joe, password: hush }")) {
            assertWorks(options("ws://joe:hush@localhost:" + port(server)));
            assertFails(
                    options("ws://joe:wrong@localhost:" + port(server)),
                    failure -> assertThat(failure)
                            .isInstanceOf(AuthenticationException.class)
                            .hasMessageContaining("ws://localhost:")
                            .hasMessageNotContaining("wrong"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void encrypted(boolean compression) {
        try (NatsServer server = start(certificates.config("server", ""), "")) {
            Tls tls = Tls.builder().trust(certificates.pem("ca")).build();
            WebSocket settings = WebSocket.builder().compression(compression).build();
            assertWorks(options("wss://localhost:" + port(server)).tls(tls).webSocket(settings));
            assertWorks(options("ws://localhost:" + port(server)).tls(tls).webSocket(settings));
            assertFails(
                    options("wss://localhost:" + port(server)),
                    failure(Phase.TLS, Reason.TLS, "wss://localhost:", "not believed"));
            assertFails(
                    options("ws://localhost:" + port(server)),
                    failure(Phase.WEBSOCKET, Reason.PROTOCOL, "the WebSocket upgrade"));
        }
    }

    /** Never in plain text where encryption was asked for. */
    @Test
    void encryptionThatTheServerDoesNotHave() {
        try (NatsServer server = startPlain()) {
            Tls tls = Tls.builder().trust(certificates.pem("ca")).build();
            assertFails(options("wss://localhost:" + port(server)), failure(Phase.TLS, Reason.TLS, "TLS failed"));
            assertFails(
                    options("ws://localhost:" + port(server)).tls(tls), failure(Phase.TLS, Reason.TLS, "TLS failed"));
        }
    }

    /** R-A12: the name in the URL counts and not the address. */
    @Test
    void theCertificateOfAnotherHost() {
        try (NatsServer server = start(certificates.config("wrong", ""), "")) {
            Tls.Builder tls = Tls.builder().trust(certificates.pem("ca"));
            assertFails(
                    options("wss://localhost:" + port(server)).tls(tls.build()),
                    failure(Phase.TLS, Reason.TLS, "not believed", "localhost"));
            assertWorks(options("wss://localhost:" + port(server))
                    .tls(tls.verifyHostName(false).build()));
        }
    }

    /** The port of NATS, and one of HTTP. */
    @Test
    void otherPorts() {
        try (NatsServer server =
                NatsServer.builder().version(version).monitoring().start()) {
            assertFails(
                    options("ws://127.0.0.1:" + server.port()), failure(Phase.WEBSOCKET, Reason.PROTOCOL, "not HTTP"));
            assertFails(
                    options(server.url("monitoring").replace("http:", "ws:") + "/nats"),
                    failure(Phase.WEBSOCKET, Reason.PROTOCOL, "\"HTTP/1.1 404 Not Found\""));
        }
        try (NatsServer server = startPlain()) {
            assertFails(options("nats://127.0.0.1:" + port(server)).connectTimeout(SILENCE), WebSocketIT::timedOut);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 400 Bad Request~~ | \"HTTP/1.1 400 Bad Request\"",
                "HTTP/1.1 404 Not Found~Content-Length: 100~~ | \"HTTP/1.1 404 Not Found\"",
                "garbage~~ | not HTTP",
            })
    void refusals(String answer, String text) {
        try (ScriptedServer server =
                ScriptedServer.start(LONG, peer -> peer.expectUntil("\r\n\r\n").send(answer.replace("~", "\r\n")))) {
            assertFails(options("ws://127.0.0.1:" + server.port()), failure(Phase.WEBSOCKET, Reason.PROTOCOL, text));
        }
    }

    /** R-A3: in the middle of the answer. */
    @Test
    void aPeerThatFallsSilent() {
        try (ScriptedServer server = ScriptedServer.start(LONG, WebSocketIT::beginAnswer)) {
            assertFails(options("ws://127.0.0.1:" + server.port()).connectTimeout(SILENCE), WebSocketIT::timedOut);
        }
    }

    private static void beginAnswer(ScriptedConnection peer) {
        try {
            peer.expectUntil("\r\n\r\n").send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: web");
        } catch (AssertionError e) {
            // a machine so slow that the attempt was over before
        }
    }

    /** At what it stopped is for tests in virtual time. */
    private static void timedOut(ConnectFailedException failure) {
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.TIMEOUT);
    }

    /** R-A3. */
    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void aPeerThatIsSilentFromTheBeginning(String scheme) {
        try (ScriptedServer server = ScriptedServer.startRepeating(peer -> {})) {
            assertFails(
                    options(scheme + "://127.0.0.1:" + server.port()).connectTimeout(SILENCE), WebSocketIT::timedOut);
        }
    }

    @Test
    void aServerThatGoes() {
        EventLog events = new EventLog();
        try (NatsServer server = startPlain();
                Connection nc = Nats.connect(
                        options(server.url("websocket")).listener(events).build())) {
            nc.flush(LONG);
            server.kill();
            Eventually.isTrue(
                    () -> "an event behind Connected in " + events.all(),
                    () -> events.all().stream().anyMatch(event -> !(event instanceof ConnectionEvent.Connected)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reconnects(boolean compression) throws Exception {
        EventLog events = new EventLog();
        try (NatsServer server = startPlain();
                FrameProxy proxy = FrameProxy.builder()
                        .target("127.0.0.1", port(server))
                        .bytesOnly()
                        .start();
                Connection nc = Nats.connect(options("ws://127.0.0.1:" + proxy.port())
                        .webSocket(WebSocket.builder().compression(compression).build())
                        .listener(events)
                        .build())) {
            Subscription sub = nc.subscribe("ws");
            nc.flush(LONG);
            proxy.cut(Cut.RST);
            events.await(ConnectionEvent.Reconnected.class);
            nc.publish("ws", "x".repeat(100));
            assertThat(sub.next(LONG).size()).isEqualTo(100);
        }
    }

    /** The close frame has no way out, and is not waited for long. */
    @Test
    void closeInABlackHole() {
        try (NatsServer server = startPlain();
                FrameProxy proxy = FrameProxy.builder()
                        .target("127.0.0.1", port(server))
                        .bytesOnly()
                        .start();
                Connection nc = Nats.connect(options("ws://127.0.0.1:" + proxy.port())
                        .closeTimeout(Duration.ofMillis(100))
                        .build())) {
            nc.flush(LONG);
            proxy.blackHole();
            nc.publish("ws", "x");
            nc.closeAsync().orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CLOSED);
        }
    }

    @Test
    void schemesThatDoNotGoTogether() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Patient.options().servers("nats://joe:hush@a", "ws://b").build())
                .withMessageContaining("ws://b")
                .withMessageContaining("all ws and wss, or all nats and tls")
                .withMessageNotContaining("hush");
        Patient.options().servers("ws://a", "wss://b").build();
        Patient.options().servers("tls://a", "nats://b").build();
    }
}
