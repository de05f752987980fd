// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** With requests of the streaming protocol as bytes: nothing of Midge is here. */
class NatsStreamingServerIT {
    /** ConnectRequest: clientID raw, heartbeatInbox hb. */
    private static final String CONNECT = "\n\3raw\22\2hb";

    /** PubMsg: clientID raw, guid g, subject foo, data x. */
    private static final String MESSAGE = "\n\3raw\22\1g\32\3foo*\1x";

    private static final Pattern PUBLISH_TO = Pattern.compile("_STAN\\.pub\\.[\\w-]+");

    private static RawClient client(int port) throws IOException {
        RawClient client = new RawClient(port);
        client.send("CONNECT {\"verbose\":false}");
        client.send("SUB reply 1");
        return client;
    }

    private static int port(String url) {
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }

    private static void publish(RawClient client, String subject, String payload) throws IOException {
        client.send("PUB " + subject + " reply " + payload.length() + "\r\n" + payload);
    }

    /** Connects to the cluster as a streaming client, and returns where it is to publish to. */
    private static String register(RawClient client, String clusterId) throws IOException {
        publish(client, "_STAN.discover." + clusterId, CONNECT);
        String line = client.readLine();
        assertThat(line).startsWith("MSG reply 1 ");
        Matcher matcher = PUBLISH_TO.matcher(line);
        while (!matcher.find()) {
            line = client.readLine();
            assertThat(line).isNotEqualTo("null");
            matcher = PUBLISH_TO.matcher(line);
        }
        return matcher.group();
    }

    private static void store(RawClient client, String prefix) throws IOException {
        String left = client.ask("PING");
        while (!left.equals("PONG")) {
            assertThat(left).isNotEqualTo("null");
            left = client.readLine();
        }
        publish(client, prefix + ".foo", MESSAGE);
        assertThat(client.readLine()).startsWith("MSG reply 1 ");
        assertThat(client.readLine()).as("PubAck: guid g").isEmpty();
        assertThat(client.readLine()).isEqualTo("\1g");
    }

    @Test
    void answersOnceStarted() throws Exception {
        try (NatsStreamingServer server = NatsStreamingServer.start();
                RawClient client = client(port(server.url()))) {
            assertThat(NatsStreamingServer.isInstalled()).isTrue();
            assertThat(server.isRunning()).isTrue();
            assertThat(server.clusterId()).isEqualTo("test-cluster");
            assertThat(server).hasToString("nats-streaming-server 0.25.6 on port " + port(server.url()));
            assertThat(server.awaitLog("Message store is ")).endsWith("MEMORY");
            store(client, register(client, "test-cluster"));
        }
    }

    @Test
    void keepsOverARestartWhatItStoresInFiles() throws Exception {
        try (NatsStreamingServer server =
                NatsStreamingServer.builder().fileStore().start()) {
            String url = server.url();
            long pid = server.pid();
            try (RawClient client = client(port(url))) {
                store(client, register(client, "test-cluster"));
            }
            server.kill();
            assertThat(server.isRunning()).isFalse();
            server.restart();
            assertThat(server.url()).isEqualTo(url);
            assertThat(server.pid()).isNotEqualTo(pid);
            assertThat(server.awaitLog("Recovered \\d channel")).contains("Recovered 1 channel");
            server.stop();
            assertThat(server.isRunning()).isFalse();
        }
    }

    @Test
    void forgetsOverARestartWhatItStoresInMemory() throws Exception {
        try (NatsStreamingServer server = NatsStreamingServer.start()) {
            try (RawClient client = client(port(server.url()))) {
                store(client, register(client, "test-cluster"));
            }
            server.restart();
            assertThat(server.log()).doesNotContain("Recovered");
            try (RawClient client = client(port(server.url()))) {
                store(client, register(client, "test-cluster"));
            }
        }
    }

    @Test
    void takesConfigurationAndFlags() throws Exception {
        try (NatsStreamingServer server = NatsStreamingServer.builder()
                        .clusterId("other")
                        .config("max_payload: 4321\nstreaming { store_limits { max_subs: 11 } }")
                        .flags("--max_channels", "7")
                        .start();
                RawClient client = client(port(server.url()))) {
            assertThat(client.info()).contains("\"max_payload\":4321");
            assertThat(server.clusterId()).isEqualTo("other");
            assertThat(server.awaitLog("Channels: ")).containsPattern("Channels: +7\\b");
            assertThat(server.awaitLog("Subscriptions: ")).containsPattern("Subscriptions: +11\\b");
            assertThat(register(client, "other")).startsWith("_STAN.pub.");
        }
    }

    @Test
    void isAClientOfAnotherServerAndStandsStill() throws Exception {
        try (NatsServer nats = NatsServer.start();
                NatsStreamingServer server =
                        NatsStreamingServer.builder().natsServer(nats.url()).start();
                RawClient client = client(nats.port())) {
            assertThat(server.url()).isEqualTo(nats.url());
            server.freeze(true);
            publish(client, "_STAN.discover.test-cluster", CONNECT);
            assertThat(client.ask("PING"))
                    .as("nobody but the NATS server answers")
                    .isEqualTo("PONG");
            server.freeze(false);
            assertThat(client.readLine()).startsWith("MSG reply 1 ");
            assertThat(server.isRunning()).isTrue();
        }
    }

    @Test
    void showsItsLogWhenItDoesNotStart() {
        assertThatIllegalStateException()
                .isThrownBy(() -> NatsStreamingServer.builder()
                        .config("streaming { nonsense")
                        .start())
                .withMessageContaining("configuration:\nstreaming { nonsense")
                .withMessageContaining("log:\n");
    }

    @Test
    void leavesNothingBehind() {
        NatsStreamingServer server = NatsStreamingServer.builder().fileStore().start();
        Path directory = server.directory();
        ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
        assertThat(directory.resolve("store")).isDirectory();
        server.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(directory).doesNotExist();
        assertThatCode(server::close).doesNotThrowAnyException();
        assertThatIllegalStateException().isThrownBy(server::restart).withMessageContaining("is closed");
    }
}
