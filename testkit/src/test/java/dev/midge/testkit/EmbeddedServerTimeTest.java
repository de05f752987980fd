// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.Info;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R-F11: what the server does by itself: pings, INFO, the lame duck mode. */
class EmbeddedServerTimeTest {
    @Test
    void staleConnectionIsClosed() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .pingInterval(Duration.ofMillis(30))
                        .maxPingsOut(2)
                        .start();
                WireClient client = WireClient.connect(server.port(), "")) {
            client.hears("PING\r\nPING\r\n-ERR 'Stale Connection'\r\n").ends();
        }
    }

    @Test
    void silentConnectionIsPingedBeforeConnect() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .pingInterval(Duration.ofMillis(30))
                        .maxPingsOut(1)
                        .start();
                WireClient client = WireClient.connect(server.port())) {
            client.hears("PING\r\n-ERR 'Stale Connection'\r\n").ends();
        }
    }

    @Test
    void connectionThatAnswersStays() {
        int out = 300; // so the machine may stand still for six seconds
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .pingInterval(Duration.ofMillis(20))
                        .maxPingsOut(out)
                        .start();
                WireClient client = WireClient.connect(server.port(), "")) {
            for (int i = 0; i < out + 10; i++) {
                client.hears("PING\r\n").say("PONG\r\n");
            }
        }
    }

    /** Though there is traffic: it measures the round trip. */
    @Test
    void firstPingComesSoonAfterConnect() {
        long start = System.nanoTime();
        try (EmbeddedServer server = EmbeddedServer.start();
                WireClient client = WireClient.connect(server.port(), "")) {
            client.hears("PING\r\n");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1_900));
        }
    }

    @Test
    void saysWhatItIs() {
        try (EmbeddedServer server = EmbeddedServer.start();
                WireClient client = WireClient.silent(server.port())) {
            Info info = Info.parse(client.info());
            assertThat(info.serverName()).isEqualTo("midge-embedded-" + info.serverId());
            assertThat(info.version()).isEqualTo("2.15.2");
            assertThat(info.go()).contains("EmbeddedServer");
            assertThat(info.jetstream()).isFalse();
            assertThat(info.headers()).isTrue();
            assertThat(info.proto()).isOne();
            assertThat(info.host()).isEqualTo("127.0.0.1");
            assertThat(info.port()).isEqualTo(server.port());
            assertThat(info.clientIp()).isEqualTo("127.0.0.1");
            assertThat(info.clientId()).isOne();
            assertThat(info.connectUrls()).isEmpty();
        }
    }

    @Test
    void saysWhatItIsTold() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .serverName("name")
                        .version("2.9.10")
                        .connectUrls(List.of("127.0.0.1:1", "127.0.0.1:2"))
                        .start();
                WireClient client = WireClient.silent(server.port())) {
            Info info = Info.parse(client.info());
            assertThat(info.serverName()).isEqualTo("name");
            assertThat(info.version()).isEqualTo("2.9.10");
            assertThat(info.connectUrls()).containsExactly("127.0.0.1:1", "127.0.0.1:2");
        }
    }

    @Test
    void firstPingIsAnsweredByASecondInfo() {
        try (EmbeddedServer server = EmbeddedServer.start();
                WireClient client = WireClient.connect(server.port(), ",\"protocol\":1")) {
            client.say("PING\r\n").hears("PONG\r\n");
            Info info = Info.parse(client.info());
            assertThat(info.connectInfo()).isTrue();
            assertThat(info.remoteAccount()).isEqualTo("$G");
            client.stays();
        }
    }

    @Test
    void tellsThoseWhoCanHearOfOtherServers() {
        try (EmbeddedServer server = EmbeddedServer.start();
                WireClient client = WireClient.connect(server.port(), ",\"protocol\":1");
                WireClient old = WireClient.connect(server.port(), "");
                WireClient begun = WireClient.connect(server.port(), ",\"protocol\":1")) {
            old.stays();
            client.say("PING\r\n").hears("PONG\r\n").info();
            server.connectUrls(List.of("127.0.0.1:1"));
            Info info = Info.parse(client.info());
            assertThat(info.connectUrls()).containsExactly("127.0.0.1:1");
            assertThat(info.connectInfo()).isFalse();
            assertThat(info.remoteAccount()).isNull();
            old.stays();
            // Whoever has not sent a PING yet is told when it does.
            begun.say("PING\r\n").hears("PONG\r\n");
            assertThat(Info.parse(begun.info()).connectUrls()).containsExactly("127.0.0.1:1");
        }
    }

    @Test
    void keepsOtherServersOverARestart() {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            server.connectUrls(List.of("127.0.0.1:1"));
            server.restart();
            try (WireClient client = WireClient.silent(server.port())) {
                assertThat(Info.parse(client.info()).connectUrls()).containsExactly("127.0.0.1:1");
            }
        }
    }

    @Test
    void lameDuckTellsClientsAndClosesThemOneByOne() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .lameDuck(Duration.ofMillis(50), Duration.ofMillis(100))
                        .start();
                WireClient one = WireClient.connect(server.port(), ",\"protocol\":1");
                WireClient other = WireClient.connect(server.port(), ",\"protocol\":1");
                WireClient old = WireClient.connect(server.port(), "")) {
            one.say("PING\r\n").hears("PONG\r\n").info();
            other.say("PING\r\n").hears("PONG\r\n").info();
            old.stays();
            server.lameDuck();
            assertThat(Info.parse(one.info()).ldm()).isTrue();
            assertThat(Info.parse(other.info()).ldm()).isTrue();
            one.ends();
            other.ends();
            old.ends();
            Until.isTrue("the server is down", () -> !server.isRunning());
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void lameDuckTakesNobodyAndServesWhoIsThere() {
        try (EmbeddedServer server = EmbeddedServer.start();
                WireClient client = WireClient.connect(server.port(), "")) {
            client.stays();
            server.lameDuck();
            EmbeddedServerLifecycleTest.assertRefused(server.port());
            client.say("SUB a 1\r\nPUB a 0\r\n\r\n").hears("MSG a 1 0\r\n\r\n").stays();
            assertThat(server.isRunning()).isTrue();
        }
    }

    @Test
    void lameDuckWithoutClientsIsTheEnd() {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            server.lameDuck();
            Until.isTrue("the server is down", () -> !server.isRunning());
            server.restart();
            assertThat(server.isRunning()).isTrue();
        }
    }
}
