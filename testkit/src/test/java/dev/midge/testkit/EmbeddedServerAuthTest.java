// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.Info;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R-F11: who may come in, with texts and fates of connections as nats-server 2.15.2 has them. */
class EmbeddedServerAuthTest {
    private static final String VIOLATION = "-ERR 'Authorization Violation'\r\n";

    /** With a client whose machine stands still for a while, too. */
    private static EmbeddedServerBuilder patient() {
        return EmbeddedServer.builder().authTimeout(Duration.ofSeconds(30));
    }

    @Test
    void admitsUserWithPassword() {
        try (EmbeddedServer server = patient().user("u", "p").start();
                WireClient client = WireClient.connect(server.port(), ",\"user\":\"u\",\"pass\":\"p\"")) {
            client.stays();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"user\":\"u\"",
                ",\"user\":\"u\",\"pass\":\"q\"",
                ",\"user\":\"v\",\"pass\":\"p\"",
                ",\"pass\":\"p\"",
                ",\"auth_token\":\"p\""
            })
    void refusesOthers(String credentials) {
        try (EmbeddedServer server = patient().user("u", "p").start();
                WireClient client = WireClient.connect(server.port(), credentials)) {
            client.hears(VIOLATION).ends();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PING\r\n", "x", "SUB a 1\r\n"})
    void refusesWhoBeginsOtherwise(String said) {
        try (EmbeddedServer server = patient().user("u", "p").start();
                WireClient client = WireClient.connect(server.port())) {
            client.say(said).hears(VIOLATION).ends();
        }
    }

    @Test
    void takesAWrongVerbForAWrongVerb() {
        try (EmbeddedServer server = patient().user("u", "p").start();
                WireClient client = WireClient.connect(server.port())) {
            client.say("Cx").hears("-ERR 'Unknown Protocol Operation'\r\n").ends();
        }
    }

    @Test
    void keepsCredentialsOfTheFirstConnect() {
        try (EmbeddedServer server = patient().user("u", "p").start();
                WireClient client = WireClient.connect(server.port(), ",\"user\":\"u\",\"pass\":\"p\"")) {
            client.say("CONNECT {\"name\":\"again\"}\r\n").stays();
            client.say("CONNECT {\"pass\":\"q\"}\r\n").hears(VIOLATION).ends();
        }
    }

    @Test
    void checksToken() {
        try (EmbeddedServer server = patient().token("t").start()) {
            try (WireClient client = WireClient.connect(server.port(), ",\"auth_token\":\"t\"")) {
                client.stays();
            }
            try (WireClient client = WireClient.connect(server.port(), ",\"auth_token\":\"x\"")) {
                client.hears(VIOLATION).ends();
            }
            try (WireClient client = WireClient.connect(server.port(), ",\"user\":\"t\"")) {
                client.hears(VIOLATION).ends();
            }
        }
    }

    @Test
    void takesStrangersForTheNoAuthUser() {
        EmbeddedUser nobody = EmbeddedUser.of("nobody", "p").allowPublish("open");
        try (EmbeddedServer server =
                patient().user("u", "p").user(nobody).noAuthUser("nobody").start()) {
            try (WireClient client = WireClient.silent(server.port())) {
                assertThat(Info.parse(client.info()).authRequired()).isFalse();
                client.say("PUB closed 0\r\n\r\n")
                        .hears("-ERR 'Permissions Violation for Publish to \"closed\"'\r\n")
                        .stays();
            }
            try (WireClient client = WireClient.connect(server.port(), "")) {
                client.say("PUB closed 0\r\n\r\n")
                        .hears("-ERR 'Permissions Violation for Publish to \"closed\"'\r\n")
                        .stays();
            }
            try (WireClient client = WireClient.connect(server.port(), ",\"user\":\"u\",\"pass\":\"p\"")) {
                client.say("PUB closed 0\r\n\r\n").stays();
            }
            try (WireClient client = WireClient.connect(server.port(), ",\"user\":\"stranger\"")) {
                client.hears(VIOLATION).ends();
            }
        }
    }

    @Test
    void waitsForConnectOnlySoLong() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .user("u", "p")
                        .authTimeout(Duration.ofMillis(50))
                        .start();
                WireClient client = WireClient.silent(server.port())) {
            assertThat(Info.parse(client.info()).authRequired()).isTrue();
            client.say("CONNECT {").hears("-ERR 'Authentication Timeout'\r\n").ends();
        }
    }

    @Test
    void showsNoPassword() {
        assertThat(EmbeddedUser.of("u", "secret").toString()).contains("u").doesNotContain("secret");
    }

    @Test
    void rejectsContradictions() {
        assertThatThrownBy(
                        () -> EmbeddedServer.builder().token("t").user("u", "p").start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("token and users");
        assertThatThrownBy(() -> EmbeddedServer.builder().user("u", "p").user("u", "q"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"u\"");
        assertThatThrownBy(() ->
                        EmbeddedServer.builder().user("u", "p").noAuthUser("v").start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("noAuthUser is \"v\"");
    }
}
