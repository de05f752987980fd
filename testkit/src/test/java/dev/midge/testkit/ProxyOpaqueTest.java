// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static dev.midge.testkit.FrameProxyTest.LONG;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.base.ScriptedConnection;
import dev.midge.testkit.base.ScriptedServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where what passes is not the plain protocol. */
class ProxyOpaqueTest {
    private static final String INFO = "INFO {\"tls_required\":true}\r\n";

    /** The first bytes of a TLS ClientHello, with what a splitter could take for lines. */
    private static final String HELLO = "\u0016\u0003\u0001\u0001\u0005\nPING\r\n\u0000\u00ff";

    @Test
    void passesAsBytesFromThereOn() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.send(INFO)
                        .expect(HELLO.getBytes(ISO_8859_1))
                        .send(new byte[] {22, 3, 3, '\n', 'M', 'S', 'G', ' ', 'a', '\n'})
                        .expectEnd());
                FrameProxy proxy = FrameProxy.to(server.port())) {
            proxy.toClient().at(Frame.INFO, 1).plus(4).delay(Duration.ofMillis(1)); // is plain, and past
            Fault drop = proxy.toClient().at(INFO.length() + 3).drop();
            Recording recording = proxy.toServer().record();
            try (WireClient client = WireClient.silent(proxy.port())) {
                assertThat(client.read(INFO.length())).isEqualTo(INFO);
                client.say(HELLO);
                assertThat(client.read(9)).isEqualTo("\u0016\u0003\u0003MSG a\n");
            }
            assertThat(proxy.awaitNoConnection(LONG)).isTrue();
            assertThat(drop.times()).isEqualTo(1);
            assertThat(proxy.toClient().seen(Frame.INFO)).isEqualTo(1);
            assertThat(proxy.toServer().seen(Frame.PING)).isZero();
            assertThat(proxy.toServer().passedBytes()).isEqualTo(HELLO.length());
            assertThat(recording.frames()).isEmpty();
            assertThat(recording.bytes(1)).hasSize(HELLO.length());
        }
    }

    @Test
    void aRuleForAFrameThatCannotBeSeenIsAnError() throws Exception {
        for (boolean before : new boolean[] {true, false}) {
            try (ScriptedServer server = ScriptedServer.startRepeating(ProxyOpaqueTest::answerHello)) {
                FrameProxy proxy = FrameProxy.to(server.port());
                try (WireClient client = WireClient.silent(proxy.port())) {
                    client.read(INFO.length());
                    if (before) {
                        proxy.toServer().at(Frame.PUB, 3).cut(Cut.RST);
                        client.say(HELLO);
                    } else {
                        client.say(HELLO);
                        assertThat(client.read(1)).isEqualTo("x");
                        proxy.toServer().at(Frame.PUB, 3).cut(Cut.RST);
                        client.say("\u0016\u0003\u0001");
                    }
                    assertThat(client.readToEnd().reset()).isTrue();
                }
                assertThatThrownBy(proxy::close)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("PUB 3")
                        .hasMessageContaining("connection 1 sends towards the server is not the plain NATS protocol")
                        .hasMessageContaining("\\x16\\x03\\x01")
                        .hasMessageContaining("at(offset)");
            }
        }
    }

    private static void answerHello(ScriptedConnection peer) {
        peer.send(INFO);
        try {
            peer.expectUntil("PING\r\n").send("x").expectEnd();
        } catch (AssertionError e) {
            // reset already
        }
    }

    @Test
    void bytesOnlyRefusesRulesForFrames() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.start(peer -> peer.send(INFO).expect("PING\r\n"));
                FrameProxy proxy = FrameProxy.builder()
                        .target("127.0.0.1", server.port())
                        .bytesOnly()
                        .start()) {
            assertThatThrownBy(() -> proxy.toServer().at(Frame.PUB, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("PUB")
                    .hasMessageContaining("bytesOnly()");
            try (WireClient client = WireClient.silent(proxy.port())) {
                assertThat(client.read(INFO.length())).isEqualTo(INFO);
                client.say("PING\r\n");
                server.await();
            }
            assertThat(proxy.toClient().seen(Frame.INFO)).isZero();
            assertThat(proxy.toClient().seenBytes()).isEqualTo(INFO.length());
        }
    }
}
