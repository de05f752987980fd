// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.NoRespondersException;
import dev.midge.client.auth.Auth;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import org.junit.jupiter.api.Test;

/** Where JetStream is, and where it is not: said at the first call. */
@NatsServerTest
class AccessIT {
    private final NatsServer server;
    private final NatsServerVersion version;

    AccessIT(NatsServer server, NatsServerVersion version) {
        this.server = server;
        this.version = version;
    }

    @Test
    void notEnabled() {
        try (Connection nc = Patience.connect(server.url())) {
            JetStream js = Patience.jetStream(nc);
            assertThatThrownBy(js::accountInfo)
                    .isInstanceOf(JetStreamNotEnabledException.class)
                    .hasCauseInstanceOf(NoRespondersException.class)
                    .hasMessage("cannot get account info: nobody answers $JS.API.INFO: JetStream is not enabled on "
                            + server.url());
            assertThatThrownBy(() -> js.createStream(StreamConfig.builder("S").build()))
                    .isInstanceOf(JetStreamNotEnabledException.class)
                    .hasMessageStartingWith("cannot create stream S: nobody answers");
        }
    }

    @Test
    void notForThisAccount() {
        try (NatsServer own = NatsServer.builder()
                        .version(version)
                        .jetStream()
                        .config("accounts { A { jetstream: enabled, users: [{user: a, password: a}] },"
                                + " B { users: [{user: b, password: b}] } }")
                        .start();
                Connection a = connect(own, "a");
                Connection b = connect(own, "b")) {
            assertThat(Patience.jetStream(a).accountInfo().streams()).isZero();
            assertThatThrownBy(() -> Patience.jetStream(b).accountInfo())
                    .isInstanceOf(JetStreamNotEnabledException.class)
                    .hasMessageStartingWith("cannot get account info: ");
        }
    }

    private static Connection connect(NatsServer server, String user) {
        return Nats.connect(Patience.options(server.url())
                .auth(Auth.userPassword(user, user.toCharArray()))
                .build());
    }

    @Test
    void domainAndPrefix() {
        try (NatsServer own = NatsServer.builder()
                        .version(version)
                        .jetStream()
                        .config("jetstream { domain: hub }")
                        .start();
                Connection nc = Patience.connect(own.url())) {
            JetStream hub = JetStream.of(
                    nc,
                    JetStreamOptions.builder()
                            .timeout(Patience.LONG)
                            .domain("hub")
                            .build());
            hub.createStream(StreamConfig.builder("S").build());
            assertThat(hub.accountInfo().domain()).isEqualTo("hub");
            JetStream prefixed = JetStream.of(
                    nc,
                    JetStreamOptions.builder()
                            .timeout(Patience.LONG)
                            .prefix("$JS.hub.API.")
                            .build());
            assertThat(prefixed.streamNames()).containsExactly("S");
            assertThat(Patience.jetStream(nc).stream("S").info().domain()).isEqualTo("hub");

            JetStream none = JetStream.of(
                    nc,
                    JetStreamOptions.builder()
                            .timeout(Patience.LONG)
                            .domain("none")
                            .build());
            assertThatThrownBy(none::accountInfo)
                    .isInstanceOf(JetStreamNotEnabledException.class)
                    .hasMessage("cannot get account info: nobody answers $JS.none.API.INFO: there is no JetStream"
                            + " behind that prefix, or this account may not use it");

            StreamConfig newer = StreamConfig.builder("N").allowMsgTtl(true).build();
            if (version.isAtLeast(NatsServerVersion.V2_15_2)) {
                assertThat(hub.createStream(newer).info().config().allowMsgTtl())
                        .isTrue();
            } else {
                assertThatThrownBy(() -> hub.createStream(newer))
                        .isInstanceOf(ServerTooOldException.class)
                        .hasMessage("cannot create stream N: allow_msg_ttl needs a server of 2.11 (API level 1)"
                                + " or newer, what answers $JS.hub.API has API level 0");
            }
        }
    }
}
