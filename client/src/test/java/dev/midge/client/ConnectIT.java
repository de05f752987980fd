// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.Info;
import dev.midge.protocol.ServerError.Kind;
import dev.midge.protocol.ServerError.Known;
import dev.midge.protocol.SubjectValidation;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is said in CONNECT, as the server acts on it, and what the server says of itself. */
@NatsServerTest
class ConnectIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServer server;
    private final NatsServerVersion version;
    private final EventLog events = new EventLog();

    ConnectIT(NatsServer server, NatsServerVersion version) {
        this.server = server;
        this.version = version;
    }

    @Test
    void tellsWhoTheServerIs() {
        try (Connection nc = Nats.connect(options().build())) {
            Info info = nc.serverInfo();
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
            assertThat(nc.server()).isEqualTo(server.url());
            assertThat(info.version()).isEqualTo(version.number());
            assertThat(info.port()).isEqualTo(server.port());
            assertThat(info.headers()).isTrue();
            assertThat(info.maxPayload()).isEqualTo(1 << 20);
            assertThat(nc.clientId()).isPositive();
            assertThat(nc.clientIp()).isEqualTo("127.0.0.1");
            assertThat(nc.rtt(LONG)).isPositive().isLessThan(LONG);
            nc.flush(LONG);
            assertThat(events.await(ConnectionEvent.Connected.class).server()).isEqualTo(server.url());
            assertThat(events.all()).hasSize(1);
        }
    }

    /** The INFO that answers CONNECT, of servers that send one, adds to what is known. */
    @Test
    void secondInfoTellsTheAccount() {
        try (Connection nc = Nats.connect(options().build())) {
            nc.flush(LONG); // the answer to CONNECT comes before that to this PING
            if (version.isAtLeast(NatsServerVersion.V2_15_2)) {
                assertThat(nc.serverInfo().connectInfo()).isTrue();
                assertThat(nc.serverInfo().remoteAccount()).isEqualTo("$G");
            } else {
                assertThat(nc.serverInfo().connectInfo()).isFalse();
                assertThat(nc.serverInfo().remoteAccount()).isNull();
            }
            assertThat(nc.serverInfo().accIsSys()).isFalse();
            assertThat(nc.clientId()).isPositive();
            assertThat(nc.clientIp()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void serverKnowsNameAndLanguage() throws IOException {
        try (NatsServer own = NatsServer.builder().version(version).monitoring().start();
                Connection nc = Nats.connect(Patient.options()
                        .servers(own.url())
                        .name("billing \"17\" ü")
                        .build())) {
            String connz = read(own.url("monitoring") + "/connz");
            assertThat(connz)
                    .containsPattern("\"name\": *\"billing \\\\\"17\\\\\" ü\"")
                    .containsPattern("\"lang\": *\"java\"")
                    .containsPattern("\"version\": *\"0\\.1")
                    .containsPattern("\"cid\": *" + nc.clientId() + "\\b");
        }
    }

    @Test
    void echoOff() {
        try (Connection nc = Nats.connect(options().echo(false).build());
                Connection other = Patient.connect(server.url())) {
            Subscription own = nc.subscribe("echo");
            Subscription others = other.subscribe("echo");
            nc.flush(LONG);
            other.flush(LONG);
            nc.publish("echo", "mine");
            nc.flush(LONG);
            other.publish("echo", "theirs");
            assertThat(others.next(LONG).text()).isEqualTo("mine");
            assertThat(own.next(LONG).text()).isEqualTo("theirs");
        }
    }

    @Test
    void verbose() {
        try (Connection nc = Nats.connect(options().verbose(true).build())) {
            Subscription sub = nc.subscribe("verbose");
            for (int i = 0; i < 100; i++) {
                nc.publish("verbose", Integer.toString(i));
                assertThat(sub.next(LONG).text()).isEqualTo(Integer.toString(i));
            }
            nc.flush(LONG);
            assertThat(nc.statistics().inMessages()).isEqualTo(100);
            assertThat(events.all()).allMatch(ConnectionEvent.Connected.class::isInstance);
        }
    }

    /** What the pedantic server complains about does not end the connection. */
    @Test
    void pedantic() {
        Options options = options()
                .pedantic(true)
                .subjectValidation(SubjectValidation.NONE)
                .build();
        try (Connection nc = Nats.connect(options)) {
            nc.publish("wild.*", "not a subject to publish to");
            assertThat(events.await(ConnectionEvent.ServerError.class).error())
                    .isEqualTo(new Known("Invalid Publish Subject", Kind.INVALID_PUBLISH_SUBJECT));
            assertWorks(nc);
        }
    }

    /** Nor does a subject that the client was told not to check. */
    @Test
    void invalidSubjectKeepsTheConnection() {
        Options options = options().subjectValidation(SubjectValidation.NONE).build();
        try (Connection nc = Nats.connect(options)) {
            nc.subscribe("two..dots");
            assertThat(events.await(ConnectionEvent.ServerError.class).error())
                    .isEqualTo(new Known("Invalid Subject", Kind.INVALID_SUBJECT));
            assertWorks(nc);
        }
    }

    @Test
    void asynchronously() throws Exception {
        try (Connection nc = Nats.connectAsync(options().build()).get(30, TimeUnit.SECONDS)) {
            assertWorks(nc);
        }
    }

    @Test
    void triesTheNextServer() {
        int refused;
        try (NatsServer gone = NatsServer.builder().version(version).start()) {
            refused = gone.port();
        }
        Options options = options()
                .servers("nats://127.0.0.1:" + refused, server.url())
                .randomizeServers(false)
                .build();
        try (Connection nc = Nats.connect(options)) {
            assertThat(nc.server()).isEqualTo(server.url());
            assertWorks(nc);
        }
        assertThatThrownBy(() -> Patient.connect("nats://127.0.0.1:" + refused))
                .isInstanceOf(NoServersException.class)
                .hasMessageContaining("127.0.0.1:" + refused)
                .hasMessageContaining("refused");
    }

    @Test
    void hostNameAndNoScheme() {
        try (Connection nc = Patient.connect("localhost:" + server.port())) {
            assertWorks(nc);
        }
    }

    private OptionsBuilder options() {
        return Patient.options().servers(server.url()).listener(events);
    }

    private static void assertWorks(Connection nc) {
        Subscription sub = nc.subscribe("works");
        nc.publish("works", "yes");
        assertThat(sub.next(LONG).text()).isEqualTo("yes");
        assertThat(nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
    }

    private static String read(String url) throws IOException {
        URLConnection connection = URI.create(url).toURL().openConnection();
        connection.setRequestProperty("Connection", "close");
        try (InputStream body = connection.getInputStream()) {
            return new String(body.readAllBytes(), UTF_8);
        }
    }
}
