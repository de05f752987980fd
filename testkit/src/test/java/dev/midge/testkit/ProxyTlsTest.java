// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static dev.midge.testkit.FrameProxyTest.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.server.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS passes byte by byte: with INFO in front of it, and from the first byte on. */
class ProxyTlsTest {
    private static final String HANDSHAKE = "CONNECT {\"verbose\":false}\r\nPING\r\n";

    @TempDir
    private static Path directory;

    private static SelfSignedCertificate certificate;

    @BeforeAll
    static void make() throws Exception {
        certificate = SelfSignedCertificate.in(directory, "proxied");
    }

    private static EmbeddedServer server(boolean first) {
        EmbeddedTls tls =
                EmbeddedTls.of(certificate.certificates(), certificate.key()).timeout(LONG);
        return EmbeddedServer.builder().tls(first ? tls.handshakeFirst() : tls).start();
    }

    private static void encrypt(WireClient client) throws Exception {
        SSLSocket socket = (SSLSocket) certificate
                .trustedBy()
                .getSocketFactory()
                .createSocket(client.socket(), "127.0.0.1", client.socket().getPort(), true);
        socket.startHandshake();
        client.upgrade(socket);
    }

    @Test
    void passesBehindInfo() throws Exception {
        try (EmbeddedServer server = server(false);
                FrameProxy proxy = FrameProxy.to(server.port())) {
            proxy.toClient().splitRandomly(20);
            Recording recording = proxy.toServer().record();
            try (WireClient client = WireClient.connect(proxy.port())) {
                encrypt(client);
                client.say(HANDSHAKE).hears("PONG\r\n");
            }
            assertThat(proxy.awaitNoConnection(LONG)).isTrue();
            assertThat(proxy.toClient().seen(Frame.INFO)).isEqualTo(1);
            assertThat(proxy.toClient().seen(Frame.PONG)).isZero();
            assertThat(proxy.toServer().seen(Frame.CONNECT)).isZero();
            assertThat(recording.frames()).isEmpty();
            assertThat(recording.bytes(1)).startsWith(22, 3).hasSizeGreaterThan(300);
        }
    }

    @Test
    void passesFromTheFirstByteOn() throws Exception {
        try (EmbeddedServer server = server(true);
                FrameProxy proxy = FrameProxy.builder()
                        .target("127.0.0.1", server.port())
                        .bytesOnly()
                        .start();
                WireClient client = WireClient.silent(proxy.port())) {
            encrypt(client);
            client.info();
            client.say(HANDSHAKE).hears("PONG\r\n");
        }
    }

    /** What TLS is for: the server does not take what was changed on the way. */
    @Test
    void rulesForBytesHappen() throws Exception {
        try (EmbeddedServer server = server(false);
                FrameProxy proxy = FrameProxy.to(server.port());
                WireClient client = WireClient.connect(proxy.port())) {
            encrypt(client);
            client.say(HANDSHAKE).hears("PONG\r\n");
            Fault damage =
                    proxy.toServer().at(proxy.toServer().seenBytes() + 20).corrupt();
            client.say("PUB a 5\r\nhello\r\n");
            assertThat(damage.await(LONG)).isTrue();
            assertThatThrownBy(() -> readToEnd(client)).isInstanceOf(SSLException.class);
        }
    }

    private static void readToEnd(WireClient client) throws IOException {
        while (client.socket().getInputStream().read() >= 0) {
            // up to the alert
        }
    }

    @Test
    void aRuleForAFrameInItIsAnError() throws Exception {
        try (EmbeddedServer server = server(false)) {
            FrameProxy proxy = FrameProxy.to(server.port());
            proxy.toServer().at(Frame.PUB, 1).drop();
            try (WireClient client = WireClient.connect(proxy.port())) {
                assertThatThrownBy(() -> encrypt(client)).isInstanceOf(IOException.class);
            }
            assertThatThrownBy(proxy::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("PUB 1", "not the plain NATS protocol", "\\x16\\x03");
        }
    }
}
