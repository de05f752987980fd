// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.ServerError;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.transport.AuthenticationException;
import dev.midge.transport.ConnectFailedException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect: user and password or token in the URL, and what those get who may not. */
@NatsServerTest(
        config =
                "authorization { timeout: 60, users = [{ user: joe, password: \"p@ss:w/rd\" }, { user: sue, password: b }] }")
class AuthenticationIT {
    private final NatsServer server;
    private final NatsServerVersion version;

    AuthenticationIT(NatsServer server, NatsServerVersion version) {
        this.server = server;
        this.version = version;
    }

    @ParameterizedTest
    @ValueSource(strings = {"joe:p%40ss%3Aw%2Frd", "sue:b"})
    void userAndPassword(String userInfo) {
        try (Connection nc = Patient.connect(with(userInfo, server))) {
            nc.flush(Duration.ofSeconds(10));
            assertThat(nc.server()).isEqualTo(server.url());
            assertThat(nc.options().servers().toString()).doesNotContain("joe", "sue", "p@ss");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"joe:wrong-one", "nobody:b", "lone-token"})
    void wrongOnes(String userInfo) {
        assertThatThrownBy(() -> Patient.connect(with(userInfo, server)))
                .isInstanceOfSatisfying(NoServersException.class, e -> assertRefused(e, server))
                .hasMessageNotContainingAny("wrong-one", "nobody", "lone-token");
    }

    @Test
    void none() {
        assertThatThrownBy(() -> Patient.connect(server.url()))
                .isInstanceOfSatisfying(NoServersException.class, e -> assertRefused(e, server));
    }

    @Test
    void token() {
        try (NatsServer withToken = NatsServer.builder()
                .version(version)
                .config("authorization { timeout: 60, token: \"s3cr3t\" }")
                .start()) {
            try (Connection nc = Patient.connect(with("s3cr3t", withToken))) {
                nc.flush(Duration.ofSeconds(10));
            }
            assertThatThrownBy(() -> Patient.connect(with("wr0ng", withToken)))
                    .isInstanceOfSatisfying(NoServersException.class, e -> assertRefused(e, withToken))
                    .hasMessageNotContaining("wr0ng");
        }
    }

    /** The exception names all servers, in the order they were tried. */
    @Test
    void everyServerIsNamed() {
        Options options = Patient.options()
                .servers(with("joe:x", server), with("sue:x", server))
                .randomizeServers(false)
                .build();
        assertThatThrownBy(() -> Nats.connect(options)).isInstanceOfSatisfying(NoServersException.class, e -> {
            assertThat(e.failures()).hasSize(2);
            assertThat(e.failures()).allSatisfy(failure -> {
                assertThat(failure).isInstanceOf(AuthenticationException.class);
                assertThat(failure).hasMessageContaining(server.url());
            });
        });
    }

    private static void assertRefused(NoServersException e, NatsServer by) {
        assertThat(e.failures()).singleElement().satisfies(failure -> {
            assertThat(failure).isInstanceOf(AuthenticationException.class);
            assertThat(failure.reason()).isEqualTo(Reason.AUTHENTICATION);
            assertThat(failure).hasMessageContaining(by.url()).hasMessageContaining("Authorization Violation");
            assertThat(failure.serverError())
                    .isInstanceOfSatisfying(
                            ServerError.Known.class,
                            known -> assertThat(known.isAuthError()).isTrue());
        });
    }

    private static String with(String userInfo, NatsServer to) {
        return "nats://" + userInfo + "@127.0.0.1:" + to.port();
    }
}
