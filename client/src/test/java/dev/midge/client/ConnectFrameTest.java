// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Connected;
import dev.midge.client.ConnectionEvent.LameDuck;
import dev.midge.testkit.base.ScriptedServer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the two sides tell of themselves: CONNECT and INFO. */
class ConnectFrameTest {
    @Test
    void connectSaysWhatTheOptionsSay() throws Exception {
        try (Session session = Session.open()) {
            assertThat(session.connect)
                    .startsWith("CONNECT {")
                    .contains(
                            "\"verbose\":false",
                            "\"pedantic\":false",
                            "\"echo\":true",
                            "\"headers\":true",
                            "\"no_responders\":true",
                            "\"protocol\":1",
                            "\"lang\":")
                    .doesNotContain("\"name\"", "\"user\"", "\"pass\"", "\"auth_token\"");
        }
        try (Session session = Session.open(
                options -> options.verbose(true).pedantic(true).echo(false).name("billing \"é\" \r\n"))) {
            assertThat(session.connect)
                    .contains(
                            "\"verbose\":true",
                            "\"pedantic\":true",
                            "\"echo\":false",
                            "\"name\":\"billing \\\"é\\\" \\r\\n\"");
            session.nc.publish("a", "x");
            session.peer.expect("PUB a 1\r\nx\r\n").send("+OK\r\n");
            session.expectNothingSent();
        }
    }

    @Test
    void headersAreAskedForOnlyWhereTheServerHasThem() throws Exception {
        try (Session session = Session.open("INFO {}\r\n", options -> {})) {
            assertThat(session.connect).contains("\"headers\":false", "\"no_responders\":false");
        }
    }

    @Test
    void credentialsOfTheUrlAreSent() {
        assertThat(connectTo("joe:p%40ss@")).contains("\"user\":\"joe\"", "\"pass\":\"p@ss\"");
        assertThat(connectTo("t%3Aken@")).contains("\"auth_token\":\"t:ken\"").doesNotContain("\"user\"");
    }

    private static String connectTo(String userInfo) {
        CompletableFuture<String> line = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.start(peer -> {
            line.complete(peer.send(Session.INFO).readLine());
            peer.expect("PING\r\n").send("PONG\r\n");
            peer.expect("PING\r\n").send("PONG\r\n");
        })) {
            try (Connection nc = Patient.connect("nats://" + userInfo + "127.0.0.1:" + server.port())) {
                assertThat(nc.server()).isEqualTo(server.url());
                assertThat(nc).hasToString("Connection to " + server.url() + ", CONNECTED");
                assertThat(nc.options().servers().toString()).doesNotContain("joe", "p@ss", "ken");
            }
        }
        return line.join();
    }

    @Test
    void tellsWhatTheServerSaid() throws Exception {
        try (Session session = Session.open()) {
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
            assertThat(session.nc.clientId()).isEqualTo(7);
            assertThat(session.nc.clientIp()).isEqualTo("::1");
            assertThat(session.nc.serverInfo().serverId()).isEqualTo("S");
            assertThat(session.events.await(Connected.class).info()).isEqualTo(session.nc.serverInfo());
            assertThat(session.events.await(Connected.class).server()).isEqualTo(session.server.url());

            session.peer.send("INFO {\"server_id\":\"T\",\"connect_info\":true,\"remote_account\":\"ACC\"} \r\n");
            session.barrier();
            assertThat(session.nc.serverInfo().serverId()).isEqualTo("T");
            assertThat(session.nc.serverInfo().remoteAccount()).isEqualTo("ACC");
            assertThat(session.nc.clientId()).as("said once").isEqualTo(7);
        }
        try (Session session = Session.open("INFO {}\r\n", options -> {})) {
            assertThat(session.nc.clientId()).isNull();
            assertThat(session.nc.clientIp()).isNull();
        }
    }

    @Test
    void tellsOnceThatTheServerIsAboutToGo() throws Exception {
        try (Session session = Session.open()) {
            session.peer.send("INFO {\"ldm\":true}\r\nINFO {\"ldm\":true}\r\n");
            session.barrier();
            session.events.await(LameDuck.class);
            session.expectNothingSent();
            assertThat(session.events.all(LameDuck.class)).containsExactly(new LameDuck(session.server.url()));
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
        }
    }
}
