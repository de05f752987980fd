// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedTls;
import dev.midge.transport.Tls;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R-F11, R-F8: encryption on a server inside the JVM. */
class EmbeddedServerTlsClientTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) throws Exception {
        certificates = Certificates.make(folder);
    }

    private static EmbeddedTls server() {
        return EmbeddedTls.of(certificates.pem("server"), certificates.key("server"))
                .timeout(LONG);
    }

    private static Tls.Builder trusting() {
        return Tls.builder().trust(certificates.pem("ca"));
    }

    private static void assertWorks(EmbeddedTls tls, Tls client) {
        byte[] large = new byte[1 << 20];
        large[large.length - 1] = 1;
        try (EmbeddedServer server = EmbeddedServer.builder().tls(tls).start();
                Connection nc = Nats.connect(Patient.options()
                        .servers(server.url())
                        .tls(client)
                        .connectTimeout(LONG)
                        .build())) {
            Subscription sub = nc.subscribe("tls.>");
            nc.publish("tls.large", large);
            nc.publish("tls.small", "x");
            assertThat(sub.next(LONG).data()).isEqualTo(large);
            assertThat(sub.next(LONG).text()).isEqualTo("x");
        }
    }

    @Test
    void behindInfo() {
        assertWorks(server(), trusting().build());
    }

    @Test
    void optional() {
        assertWorks(server().optional(), trusting().build());
    }

    @Test
    void first() {
        assertWorks(server().handshakeFirst(), trusting().first(true).build());
    }

    @Test
    void withACertificateOfTheClient() {
        EmbeddedTls verifying = EmbeddedTls.verifying(
                        certificates.pem("server"), certificates.key("server"), certificates.pem("ca"))
                .timeout(LONG);
        assertWorks(
                verifying,
                trusting()
                        .identity(certificates.pem("client"), certificates.key("client"))
                        .build());
        assertThatThrownBy(() -> assertWorks(verifying, trusting().build())).isInstanceOf(NoServersException.class);
    }
}
