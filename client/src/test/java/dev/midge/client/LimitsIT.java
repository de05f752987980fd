// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.ServerError.Kind;
import dev.midge.protocol.ServerError.Known;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.transport.ConnectFailedException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A server whose limits are low. */
@NatsServerTest(config = """
                max_payload: 1000
                max_control_line: 512
                max_subscriptions: 3
                """)
class LimitsIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServer server;
    private final NatsServerVersion version;
    private final EventLog events = new EventLog();

    LimitsIT(NatsServer server, NatsServerVersion version) {
        this.server = server;
        this.version = version;
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
        Options options = Patient.options()
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

    /** On a server of its own: one that has just been left may not know it yet, and counts whoever was there. */
    @Test
    void moreConnectionsThanAllowed() {
        try (NatsServer own = NatsServer.builder()
                .version(version)
                .config("max_connections: 2")
                .flags("-D")
                .start()) {
            assertThat(own.awaitLog("Client connection closed")).isNotNull(); // that which saw it start
            try (Connection one = Patient.connect(own.url());
                    Connection two = Patient.connect(own.url())) {
                assertRefused(own);
                one.flush(LONG);
                two.flush(LONG);
            }
        }
    }

    private static void assertRefused(NatsServer own) {
        assertThatThrownBy(() -> Patient.connect(own.url()))
                .isInstanceOfSatisfying(
                        NoServersException.class,
                        e -> assertThat(e.failures()).singleElement().satisfies(failure -> {
                            assertThat(failure.reason()).isEqualTo(Reason.SERVER_ERROR);
                            assertThat(failure).hasMessageContainingAll(own.url(), "maximum connections");
                        }));
    }

    private Options options() {
        return Patient.options()
                .reconnect(Reconnect.never())
                .servers(server.url())
                .listener(events)
                .build();
    }
}
