// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(NatsServerVersion.class)
class NatsServerIT {
    private final NatsServerVersion version;

    NatsServerIT(NatsServerVersion version) {
        this.version = version;
    }

    @Test
    void answersOnceStarted() throws Exception {
        try (NatsServer server = NatsServer.builder().version(version).start();
                RawClient client = new RawClient(server.port())) {
            assertThat(client.info()).startsWith("INFO {").contains("\"version\":\"" + version.number() + "\"");
            assertThat(client.ask("PING")).isEqualTo("PONG");
            assertThat(server.url()).isEqualTo("nats://127.0.0.1:" + server.port());
            assertThat(server.version()).isEqualTo(version);
            assertThat(server).hasToString("nats-server " + version.number() + " on port " + server.port());
        }
    }

    @Test
    void startsTheProgramItIsTold() throws Exception {
        NatsServerVersion other =
                version == NatsServerVersion.newest() ? NatsServerVersion.V2_9_10 : NatsServerVersion.newest();
        Path program = ServerBinaries.find(version.program());
        try (NatsServer server =
                        NatsServer.builder().version(other).binary(program).start();
                RawClient client = new RawClient(server.port())) {
            assertThat(client.info()).contains("\"version\":\"" + version.number() + "\"");
        }
    }

    @Test
    void takesConfigurationAndFlags() throws Exception {
        try (NatsServer server = NatsServer.builder()
                        .version(version)
                        .config("max_payload: 4321")
                        .flags("--name", "by-flag", "-DV")
                        .start();
                RawClient client = new RawClient(server.port())) {
            assertThat(client.info()).contains("\"max_payload\":4321").contains("\"server_name\":\"by-flag\"");
            assertThat(client.ask("PING")).isEqualTo("PONG");
            assertThat(server.awaitLog("<<- \\[PING\\]")).contains("[TRC]");
            assertThat(server.log()).contains("Server is ready");
        }
    }

    @Test
    void stopsAndRestartsOnTheSamePortWithWhatItStored() throws Exception {
        try (NatsServer server =
                NatsServer.builder().version(version).jetStream().start()) {
            int port = server.port();
            long pid = server.pid();
            try (RawClient client = new RawClient(port)) {
                assertThat(client.info()).contains("\"jetstream\":true");
                client.ask("CONNECT {\"verbose\":true}");
                client.ask("SUB reply 1");
                String create = "{\"name\":\"KEPT\",\"subjects\":[\"kept\"]}";
                client.ask("PUB $JS.API.STREAM.CREATE.KEPT reply " + create.length() + "\r\n" + create);
                assertThat(client.readLine()).startsWith("MSG reply 1");
                server.stop();
            }
            assertThat(server.isRunning()).isFalse();
            assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(ConnectException.class);

            server.restart();
            assertThat(server.isRunning()).isTrue();
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.pid()).isNotEqualTo(pid);
            assertThat(server.awaitLog(
                            "Restored 0 messages for stream '\\$G > KEPT'|Starting restore for stream '\\$G > KEPT'"))
                    .contains("KEPT");

            server.restart();
            try (RawClient client = new RawClient(port)) {
                assertThat(client.ask("PING")).isEqualTo("PONG");
            }
            server.kill();
            assertThat(server.isRunning()).isFalse();
        }
    }

    @Test
    void reloadsItsConfiguration() throws Exception {
        try (NatsServer server = NatsServer.builder().version(version).start()) {
            try (RawClient client = new RawClient(server.port())) {
                assertThat(client.info()).doesNotContain("auth_required");
            }
            server.reload("authorization { user: a, password: b }");
            try (RawClient client = new RawClient(server.port())) {
                assertThat(client.info()).contains("\"auth_required\":true");
            }
            server.restart();
            try (RawClient client = new RawClient(server.port())) {
                assertThat(client.info()).contains("\"auth_required\":true");
            }
            assertThatIllegalStateException()
                    .isThrownBy(() -> server.reload("nonsense {{"))
                    .withMessageContaining("did not reload its configuration; its log:")
                    .withMessageContaining("Failed to reload server configuration");
        }
    }

    @Test
    void tellsLameDuck() throws Exception {
        try (NatsServer server = NatsServer.builder().version(version).start();
                RawClient client = new RawClient(server.port())) {
            client.ask("CONNECT {\"verbose\":true,\"protocol\":1}");
            assertThat(client.ask("PING")).isEqualTo("PONG");
            server.lameDuck();
            String line = client.readLine();
            while (!line.contains("\"ldm\":true")) {
                assertThat(line).as("what comes before").matches("PING|INFO .*");
                line = client.readLine();
            }
        }
    }

    @Test
    void tellsWhereItsOtherServicesAre() throws Exception {
        try (NatsServer server =
                NatsServer.builder().version(version).monitoring().start()) {
            URL healthz = URI.create(server.url("monitoring") + "/healthz").toURL();
            var connection = healthz.openConnection();
            connection.setRequestProperty("Connection", "close");
            try (var body = connection.getInputStream()) {
                assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("ok");
            }
            assertThatIllegalStateException()
                    .isThrownBy(() -> server.url("websocket"))
                    .withMessageContaining("has no service \"websocket\"");
        }
    }

    @Test
    void showsItsLogWhenItDoesNotStart() {
        assertThatIllegalStateException()
                .isThrownBy(() -> NatsServer.builder()
                        .version(version)
                        .config("max_payload: {")
                        .start())
                .withMessageContaining("ended with code 1 before it answered; configuration:\nmax_payload: {")
                .withMessageContaining("log:\nnats-server: Parse error on line 1");
    }

    @Test
    void failsARestartOnATakenPort() throws Exception {
        try (NatsServer server = NatsServer.builder().version(version).start()) {
            server.stop();
            try (ServerSocket taken = new ServerSocket(server.port())) {
                assertThatIllegalStateException()
                        .isThrownBy(server::restart)
                        .withMessageContaining("address already in use")
                        .withMessageContaining(String.valueOf(taken.getLocalPort()));
            }
            server.restart();
            assertThat(server.isRunning()).isTrue();
        }
    }

    @Test
    void leavesNothingBehind() throws Exception {
        NatsServer server = NatsServer.builder().version(version).start();
        Path directory = server.directory();
        ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
        assertThat(directory).isDirectory();
        server.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(directory).doesNotExist();
        assertThatCode(server::close).doesNotThrowAnyException();
        assertThatIllegalStateException().isThrownBy(server::pid).withMessageContaining("does not run");
        assertThatIllegalStateException().isThrownBy(server::restart).withMessageContaining("is closed");
    }

    @Test
    void isSharedAndCannotBeTakenFromOthers() throws IOException {
        NatsServer server = NatsServer.shared(version);
        assertThat(NatsServer.shared(version)).isSameAs(server);
        server.close();
        assertThat(server.isRunning()).isTrue();
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.ask("PING")).isEqualTo("PONG");
        }
        for (Runnable refused : new Runnable[] {
            server::stop, server::kill, server::restart, server::reload, server::lameDuck, () -> server.signal("HUP")
        }) {
            assertThatIllegalStateException()
                    .isThrownBy(refused::run)
                    .withMessageContaining("all tests of this JVM share it");
        }
        assertThat(server.isRunning()).isTrue();
    }
}
