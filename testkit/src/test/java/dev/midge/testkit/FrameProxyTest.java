// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.midge.testkit.base.ScriptedConnection;
import dev.midge.testkit.base.ScriptedServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a proxy does that is told nothing, and what it tells. */
class FrameProxyTest {
    static final Duration LONG = Duration.ofSeconds(30);

    private static final String INFO = "INFO {\"server_id\":\"S\"} \r\n";

    @Test
    void passesFramesBothWaysAndCountsThem() throws Exception {
        String pub = "PUB a 5\r\nhello\r\n";
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.send(INFO)
                        .expect("CONNECT {}\r\nPING\r\n")
                        .send("PONG\r\n")
                        .expect(pub + pub)
                        .send("MSG a 1 5\r\nhello\r\n")
                        .expectEnd());
                FrameProxy proxy = FrameProxy.to(server.port())) {
            try (WireClient client = WireClient.silent(proxy.port())) {
                assertThat(client.read(INFO.length())).isEqualTo(INFO);
                client.say("CONNECT {}\r\nPING\r\n");
                assertThat(client.read(6)).isEqualTo("PONG\r\n");
                client.say(pub + pub);
                assertThat(client.read(18)).isEqualTo("MSG a 1 5\r\nhello\r\n");
            }
            assertThat(proxy.awaitNoConnection(LONG)).isTrue();
            assertThat(proxy.connections()).isEqualTo(1);
            assertThat(proxy.toServer().seen(Frame.PUB)).isEqualTo(2);
            assertThat(proxy.toServer().passed(Frame.PUB)).isEqualTo(2);
            assertThat(proxy.toServer().seen(Frame.CONNECT)).isEqualTo(1);
            assertThat(proxy.toServer().seen(Frame.PING)).isEqualTo(1);
            assertThat(proxy.toServer().seen(Frame.PONG)).isZero();
            assertThat(proxy.toClient().seen(Frame.MSG)).isEqualTo(1);
            assertThat(proxy.toClient().seen(Frame.INFO)).isEqualTo(1);
            assertThat(proxy.toServer().seenBytes()).isEqualTo(18 + 2 * pub.length());
            assertThat(proxy.toServer().passedBytes()).isEqualTo(18 + 2 * pub.length());
        }
    }

    /** Nothing is held back to see the rest of it. */
    @Test
    void passesHalfALine() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> peer.send("IN").expect("PU").send("FO {}\r\n").expect("B"));
                FrameProxy proxy = FrameProxy.to(server.port());
                WireClient client = WireClient.silent(proxy.port())) {
            assertThat(client.read(2)).isEqualTo("IN");
            client.say("PU");
            assertThat(client.read(7)).isEqualTo("FO {}\r\n");
            client.say("B");
            server.await();
        }
    }

    @Test
    void theEndOfOneSidePassesAndTheOtherGoesOn() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer ->
                        peer.expect("PING\r\n").expectEnd().send("PONG\r\n").close());
                FrameProxy proxy = FrameProxy.to(server.port());
                WireClient client = WireClient.silent(proxy.port())) {
            client.say("PING\r\n").shutdownOutput();
            assertThat(client.readToEnd()).isEqualTo(new WireClient.End("PONG\r\n", false));
            assertThat(proxy.awaitNoConnection(LONG)).isTrue();
        }
    }

    @Test
    void aResetPassesBothWays() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> peer.expect("PING\r\n").reset(),
                        peer -> peer.expect("PING\r\n").expectEnd());
                FrameProxy proxy = FrameProxy.to(server.port());
                WireClient first = WireClient.silent(proxy.port())) {
            first.say("PING\r\n");
            assertThat(first.readToEnd().reset()).isTrue();
            assertThat(proxy.awaitNoConnection(LONG)).isTrue();
            try (WireClient second = WireClient.silent(proxy.port())) {
                second.say("PING\r\n");
                assertThat(proxy.toServer().awaitSeen(Frame.PING, 2, LONG)).isTrue();
                second.reset();
                assertThat(proxy.awaitNoConnection(LONG)).isTrue();
            }
        }
    }

    /** What a server says before it closes is read, though the client goes on sending to it. */
    @Test
    void theLastWordOfAServerIsRead() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> peer.expect("PUB a 1\r\n").send("-ERR 'x'\r\n").close());
                FrameProxy proxy = FrameProxy.to(server.port());
                WireClient client = WireClient.silent(proxy.port())) {
            client.say("PUB a 1\r\nx\r\n".repeat(100));
            assertThat(client.readToEnd().text()).isEqualTo("-ERR 'x'\r\n");
        }
    }

    @Test
    void aServerThatIsNotThereLooksLikeAReset() throws Exception {
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // so nobody else listens there
            try (FrameProxy proxy = FrameProxy.to(bound.getLocalPort());
                    WireClient client = WireClient.silent(proxy.port())) {
                assertThat(client.readToEnd()).isEqualTo(new WireClient.End("", true));
                assertThat(proxy.awaitNoConnection(LONG)).isTrue();
            }
        }
    }

    @Test
    void recordsWhatComes() throws Exception {
        try (ScriptedServer server = ScriptedServer.startRepeating(
                        peer -> peer.send(INFO + "PING\r\n").expect("PON").expectEnd());
                FrameProxy proxy = FrameProxy.builder()
                        .target("127.0.0.1", server.port())
                        .recordLimit(60)
                        .start()) {
            Recording toServer = proxy.toServer().record();
            Recording toClient = proxy.toClient().record();
            proxy.toServer().each(Frame.PUB).drop();
            for (int i = 1; i <= 2; i++) {
                try (WireClient client = WireClient.silent(proxy.port())) {
                    client.read(INFO.length() + 6);
                    client.say("PUB a 2\r\n" + i).say("!\r\nPON");
                }
                assertThat(proxy.awaitNoConnection(LONG)).isTrue();
            }
            assertThat(toServer.frames())
                    .extracting(RecordedFrame::connection, RecordedFrame::kind, RecordedFrame::text)
                    .containsExactly(
                            tuple(1, Frame.PUB, "PUB a 2\r\n1!\r\n"), tuple(2, Frame.PUB, "PUB a 2\r\n2!\r\n"));
            assertThat(toServer.bytes(2)).asString().isEqualTo("PUB a 2\r\n2!\r\nPON");
            assertThat(toServer.bytes(3)).isEmpty();
            assertThat(toServer.isComplete()).isTrue();
            assertThat(toServer.frames().get(0)).hasToString("1: PUB a 2\r\n1!");
            assertThat(toClient.frames())
                    .extracting(RecordedFrame::text)
                    .as("2 x 30 bytes")
                    .containsExactly(INFO, "PING\r\n", INFO)
                    .hasSize(3);
            assertThat(toClient.isComplete()).as("60 bytes").isFalse();
        }
    }

    @Test
    void closeEndsWhatIsLeft() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        WireClient client;
        try (ScriptedServer server =
                ScriptedServer.start(peer -> peer.send(INFO).await(over))) {
            try (FrameProxy proxy = FrameProxy.to(server.port())) {
                client = WireClient.silent(proxy.port());
                client.read(INFO.length());
                assertThat(proxy.liveConnections()).isEqualTo(1);
                proxy.toServer().hold();
                client.say("PING\r\n");
            }
            over.countDown();
        }
        try (client) {
            assertThat(client.readToEnd().reset()).isTrue();
        }
    }

    @Test
    void manyConnectionsLeaveNothing() throws Exception {
        try (ScriptedServer server = ScriptedServer.startRepeating(ScriptedConnection::expectEnd);
                FrameProxy proxy = FrameProxy.to(server.port())) {
            for (int i = 0; i < 200; i++) {
                WireClient.silent(proxy.port()).close();
            }
            assertThat(proxy.awaitConnections(200, LONG)).isTrue();
            assertThat(proxy.awaitNoConnection(LONG)).isTrue();
        }
    }

    @Test
    void badInputIsToldAtTheCall() throws Exception {
        FrameProxy.Builder builder = FrameProxy.builder();
        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("target");
        assertThatThrownBy(() -> builder.target("h", 0)).hasMessage("serverPort is 0: must be 1 to 65535");
        assertThatThrownBy(() -> builder.recordLimit(-1)).hasMessage("recordLimit is -1: must not be negative");
        assertThatThrownBy(() -> builder.socketBuffer(0)).hasMessage("socketBuffer is 0: must be at least 1");
        assertThatThrownBy(() -> builder.maxControlLine(0)).hasMessageContaining("maxControlLine is 0");
        try (FrameProxy proxy = FrameProxy.to(1)) {
            ProxyDirection toServer = proxy.toServer();
            assertThatThrownBy(() -> toServer.at(-1)).hasMessage("offset is -1: must not be negative");
            assertThatThrownBy(() -> toServer.at(Frame.PUB, 0)).hasMessage("ordinal is 0: must be at least 1");
            assertThatThrownBy(() -> toServer.at(Frame.MSG, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("kind is MSG: must be one that is sent towards the server: "
                            + "[PING, PONG, CONNECT, PUB, HPUB, SUB, UNSUB]");
            assertThatThrownBy(() -> proxy.toClient().each(Frame.PUB)).hasMessageContaining("towards the client");
            assertThatThrownBy(() -> toServer.some(Frame.PUB, 1.5)).hasMessage("probability is 1.5: must be 0 to 1");
            assertThatThrownBy(() -> toServer.some(Frame.PUB, Double.NaN)).hasMessageContaining("NaN");
            assertThatThrownBy(() -> toServer.split(0)).hasMessage("bytes is 0: must be at least 1");
            assertThatThrownBy(() -> toServer.splitRandomly(0)).hasMessage("maxBytes is 0: must be at least 1");
            assertThatThrownBy(() -> toServer.limit(0)).hasMessage("bytesPerSecond is 0: must be at least 1");
            assertThatThrownBy(() -> toServer.at(0).plus(1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> toServer.at(Frame.PUB, 1).plus(-1)).hasMessageContaining("bytes is -1");
            assertThatThrownBy(() -> toServer.at(0).onConnection(0)).hasMessageContaining("number is 0");
            assertThatThrownBy(() -> toServer.at(0).delay(Duration.ZERO)).hasMessageContaining("time in nanoseconds");
        }
    }
}
