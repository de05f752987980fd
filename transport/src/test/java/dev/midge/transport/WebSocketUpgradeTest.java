// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static dev.midge.transport.WebSocketBytes.ascii;
import static dev.midge.transport.WebSocketBytes.binary;
import static dev.midge.transport.WebSocketBytes.concat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.midge.protocol.Connect;
import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import dev.midge.transport.WebSocketBytes.Sent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R-F7, R-A12: the way from HTTP to WebSocket to NATS, byte by byte, in memory and virtual time. */
class WebSocketUpgradeTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String URL = "ws://joe:hush@demo_1.example:8080/nats?x=1";

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Promise<Link> promise = channel.eventLoop().newPromise();

    private void begin(String url, WebSocket settings) {
        begin(Endpoint.parse(url), settings);
    }

    private void begin(Endpoint endpoint, WebSocket settings) {
        begin(endpoint, settings, Runnable::run);
    }

    private void begin(Endpoint endpoint, WebSocket settings, Executor blocking) {
        channel.freezeTime();
        ConnectRequest request = ConnectRequest.to(endpoint)
                .timeout(TIMEOUT)
                .webSocket(settings)
                .build(info -> CompletableFuture.completedFuture(
                        Connect.builder().name("t").build()));
        long deadline = channel.eventLoop().ticker().nanoTime() + TIMEOUT.toNanos();
        channel.pipeline().addLast(new Handshake(channel, request, ADDRESS, blocking, deadline, promise));
    }

    private byte[] sent() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            all.writeBytes(out);
            out.release();
        }
        return Arrays.copyOf(all.array(), all.readableBytes());
    }

    private List<String> request() {
        String text = new String(sent(), ISO_8859_1);
        assertThat(text).endsWith("\r\n\r\n");
        return text.lines().filter(line -> !line.isEmpty()).toList();
    }

    /** Begins with what is sent; the key of it. */
    private String key(String url, WebSocket settings) {
        begin(url, settings);
        return request().stream()
                .filter(line -> line.startsWith("sec-websocket-key: "))
                .findAny()
                .orElseThrow()
                .substring("sec-websocket-key: ".length());
    }

    private void receive(byte[]... parts) {
        channel.writeInbound(channel.alloc().directBuffer().writeBytes(concat(parts)));
    }

    private static byte[] accepted(String key, String more) {
        return ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + WebSocketUpgrade.accept(key) + "\r\n" + more + "\r\n");
    }

    private void close() {
        var unused = channel.close();
    }

    private static WebSocket plain() {
        return WebSocket.builder().build();
    }

    private ConnectFailedException failure() {
        assertThat(promise.isDone()).isTrue();
        assertThat(promise.cause()).isInstanceOf(ConnectFailedException.class);
        assertThat(channel.isOpen()).isFalse();
        sent();
        ConnectFailedException failure = (ConnectFailedException) promise.cause();
        assertThat(failure).hasMessageStartingWith("cannot connect to ws://demo_1.example:8080/nats?x=1 (127.0.0.1): ");
        assertThat(failure.toString()).doesNotContain("hush");
        return failure;
    }

    @Test
    void theKeyAndTheAnswerOfTheStandard() {
        assertThat(WebSocketUpgrade.accept("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void asksWithTheNameOfTheHost() {
        begin(
                URL,
                WebSocket.builder()
                        .header("X-One", "1")
                        .headers(Map.of("Authorization", "Bearer abc"))
                        .build());
        List<String> lines = request();
        assertThat(lines.get(0)).isEqualTo("GET /nats?x=1 HTTP/1.1");
        assertThat(lines)
                .contains(
                        "host: demo_1.example:8080",
                        "upgrade: websocket",
                        "connection: upgrade",
                        "sec-websocket-version: 13",
                        "X-One: 1",
                        "Authorization: Bearer abc")
                .anyMatch(line -> line.matches("sec-websocket-key: [A-Za-z0-9+/]{22}=="))
                .noneMatch(line -> line.contains("extensions"));
        close();
        assertThat(promise.cause()).hasMessageContaining("without an answer to the upgrade to WebSocket");
    }

    @ParameterizedTest
    @CsvSource({
        "ws://h, GET / HTTP/1.1, host: h",
        "ws://h:80/, GET / HTTP/1.1, host: h",
        "ws://h:8080?q, GET /?q HTTP/1.1, host: h:8080",
        "ws://h:443/a/b#c, GET /a/b HTTP/1.1, host: h:443",
        "ws://[::1]:81/a, GET /a HTTP/1.1, host: [::1]:81",
        "ws://[::1]/a, GET /a HTTP/1.1, host: [::1]",
    })
    void targetAndHost(String url, String line, String host) {
        begin(url, plain());
        assertThat(request()).startsWith(line, host);
        close();
    }

    /** R-A12: as of a server that others announced by its address. */
    @Test
    void theNameOfAnAddress() {
        begin(
                new Endpoint(Endpoint.Scheme.WS, "10.0.0.1", 8080, "", null, "nats.example"),
                WebSocket.builder().build());
        assertThat(request()).contains("host: nats.example:8080");
        close();
    }

    @Test
    void aSupplierIsAskedAtEachAttempt() {
        int[] asked = {0};
        WebSocket settings = WebSocket.builder()
                .header("X-Token", "old")
                .headers(() -> Map.of("X-Token", "new" + ++asked[0]))
                .build();
        assertThat(asked[0]).isZero();
        begin(URL, settings);
        assertThat(request()).contains("X-Token: new1").doesNotContain("X-Token: old");
        close();
    }

    @Test
    void aSupplierThatFails() {
        begin(
                URL,
                WebSocket.builder()
                        .headers(() -> {
                            throw new IllegalStateException("no token");
                        })
                        .build());
        assertThat(failure())
                .hasMessageContaining("the headers of the WebSocket upgrade")
                .hasMessageContaining("no token");
        assertThat(failure().reason()).isEqualTo(Reason.FAILED);
        assertThat(failure().phase()).isEqualTo(Phase.WEBSOCKET);
    }

    @Test
    void aSupplierOfWhatCannotBeSent() {
        begin(
                URL,
                WebSocket.builder().headers(() -> Map.of("A", "secret\r\nB: x")).build());
        assertThat(failure()).hasMessageContaining("value of header A").hasMessageNotContaining("secret");
    }

    /** The server's first words can come with its answer, and in any pieces. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 1000})
    void connects(int size) {
        String key = key(URL, plain());
        byte[] wire = concat(accepted(key, ""), binary("INFO {\"max_payl"), binary("oad\":100}\r\n"));
        for (int i = 0; i < wire.length; i += size) {
            receive(Arrays.copyOfRange(wire, i, Math.min(wire.length, i + size)));
        }
        assertThat(WebSocketBytes.sent(Unpooled.wrappedBuffer(sent())))
                .singleElement()
                .satisfies(connect -> assertThat(connect.text()).isEqualTo(Dialog.CONNECT_AND_PING));
        receive(binary("PO"), binary("NG\r\nPI"), binary("NG\r\n"));
        Link link = promise.getNow();
        Recorder recorder = new Recorder();
        link.start(recorder, recorder);
        channel.runPendingTasks();
        assertThat(recorder.frames).containsExactly("PING");
        assertThat(channel.pipeline().names()).doesNotContain("http", "upgrade");
        receive(WebSocketBytes.close(1001, "restart"));
        assertThat(recorder.cause).hasMessageContaining("code 1001: restart");
        assertThat(WebSocketBytes.sent(Unpooled.wrappedBuffer(sent())))
                .singleElement()
                .extracting(Sent::closeCode)
                .isEqualTo(1001);
    }

    @Test
    void closesWithCode1000() {
        String key = key(URL, plain());
        receive(accepted(key, ""), binary("INFO {}\r\n"));
        receive(binary("PONG\r\n"));
        sent();
        promise.getNow().close();
        assertThat(WebSocketBytes.sent(Unpooled.wrappedBuffer(sent())))
                .singleElement()
                .extracting(Sent::closeCode)
                .isEqualTo(1000);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whatInfoSaysOfTlsIsAboutAnotherPort() {
        String key = key(URL, plain());
        receive(accepted(key, ""), binary("INFO {\"tls_required\":true}\r\n"));
        receive(binary("PONG\r\n"));
        assertThat(promise.isSuccess()).isTrue();
        promise.getNow().close();
        sent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 400 Bad Request | \"HTTP/1.1 400 Bad Request\"",
                "HTTP/1.1 404 Not Found | \"HTTP/1.1 404 Not Found\"",
                "HTTP/1.0 200 OK | \"HTTP/1.0 200 OK\"",
                "HTTP/1.1 301 Moved~Location: https://elsewhere/ | \"HTTP/1.1 301 Moved, Location: https://elsewhere/\"",
                "HTTP/1.1 101 Switching Protocols | Upgrade: websocket",
                "HTTP/1.1 101 Switching Protocols~Upgrade: h2c~Connection: Upgrade | Upgrade: websocket",
                "HTTP/1.1 101 Switching Protocols~Upgrade: websocket | Connection: Upgrade",
                "HTTP/1.1 101 Switching Protocols~Upgrade: websocket~Connection: Upgrade | Sec-WebSocket-Accept \"null\"",
                "HTTP/1.1 101 X~Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Accept: abc | \"abc\"",
                "INFO {\"server_id\":\"S\"} | not HTTP",
                "garbage | not HTTP",
                "HTTP/1.1 abc def | not HTTP",
            })
    void answersThatAreNone(String head, String text) {
        key(URL, plain());
        receive(ascii(head.replace("~", "\r\n") + "\r\n\r\n"));
        assertThat(failure()).hasMessageContaining(text);
        assertThat(failure().phase()).isEqualTo(Phase.WEBSOCKET);
        assertThat(failure().reason()).isEqualTo(Reason.PROTOCOL);
    }

    /** The supplier of headers has not answered yet. */
    @Test
    void aServerThatSpeaksFirst() {
        List<Runnable> tasks = new ArrayList<>();
        begin(Endpoint.parse(URL), plain(), tasks::add);
        receive(ascii("INFO {}\r\n"));
        assertThat(failure()).hasMessageContaining("not HTTP");
        assertThat(failure().reason()).isEqualTo(Reason.PROTOCOL);
        assertThat(tasks).hasSize(1);
        tasks.get(0).run();
        channel.runPendingTasks();
        assertThat(sent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\nX: "})
    void anAnswerWithoutEnd(String head) {
        key(URL, plain());
        receive(ascii(head));
        for (int i = 0; i < 100 && channel.isOpen(); i++) {
            receive(ascii("x".repeat(1000)));
        }
        assertThat(failure()).hasMessageContaining("not HTTP").hasMessageContaining("TooLong");
    }

    @Test
    void compressionThatIsAgreedUpon() {
        String key = key(URL, WebSocket.builder().compression(true).build());
        receive(
                accepted(
                        key,
                        "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover;server_no_context_takeover\r\n"));
        receive(WebSocketBytes.frame(0xc2, WebSocketBytes.deflated(ascii("INFO {}\r\n"))));
        receive(binary("PONG\r\n"));
        assertThat(promise.isSuccess()).isTrue();
        promise.getNow().close();
        sent();
    }

    @Test
    void compressionThatTheServerDoesNotOffer() {
        begin(URL, WebSocket.builder().compression(true).build());
        List<String> lines = request();
        assertThat(lines)
                .contains(
                        "sec-websocket-extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover");
        String key = lines.stream()
                .filter(line -> line.startsWith("sec-websocket-key: "))
                .findAny()
                .orElseThrow()
                .substring(19);
        receive(accepted(key, ""), binary("INFO {}\r\n"));
        receive(binary("PONG\r\n"));
        assertThat(promise.isSuccess()).isTrue();
        promise.getNow().close();
        sent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=9",
                "x-webkit-deflate-frame",
            })
    void compressionOfAnotherKind(String extensions) {
        String key = key(URL, WebSocket.builder().compression(true).build());
        receive(accepted(key, "Sec-WebSocket-Extensions: " + extensions + "\r\n"));
        assertThat(failure()).hasMessageContaining("\"" + extensions + "\", which were not asked for");
    }

    @Test
    void compressionThatNobodyAskedFor() {
        String key = key(URL, plain());
        receive(accepted(key, "Sec-WebSocket-Extensions: " + WebSocketDeflate.OFFER + "\r\n"));
        assertThat(failure()).hasMessageContaining("which were not asked for");
    }

    /** R-A3. */
    @Test
    void silence() {
        key(URL, plain());
        channel.advanceTimeBy(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        assertThat(failure()).hasMessageContaining("the upgrade to WebSocket was not answered within the 2000 ms");
        assertThat(failure().reason()).isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void silenceBehindTheUpgrade() {
        String key = key(URL, plain());
        receive(accepted(key, ""));
        channel.advanceTimeBy(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        assertThat(failure()).hasMessageContaining("INFO did not come, nothing came at all");
        assertThat(failure().phase()).isEqualTo(Phase.INFO);
    }

    @Test
    void endsInTheHandshake() {
        String key = key(URL, plain());
        receive(accepted(key, ""), binary("INFO {}\r\n"), WebSocketBytes.close(1008, "not you"));
        assertThat(failure()).hasMessageContaining("the server closed the WebSocket with code 1008: not you");
        assertThat(failure().reason()).isEqualTo(Reason.PEER_CLOSED);
    }

    @Test
    void wrongFramesInTheHandshake() {
        String key = key(URL, plain());
        receive(accepted(key, ""), WebSocketBytes.frame(0x81, ascii("INFO {}\r\n")));
        assertThat(failure()).hasMessageContaining("WebSocket: a frame is text");
        assertThat(failure().reason()).isEqualTo(Reason.PROTOCOL);
    }

    @Test
    void settingsThatCannotBe() {
        WebSocket.Builder builder = WebSocket.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxFrameSize(1023))
                .withMessage("maxFrameSize is 1023: must be 1024 to 1073741824");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxFrameSize((1 << 30) + 1));
        for (String name : new String[] {"", "a b", "a:", "\u00e4", "Host", "sec-websocket-KEY", "Upgrade"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.header(name, "x"))
                    .withMessageStartingWith("header name is \"" + name + "\"");
        }
        for (String value : new String[] {"a\r\nb", "\0", "\u20ac"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.header("A", value))
                    .withMessageStartingWith("value of header A");
        }
        Map<String, String> some = new HashMap<>(Map.of("Good", "x", "Host", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.headers(some));
        assertThat(builder.header("Authorization", "hush").compression(true).build())
                .hasToString("WebSocket[headers [Authorization], compression, frames up to 67108864 bytes]");
    }
}
