// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.Stream;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NatsServerTest(jetStream = true)
class PublishExampleIT {
    private final NatsServer server;

    PublishExampleIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void examples(@TempDir Path directory) throws IOException {
        Options options = Options.builder()
                .servers(server.url())
                .connectTimeout(Duration.ofSeconds(30))
                .build();
        try (Connection nc = Nats.connect(options)) {
            assertThat(PublishExample.first(nc)).containsExactly(1L, 2L);
            assertThat(PublishExample.outcome(PublishExample.patient(nc))).isEqualTo("stored as 3");
            assertThat(PublishExample.patient(nc).publish("orders.new", "4").sequence())
                    .isEqualTo(4);

            JetStream js = PublishExample.patient(nc);
            Path data = directory.resolve("data");
            Path description = directory.resolve("description");
            SnapshotExample.save(js, data, description);
            js.deleteStream("ORDERS");
            Stream orders = SnapshotExample.restore(js, data, description);
            assertThat(orders.info().state().messages()).isEqualTo(4);
        }
    }
}
