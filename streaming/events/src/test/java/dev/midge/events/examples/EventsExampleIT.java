// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.events.EventConnection;
import dev.midge.events.Events;
import dev.midge.events.model.User;
import dev.midge.jetstream.JetStreamOptions;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@NatsServerTest(jetStream = true)
class EventsExampleIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final NatsServer server;

    EventsExampleIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void examples() {
        Options options =
                Options.builder().servers(server.url()).connectTimeout(LONG).build();
        JetStreamOptions patient = JetStreamOptions.builder().timeout(LONG).build();
        try (Connection nc = Nats.connect(options)) {
            assertThat(EventsExample.first(server.url())).isTrue();
            try (EventConnection ec =
                    Events.of(EventsExample.CREATED, EventsExample.count()).connect(nc, patient)) {
                ec.register();
                ec.registerActors(EventsExample.mail(nc.direct().executor()));
                assertThat(EventsExample.emit(ec, User.JOE)).isTrue();
                assertThat(ec.emitSync(EventsExample.count(), 7).duplicate()).isFalse();
            }
        }
    }
}
