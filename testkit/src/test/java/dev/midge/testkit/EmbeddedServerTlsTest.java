// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.Info;
import dev.midge.testkit.server.SelfSignedCertificate;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R-F11: encrypted connections. */
class EmbeddedServerTlsTest {
    /** The first handshake of a JVM may take longer than the default of two seconds, where others want the machine. */
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private static SelfSignedCertificate certificate;
    private static SelfSignedCertificate other;

    @BeforeAll
    static void make() throws Exception {
        certificate = SelfSignedCertificate.in(directory, "server");
        other = SelfSignedCertificate.in(directory, "other");
    }

    private static EmbeddedTls tls() {
        return EmbeddedTls.of(certificate.certificates(), certificate.key()).timeout(LONG);
    }

    private static void encrypt(WireClient client, SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(client.socket(), "127.0.0.1", client.socket().getPort(), true);
        socket.startHandshake();
        client.upgrade(socket);
    }

    @Test
    void encryptsBehindInfo() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.builder().tls(tls()).start();
                WireClient client = WireClient.silent(server.port())) {
            Info info = Info.parse(client.info());
            assertThat(info.tlsRequired()).isTrue();
            assertThat(info.tlsAvailable()).isFalse();
            assertThat(info.tlsVerify()).isFalse();
            encrypt(client, certificate.trustedBy());
            client.say("CONNECT {\"protocol\":1,\"verbose\":false}\r\nPING\r\n").hears("PONG\r\n");
            assertThat(Info.parse(client.info()).tlsRequired()).isTrue();
            String body = "x".repeat(300_000);
            client.say("SUB a 1\r\nPUB a 300000\r\n" + body + "\r\n").hears("MSG a 1 300000\r\n" + body + "\r\n");
            client.stays();
            client.say("FOO\r\n").hears("-ERR 'Unknown Protocol Operation'\r\n").ends();
        }
    }

    @Test
    void refusesPlainText() {
        try (EmbeddedServer server = EmbeddedServer.builder().tls(tls()).start();
                WireClient client = WireClient.connect(server.port())) {
            client.say("CONNECT {}\r\nPING\r\n");
            assertThat(client.readToEnd().text()).hasSizeLessThan(20); // at most a TLS alert
        }
    }

    @Test
    void waitsForTheHandshakeOnlySoLong() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .tls(tls().timeout(Duration.ofMillis(50)))
                        .start();
                WireClient client = WireClient.connect(server.port())) {
            assertThat(client.readToEnd().text()).hasSizeLessThan(20);
        }
    }

    @Test
    void mayBeOptional() throws Exception {
        try (EmbeddedServer server =
                EmbeddedServer.builder().tls(tls().optional()).start()) {
            try (WireClient plain = WireClient.silent(server.port())) {
                Info info = Info.parse(plain.info());
                assertThat(info.tlsRequired()).isFalse();
                assertThat(info.tlsAvailable()).isTrue();
                plain.stays();
            }
            try (WireClient client = WireClient.connect(server.port())) {
                encrypt(client, certificate.trustedBy());
                client.stays();
            }
        }
    }

    @Test
    void mayComeFirst() throws Exception {
        try (EmbeddedServer server =
                        EmbeddedServer.builder().tls(tls().handshakeFirst()).start();
                WireClient client = WireClient.silent(server.port())) {
            encrypt(client, certificate.trustedBy());
            assertThat(Info.parse(client.info()).tlsRequired()).isTrue();
            client.stays();
            assertThat(server.connections()).isOne();
        }
    }

    @Test
    void asksForACertificate() throws Exception {
        EmbeddedTls tls = EmbeddedTls.verifying(certificate.certificates(), certificate.key(), other.certificates())
                .timeout(LONG);
        try (EmbeddedServer server = EmbeddedServer.builder().tls(tls).start()) {
            try (WireClient client = WireClient.silent(server.port())) {
                assertThat(Info.parse(client.info()).tlsVerify()).isTrue();
                encrypt(client, certificate.trustedBy(other));
                client.stays();
            }
            try (WireClient client = WireClient.connect(server.port())) {
                // Under TLS 1.3 the client learns only later that the server does not want it.
                assertThatThrownBy(() -> {
                            encrypt(client, certificate.trustedBy());
                            client.stays();
                        })
                        .isInstanceOfAny(IOException.class, UncheckedIOException.class, AssertionError.class);
            }
            Until.isTrue("nobody is left", () -> server.connections() == 0);
        }
    }

    @Test
    void rejectsWhatItCannotUse() throws Exception {
        Path none = directory.resolve("none.pem");
        assertThatThrownBy(() -> EmbeddedTls.of(none, certificate.key()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("certificates is " + none);
        Path garbage = Files.writeString(directory.resolve("garbage.pem"), "garbage");
        assertThatThrownBy(() -> EmbeddedServer.builder()
                        .tls(EmbeddedTls.of(garbage, certificate.key()))
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot use certificates " + garbage);
        var forClients = SslContextBuilder.forClient().build();
        assertThatThrownBy(() -> EmbeddedTls.of(forClients))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("for clients");
        assertThatThrownBy(() -> tls().timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeout is PT0S");
    }
}
