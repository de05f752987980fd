// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.examples;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.testkit.base.ScriptedServer;
import dev.midge.transport.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The example of docs/proxies.md. */
class ProxyExampleTest {
    private static Options options(String url, String proxy, char[] password) {
        return Options.builder()
                .servers(url)
                .proxy(Proxy.http(proxy).userPassword("joe", password))
                .connectTimeout(Duration.ofSeconds(20))
                .closeTimeout(Duration.ofSeconds(20))
                .build();
    }

    @Test
    void publishes() {
        try (ScriptedServer proxy = ScriptedServer.start(
                        Duration.ofSeconds(20),
                        peer -> peer.expect("CONNECT nats.example:4222 HTTP/1.1\r\n")
                                .expectUntil("\r\n\r\n")
                                .send("HTTP/1.1 200 OK\r\n\r\nINFO {}\r\n")
                                .expectUntil("PING\r\n")
                                .send("PONG\r\n")
                                .expect("PUB news.today 4\r\nrain\r\n")
                                .expectUntil("PING\r\n")
                                .send("PONG\r\n"));
                Connection nc = Nats.connect(
                        options("nats://nats.example:4222", "localhost:" + proxy.port(), "hush".toCharArray()))) {
            nc.publish("news.today", "rain");
        }
    }
}
