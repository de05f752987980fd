// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.ServerError.Kind;
import dev.midge.protocol.ServerError.Known;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.transport.ConnectFailedException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A server whose limits are low. */
@NatsServerTest(config = """
                max_payload: 1000
                max_control_line: 512
                max_subscriptions: 3
                max_connections: 2
                """)
class LimitsIT {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final NatsServer server;
    private final EventLog events = new EventLog();

    LimitsIT(NatsServer server) {
        this.server = server;
    }

    /** R-B7: fails that call alone, before a byte is written. */
    @Test
    void payloadOverTheLimit() {
        try (Connection nc = Nats.connect(options())) {
            assertThat(nc.serverInfo().maxPayload()).isEqualTo(1000);
            Subscription sub = nc.subscribe("p");
            nc.flush(LONG);
            Statistics before = nc.statistics();

            assertThatThrownBy(() -> nc.publish("p", new byte[1001]))
                    .isInstanceOf(PayloadTooLargeException.class)
                    .hasMessageContaining("1001")
                    .hasMessageContaining("1000");
            Message headersCount =
                    Message.to("p").header("k", "v").data(new byte[990]).build();
            assertThatThrownBy(() -> nc.publish(headersCount)).isInstanceOf(PayloadTooLargeException.class);
            assertThatThrownBy(() -> nc.tryPublish("p", new byte[1001])).isInstanceOf(PayloadTooLargeException.class);
            assertThatThrownBy(() -> nc.publishAsync("p", new byte[1001])).isInstanceOf(PayloadTooLargeException.class);
            Statistics after = nc.statistics();
            assertThat(after.outAccepted()).isZero();
            assertThat(after.outAcceptedBytes()).isEqualTo(before.outAcceptedBytes());

            nc.publish("p", new byte[1000]);
            assertThat(sub.next(LONG).size()).isEqualTo(1000);
            assertThat(events.all()).allMatch(ConnectionEvent.Connected.class::isInstance);
        }
    }

    /** The option tells the client what the server is configured to. */
    @Test
    void controlLineOverTheLimitOfTheOptions() {
        Options options = Options.builder()
                .reconnect(Reconnect.never())
                .servers(server.url())
                .listener(events)
                .maxControlLine(512)
                .build();
        try (Connection nc = Nats.connect(options)) {
            String tooLong = "s".repeat(512);
            String longest = "s".repeat(400);
            assertThatThrownBy(() -> nc.publish(tooLong, "x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("512");
            assertThatThrownBy(() -> nc.subscribe(tooLong)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> nc.publish(Message.to("r").replyTo(tooLong).build()))
                    .isInstanceOf(IllegalArgumentException.class);
            Subscription sub = nc.subscribe(longest);
            nc.publish(longest, "fits");
            assertThat(sub.next(LONG).text()).isEqualTo("fits");
        }
    }

    /** Without the option the server ends the connection, and says why. */
    @Test
    void controlLineOverTheLimitOfTheServer() {
        try (Connection nc = Nats.connect(options())) {
            nc.publish("s".repeat(1000), "x");
            ConnectionEvent.Closed closed = events.await(ConnectionEvent.Closed.class);
            assertThat(closed.reason()).isEqualTo(EndReason.SERVER_ERROR);
            assertThat(closed.cause())
                    .isInstanceOfSatisfying(
                            ServerErrorException.class,
                            e -> assertThat(e.error())
                                    .isInstanceOfSatisfying(
                                            Known.class,
                                            known -> assertThat(known.kind())
                                                    .isEqualTo(Kind.MAXIMUM_CONTROL_LINE_EXCEEDED)));
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CLOSED);
            assertThatThrownBy(() -> nc.publish("x", "y"))
                    .isInstanceOf(ConnectionClosedException.class)
                    .hasRootCauseInstanceOf(ServerErrorException.class);
        }
    }

    @Test
    void moreSubscriptionsThanAllowed() {
        try (Connection nc = Nats.connect(options())) {
            Subscription first = nc.subscribe("s.1");
            nc.subscribe("s.2");
            nc.subscribe("s.3");
            nc.flush(LONG);
            assertThat(events.all()).allMatch(ConnectionEvent.Connected.class::isInstance);
            nc.subscribe("s.4");
            assertThat(events.await(ConnectionEvent.ServerError.class).error())
                    .isInstanceOfSatisfying(
                            Known.class,
                            known -> assertThat(known.kind()).isEqualTo(Kind.MAXIMUM_SUBSCRIPTIONS_EXCEEDED));
            nc.publish("s.1", "still there");
            assertThat(first.next(LONG).text()).isEqualTo("still there");
        }
    }

    @Test
    void moreConnectionsThanAllowed() {
        try (Connection one = Nats.connect(options());
                Connection two = Nats.connect(options())) {
            assertThatThrownBy(() -> Nats.connect(server.url()))
                    .isInstanceOfSatisfying(
                            NoServersException.class,
                            e -> assertThat(e.failures()).singleElement().satisfies(failure -> {
                                assertThat(failure.reason()).isEqualTo(Reason.SERVER_ERROR);
                                assertThat(failure).hasMessageContainingAll(server.url(), "maximum connections");
                            }));
            one.flush(LONG);
            two.flush(LONG);
        }
    }

    private Options options() {
        return Options.builder()
                .reconnect(Reconnect.never())
                .servers(server.url())
                .listener(events)
                .build();
    }
}
