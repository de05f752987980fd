// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.NoServersException;
import dev.midge.client.Options;
import dev.midge.client.Patient;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.transport.ConnectFailedException;
import dev.midge.transport.ConnectFailedException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real servers let those in who may, and others not. */
@NatsServerTest
class AuthIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServerVersion version;

    AuthIT(NatsServerVersion version) {
        this.version = version;
    }

    private NatsServer start(String config) {
        return NatsServer.builder().version(version).config(config).start();
    }

    private static Connection connect(NatsServer server, Auth auth) {
        return Nats.connect(Patient.options().servers(server.url()).auth(auth).build());
    }

    private static void assertAccepted(NatsServer server, Auth auth) {
        try (Connection nc = connect(server, auth)) {
            nc.flush(LONG);
        }
    }

    private static void assertRefused(NatsServer server, Auth auth, Reason reason) {
        assertThatThrownBy(() -> connect(server, auth))
                .isInstanceOfSatisfying(
                        NoServersException.class,
                        e -> assertThat(e.failures())
                                .singleElement()
                                .extracting(ConnectFailedException::reason)
                                .isEqualTo(reason));
    }

    @Test
    void userAndPassword() {
        try (NatsServer server = start("authorization { timeout: 60, user: joe, password: \"s3cr3t\" }")) {
            assertAccepted(server, Auth.userPassword("joe", "s3cr3t".toCharArray()));
            assertRefused(server, Auth.userPassword("joe", "other".toCharArray()), Reason.AUTHENTICATION);
            assertRefused(server, Auth.token("s3cr3t".toCharArray()), Reason.AUTHENTICATION);
        }
    }

    @Test
    void theUrlGoesBeforeTheOption() {
        try (NatsServer server = start("authorization { timeout: 60, user: joe, password: \"s3cr3t\" }")) {
            Options options = Patient.options()
                    .servers(server.url().replace("//", "//joe:s3cr3t@"))
                    .auth(Auth.token("wrong".toCharArray()))
                    .build();
            try (Connection nc = Nats.connect(options)) {
                nc.flush(LONG);
            }
        }
    }

    @Test
    void token() {
        try (NatsServer server = start("authorization { timeout: 60, token: \"s3cr3t\" }")) {
            assertAccepted(server, Auth.token("s3cr3t".toCharArray()));
            assertRefused(server, Auth.token("other".toCharArray()), Reason.AUTHENTICATION);
        }
    }

    /** R-F2. */
    @Test
    void nkey() {
        try (NatsServer server = start("authorization { timeout: 60, users = [ { nkey: " + Keys.USER + " } ] }")) {
            assertAccepted(server, Auth.nkey(Keys.USER_SEED.toCharArray()));
            assertAccepted(server, Auth.nkey(Keys.USER, nonce -> Nkeys.sign(Keys.USER_SEED.toCharArray(), nonce)));
            assertRefused(server, Auth.nkey(Keys.OTHER_USER_SEED.toCharArray()), Reason.AUTHENTICATION);
            assertRefused(server, Auth.nkey(Keys.USER, nonce -> new byte[64]), Reason.AUTHENTICATION);
            Auth broken = Auth.nkey(Keys.USER, nonce -> {
                throw new IllegalStateException("the key store is locked");
            });
            assertThatThrownBy(() -> connect(server, broken))
                    .isInstanceOf(NoServersException.class)
                    .hasMessageContaining(server.url())
                    .hasMessageContaining("the key store is locked");
        }
    }

    @Test
    void aServerThatTakesNoNkeys() {
        try (NatsServer server = start("")) {
            assertThatThrownBy(() -> connect(server, Auth.nkey(Keys.USER_SEED.toCharArray())))
                    .isInstanceOf(NoServersException.class)
                    .hasMessageContaining("no nonce");
        }
    }

    @Test
    void jwt() throws Exception {
        try (NatsServer server = start(Keys.serverConfig())) {
            String jwt = Keys.userJwt(Keys.USER, 0);
            assertAccepted(server, Auth.jwt(jwt.toCharArray(), Keys.USER_SEED.toCharArray()));
            assertAccepted(server, Auth.bearerJwt(Keys.bearerJwt(Keys.USER)::toCharArray));
            assertRefused(server, Auth.bearerJwt(jwt::toCharArray), Reason.AUTHENTICATION);
            assertRefused(
                    server, Auth.jwt(jwt.toCharArray(), Keys.OTHER_USER_SEED.toCharArray()), Reason.AUTHENTICATION);
            String expired = Keys.userJwt(Keys.USER, Keys.EXPIRED);
            assertRefused(server, Auth.jwt(expired.toCharArray(), Keys.USER_SEED.toCharArray()), Reason.AUTHENTICATION);
        }
    }

    /** R-A14: what is in the file counts when the attempt is made. */
    @Test
    void credentialsFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("user.creds");
        Auth auth = Auth.credentials(file);
        try (NatsServer server = start(Keys.serverConfig())) {
            assertThatThrownBy(() -> connect(server, auth))
                    .isInstanceOf(NoServersException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("there is no such file");
            String expired = Keys.userJwt(Keys.USER, Keys.EXPIRED);
            Files.writeString(file, Keys.credentials(expired, Keys.USER_SEED));
            assertRefused(server, auth, Reason.AUTHENTICATION);
            String content = Keys.credentials(Keys.userJwt(Keys.OTHER_USER, 0), Keys.OTHER_USER_SEED);
            Files.writeString(file, content);
            assertAccepted(server, auth);
            assertAccepted(server, Auth.credentials(content.getBytes(UTF_8)));
            assertAccepted(server, Auth.credentials(() -> content.getBytes(UTF_8)));
        }
    }
}
