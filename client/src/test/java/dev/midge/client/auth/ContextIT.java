// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.NoServersException;
import dev.midge.client.Options;
import dev.midge.client.Patient;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ADR-21: real servers let those in whom a context or properties say. */
@NatsServerTest
class ContextIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServerVersion version;

    @TempDir
    @SuppressWarnings("NullAway.Init") // before each test
    private Path folder;

    ContextIT(NatsServerVersion version) {
        this.version = version;
    }

    private NatsServer start(String config) {
        return NatsServer.builder().version(version).config(config).start();
    }

    private Options context(NatsServer server, String fields) throws IOException {
        return Patient.options()
                .context(Files.writeString(
                        folder.resolve("it.json"),
                        "{\"url\":\"nats://127.0.0.1:1, " + server.url() + "\"," + fields + "}"))
                .build();
    }

    private static void assertAccepted(Options options) {
        try (Connection nc = Nats.connect(options)) {
            nc.flush(LONG);
        }
    }

    @Test
    void userAndPassword() throws Exception {
        try (NatsServer server = start("authorization { timeout: 60, user: joe, password: \"s3cr3t\" }")) {
            assertAccepted(context(server, "\"user\":\"joe\",\"password\":\"s3cr3t\""));
            assertAccepted(Options.fromProperties(Map.of(
                    "midge.connect-timeout",
                    "30s",
                    "midge.servers",
                    server.url(),
                    "midge.auth.user",
                    "joe",
                    "midge.auth.password",
                    "s3cr3t")));
            Options wrong = context(server, "\"user\":\"joe\",\"password\":\"other\"");
            assertThatThrownBy(() -> Nats.connect(wrong))
                    .isInstanceOf(NoServersException.class)
                    .hasMessageNotContaining("other");
        }
    }

    @Test
    void tokenAndNkey() throws Exception {
        try (NatsServer server = start("authorization { timeout: 60, token: \"s3cr3t\" }")) {
            assertAccepted(context(server, "\"token\":\"s3cr3t\""));
        }
        Path seed = Files.writeString(folder.resolve("user.nk"), Keys.USER_SEED + "\n");
        try (NatsServer server = start("authorization { timeout: 60, users = [ { nkey: " + Keys.USER + " } ] }")) {
            assertAccepted(context(server, "\"nkey\":\"" + seed + "\""));
            assertAccepted(Options.fromProperties(Map.of(
                    "midge.connect-timeout",
                    "30s",
                    "midge.servers",
                    server.url(),
                    "midge.auth.nkey-file",
                    seed.toString())));
        }
    }

    @Test
    void credentialsAndJwt() throws Exception {
        String jwt = Keys.userJwt(Keys.USER, 0);
        Path creds = Files.writeString(folder.resolve("user.creds"), Keys.credentials(jwt, Keys.USER_SEED));
        try (NatsServer server = start(Keys.serverConfig())) {
            assertAccepted(context(server, "\"creds\":\"" + creds + "\""));
            assertAccepted(context(server, "\"user_jwt\":\"" + jwt + "\",\"user_seed\":\"" + Keys.USER_SEED + "\""));
            assertAccepted(context(server, "\"user_jwt\":\"" + Keys.bearerJwt(Keys.USER) + "\""));
        }
    }
}
