// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.transport.WebSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The example of docs/websocket.md. */
class WebSocketExampleIT {
    private static String freshToken() {
        return "abc";
    }

    private static Options options(String url) {
        return Options.builder()
                .servers(url)
                .webSocket(WebSocket.builder()
                        .header("X-Tenant", "billing")
                        .headers(() -> Map.of("Authorization", "Bearer " + freshToken()))
                        .compression(true)
                        .build())
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void publishes(NatsServerVersion version) {
        try (NatsServer server = NatsServer.builder()
                        .version(version)
                        .config("websocket { port: -1, no_tls: true, compression: true }")
                        .start();
                Connection nc = Nats.connect(options(server.url("websocket") + "/nats"))) {
            nc.publish("news.today", "rain");
            nc.flush(Duration.ofSeconds(20));
            assertThat(nc.statistics().outWritten()).isEqualTo(1);
        }
    }
}
