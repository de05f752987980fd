// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.transport.ConnectFailedException;
import dev.midge.transport.ConnectFailedException.Reason;
import dev.midge.transport.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R-F8, R-A14: encryption with real servers, and what keeps a connection from being made. */
@NatsServerTest
class TlsIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Certificates certificates;

    private final NatsServerVersion version;

    TlsIT(NatsServerVersion version) {
        this.version = version;
    }

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) throws Exception {
        certificates = Certificates.make(folder);
    }

    private NatsServer start(String config) {
        return NatsServer.builder().version(version).config(config).flags("-D").start();
    }

    private static Tls.Builder trusting() {
        return Tls.builder().trust(certificates.pem("ca"));
    }

    private static Options options(String url, Tls tls) {
        return Patient.options().servers(url).tls(tls).connectTimeout(LONG).build();
    }

    private static void assertWorks(Options options) {
        byte[] large = new byte[1 << 20];
        large[large.length - 1] = 1;
        try (Connection nc = Nats.connect(options)) {
            Subscription sub = nc.subscribe("tls.>");
            nc.publish("tls.small", "hello");
            nc.publish("tls.large", large);
            for (int i = 0; i < 1000; i++) {
                nc.publish("tls.many", "x");
            }
            assertThat(sub.next(LONG).text()).isEqualTo("hello");
            assertThat(sub.next(LONG).data()).isEqualTo(large);
            for (int i = 0; i < 1000; i++) {
                assertThat(sub.next(LONG).text()).isEqualTo("x");
            }
            Statistics statistics = nc.statistics();
            assertThat(statistics.outAccepted()).isEqualTo(1002);
            assertThat(statistics.outWritten()).isEqualTo(1002);
        }
    }

    private static void assertFails(Options options, Consumer<ConnectFailedException> check) {
        assertThatThrownBy(() -> Nats.connect(options))
                .isInstanceOfSatisfying(
                        NoServersException.class,
                        e -> assertThat(e.failures()).singleElement().satisfies(check));
    }

    private static Consumer<ConnectFailedException> tlsFailure(String... texts) {
        return failure -> {
            assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.TLS);
            assertThat(failure).hasMessageContainingAll(texts);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"nats://localhost:", "tls://127.0.0.1:", "tls://localhost:"})
    void theServerRequiresIt(String url) {
        try (NatsServer server = start(certificates.config("server", ""))) {
            assertWorks(options(url + server.port(), trusting().build()));
            assertThat(server.awaitLog("TLS handshake complete")).isNotEmpty();
        }
    }

    @Test
    void theClientWantsItAndTheServerCan() {
        try (NatsServer server = start(certificates.config("server", "") + "allow_non_tls: true")) {
            assertWorks(options(server.url(), trusting().build()));
            assertThat(server.awaitLog("TLS handshake complete")).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nats", "tls"})
    void theClientWantsItAndTheServerCannot(String scheme) {
        try (NatsServer server = start("")) {
            assertFails(
                    options(scheme + "://127.0.0.1:" + server.port(), trusting().build()),
                    tlsFailure(":" + server.port(), "TLS was asked for", "does not offer it"));
            assertFails(
                    Patient.options()
                            .servers("tls://127.0.0.1:" + server.port())
                            .build(),
                    tlsFailure("does not offer it"));
        }
    }

    @Test
    void neitherWantsIt() {
        try (NatsServer server = start(certificates.config("server", "") + "allow_non_tls: true")) {
            assertWorks(Patient.options().servers(server.url()).build());
            assertThat(server.log()).doesNotContain("TLS handshake complete");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void eachVersion(String protocol) {
        try (NatsServer server = start(certificates.config("server", ""))) {
            assertWorks(options(server.url(), trusting().protocols(protocol).build()));
            assertThat(server.awaitLog("TLS version 1" + protocol.substring(5))).isNotEmpty();
        }
    }

    @Test
    void anAuthorityThatIsNotTrusted() {
        try (NatsServer server = start(certificates.config("server", ""))) {
            assertFails(
                    Patient.options().servers(server.url()).build(),
                    tlsFailure(server.url(), "the server's certificate is not believed"));
            assertFails(
                    options(
                            server.url(),
                            Tls.builder().trust(certificates.pem("other-ca")).build()),
                    tlsFailure("the server's certificate is not believed"));
        }
    }

    @Test
    void theCertificateOfAnotherHost() {
        try (NatsServer server = start(certificates.config("wrong", ""))) {
            assertFails(
                    options("tls://localhost:" + server.port(), trusting().build()),
                    tlsFailure("not believed", "localhost"));
            assertFails(
                    options("tls://127.0.0.1:" + server.port(), trusting().build()),
                    tlsFailure("not believed", "127.0.0.1"));
            assertWorks(options(server.url(), trusting().verifyHostName(false).build()));
        }
    }

    @Test
    void anExpiredCertificate() {
        try (NatsServer server = start(certificates.config("expired", ""))) {
            assertFails(
                    options(server.url(), trusting().verifyHostName(false).build()),
                    tlsFailure("not believed", "NotAfter"));
        }
    }

    @Test
    void theServerWantsACertificateToo() throws Exception {
        String verify = "verify: true, ca_file: \"" + certificates.pem("ca") + "\"";
        char[] password = Certificates.PASSWORD.toCharArray();
        Path encrypted = certificates.encryptedKey("client", "hush");
        try (NatsServer server = start(certificates.config("server", verify))) {
            for (Tls tls : List.of(
                    trusting()
                            .identity(certificates.pem("client"), certificates.key("client"))
                            .build(),
                    trusting()
                            .identity(certificates.pem("client"), encrypted, "hush".toCharArray())
                            .build(),
                    trusting().keyStore(certificates.p12("client"), password).build(),
                    Tls.builder()
                            .trustStore(certificates.p12("client"), password)
                            .keyStore(certificates.p12("client"), password)
                            .build(),
                    Tls.builder().sslContext(TlsIT::jdkContext).build())) {
                assertWorks(options(server.url(), tls));
            }
            assertFails(options(server.url(), trusting().build()), tlsFailure("TLS failed"));
            assertFails(
                    options(
                            server.url(),
                            trusting()
                                    .identity(certificates.pem("other"), certificates.key("other"))
                                    .build()),
                    tlsFailure("TLS failed"));
        }
    }

    private static SSLContext jdkContext() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(certificates.store("client"), Certificates.PASSWORD.toCharArray());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(certificates.store("client"));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** From 2.10.4 on. */
    @Test
    void beforeInfo() {
        Tls tls = trusting().first(true).build();
        if (version == NatsServerVersion.V2_9_10) {
            try (NatsServer server = start(certificates.config("server", ""))) {
                assertFails(options(server.url(), tls), tlsFailure(server.url(), "TLS failed"));
            }
            return;
        }
        try (NatsServer server = NatsServer.builder()
                .version(version)
                .config(certificates.config("server", "handshake_first: true"))
                .handshakeFirst()
                .start()) {
            assertWorks(options(server.url(), tls));
            assertFails(
                    Patient.options()
                            .servers(server.url())
                            .tls(trusting().build())
                            .connectTimeout(Duration.ofMillis(300))
                            .build(),
                    // At what it stopped is for tests in virtual time.
                    failure -> assertThat(failure.reason())
                            .as(failure.getMessage())
                            .isEqualTo(Reason.TIMEOUT));
        }
    }

    /** R-A14: what is in the files counts when the attempt is made. */
    @Test
    void theFilesAreReadAtEachAttempt(@TempDir Path folder) throws Exception {
        Path authorities = folder.resolve("authorities.pem");
        try (NatsServer first = start(certificates.config("server", ""));
                NatsServer second = start(certificates.config("other", ""))) {
            Tls tls = Tls.builder().trust(authorities).build();
            assertFails(options(first.url(), tls), tlsFailure(authorities.toString(), "there is no such file"));
            Files.copy(certificates.pem("ca"), authorities);
            assertWorks(options(first.url(), tls));
            assertFails(options(second.url(), tls), tlsFailure("not believed"));
            Files.writeString(authorities, Files.readString(certificates.pem("other-ca")));
            assertWorks(options(second.url(), tls));
            assertFails(options(first.url(), tls), tlsFailure("not believed"));
        }
    }

    /** R-A14: all certificates are replaced, on both sides, by those of another authority; the connection goes on. */
    @Test
    void aConnectionOutlivesItsCertificates(@TempDir Path folder) throws Exception {
        Path authorities = Files.copy(certificates.pem("ca"), folder.resolve("authorities.pem"));
        Path cert = Files.copy(certificates.pem("client"), folder.resolve("cert.pem"));
        Path key = Files.copy(certificates.key("client"), folder.resolve("key.pem"));
        EventLog events = new EventLog();
        Tls tls = Tls.builder().trust(authorities).identity(cert, key).build();
        try (NatsServer server = start(certificates.config("server", verifying("ca")));
                Connection nc = Nats.connect(Patient.options()
                        .servers(server.url())
                        .tls(tls)
                        .connectTimeout(LONG)
                        .listener(events)
                        .build())) {
            Subscription sub = nc.subscribe("a");
            nc.flush(LONG);

            server.reload(certificates.config("other", verifying("other-ca")));
            Files.writeString(authorities, Files.readString(certificates.pem("other-ca")));
            Files.writeString(cert, Files.readString(certificates.pem("other")));
            Files.writeString(key, Files.readString(certificates.key("other")));
            nc.forceReconnect();
            events.await(ConnectionEvent.Reconnected.class);
            assertThat(events.all(ConnectionEvent.ReconnectFailed.class)).isEmpty();
            nc.publish("a", "1");
            assertThat(sub.next(LONG).text()).isEqualTo("1");
            assertFails(
                    options(
                            server.url(),
                            trusting()
                                    .identity(certificates.pem("client"), certificates.key("client"))
                                    .build()),
                    tlsFailure("not believed"));
        }
    }

    private static String verifying(String authority) {
        return "verify: true, ca_file: \"" + certificates.pem(authority) + "\"";
    }

    @Test
    void filesThatAreMissingOrWrong(@TempDir Path folder) throws Exception {
        Path nothing = folder.resolve("nothing");
        Path garbage = Files.writeString(folder.resolve("garbage"), "no certificate");
        Path cert = certificates.pem("client");
        Path key = certificates.key("client");
        Path encrypted = certificates.encryptedKey("client", "hush");
        char[] wrong = "wrong-one".toCharArray();
        try (NatsServer server = start(certificates.config("server", ""))) {
            String url = server.url();
            assertFails(options(url, Tls.builder().trust(nothing).build()), tlsFailure(nothing.toString()));
            assertFails(options(url, Tls.builder().trust(garbage).build()), tlsFailure(garbage.toString()));
            assertFails(options(url, Tls.builder().trustStore(nothing, wrong).build()), tlsFailure(nothing.toString()));
            assertFails(options(url, Tls.builder().trustStore(garbage, wrong).build()), tlsFailure(garbage.toString()));
            assertFails(
                    options(
                            url,
                            Tls.builder()
                                    .trustStore(certificates.p12("ca"), wrong)
                                    .build()),
                    tlsFailure(certificates.p12("ca").toString(), "its password is another"));
            assertFails(options(url, trusting().identity(nothing, key).build()), tlsFailure(nothing.toString()));
            assertFails(options(url, trusting().identity(cert, nothing).build()), tlsFailure(nothing.toString()));
            assertFails(options(url, trusting().identity(cert, garbage).build()), tlsFailure(garbage.toString()));
            assertFails(
                    options(url, trusting().identity(cert, encrypted, wrong).build()),
                    tlsFailure(encrypted.toString()));
            assertFails(options(url, trusting().identity(cert, encrypted).build()), tlsFailure(encrypted.toString()));
            assertFails(
                    options(
                            url,
                            trusting()
                                    .keyStore(certificates.p12("client"), wrong)
                                    .build()),
                    failure -> {
                        tlsFailure(certificates.p12("client").toString(), "its password is another")
                                .accept(failure);
                        assertThat(failure.toString()).doesNotContain("wrong-one");
                    });
            assertThat(server.log()).doesNotContain("TLS handshake complete");
        }
    }
}
