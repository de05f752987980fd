// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionStatus;
import dev.midge.testkit.base.NatsStreamingServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Connecting to a real server, and leaving it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectIT {
    private NatsStreamingServer server;
    private Connection nc;

    @BeforeAll
    void start() {
        server = NatsStreamingServer.builder()
                .flags("--stan_debug", "--hb_interval", "100ms", "--hb_timeout", "30s", "--hb_fail_count", "1")
                .start();
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void connect() {
        nc = Patience.connect(server.url());
    }

    @AfterEach
    void disconnect() {
        nc.close();
    }

    @Test
    void borrowsAConnection() {
        StanConnection sc = Patience.connect(nc, "borrower");
        assertThat(sc.isActive()).isTrue();
        assertThat(sc.connection()).isSameAs(nc);
        assertThat(sc.options().clientId()).isEqualTo("borrower");
        assertThat(sc.publish("c", "x")).hasSize(22);
        sc.close();
        sc.close();
        assertThat(sc.isActive()).isFalse();
        assertThat(nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
        assertThatThrownBy(() -> sc.publish("c", "x"))
                .isInstanceOf(StanClosedException.class)
                .hasMessage("cannot publish to channel c: client borrower has no session with cluster test-cluster,"
                        + " it is CLOSED");
    }

    @Test
    void closesAConnectionOfItsOwn() {
        StanConnection sc = Stan.connect(
                Patience.options(server.url()).name("owner").build(),
                Patience.stan("owner").build());
        sc.publish("c", "x");
        sc.close();
        assertThat(sc.connection().status()).isEqualTo(ConnectionStatus.CLOSED);
    }

    @Test
    void connectsWithoutWaiting() throws Exception {
        StanConnection sc =
                Patience.get(Stan.connectAsync(nc, Patience.stan("async").build()));
        sc.publish("c", "x");
        Patience.get(sc.closeAsync());
    }

    /** The server has no client of this id any more, and takes it again. */
    @Test
    void saysGoodbye() throws Exception {
        Events events = new Events();
        StanConnection first =
                Stan.connect(nc, Patience.stan("leaver").listener(events).build());
        first.close();
        assertThat(events.next(StanEvent.Closed.class))
                .isEqualTo(new StanEvent.Closed(StanEndReason.CLOSED_BY_USER, null));
        assertThat(server.awaitLog("\\[Client:leaver\\] Closed")).isNotEmpty();
        try (StanConnection second = Patience.connect(nc, "leaver")) {
            assertThat(second.isActive()).isTrue();
        }
    }

    /** Servers take a client that does not answer within half a second for gone: then this machine stood still. */
    @Test
    void aClientIdInUse() {
        try (StanConnection first = Patience.connect(nc, "twin")) {
            for (Throwable refused = null; refused == null; ) {
                long begin = System.nanoTime();
                refused = catchThrowable(() -> Patience.connect(nc, "twin"));
                assertThat(refused != null || System.nanoTime() - begin > 400_000_000)
                        .as("refused, or the first did not answer")
                        .isTrue();
                if (refused != null) {
                    assertThat(refused)
                            .isInstanceOfSatisfying(StanServerException.class, e -> {
                                assertThat(e.error()).isEqualTo(StanError.CLIENT_ID_IN_USE);
                                assertThat(e.serverText()).isEqualTo("stan: clientID already registered");
                            })
                            .hasMessage("cannot connect client twin to cluster test-cluster: the server says"
                                    + " \"stan: clientID already registered\"");
                }
            }
            assertThat(first.options().clientId()).isEqualTo("twin");
        }
    }

    /** The server is 2.9's, which says at once that nobody is there; it is asked again until the time is over. */
    @Test
    void anUnknownCluster() {
        StanOptions options = StanOptions.builder("nowhere", "seeker")
                .connectTimeout(Duration.ofMillis(600))
                .build();
        long before = System.nanoTime();
        assertThatThrownBy(() -> Stan.connect(nc, options))
                .isInstanceOf(StanConnectTimeoutException.class)
                .hasMessageStartingWith("cannot connect client seeker to cluster nowhere within PT0.6S: ")
                .hasMessageContaining(" _STAN.discover.nowhere")
                .hasMessageContaining("CONNECTED");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(300));
        assertThat(nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
    }

    /** Of a server that comes later than the client. */
    @Test
    void waitsForAServerThatIsStarting() throws Exception {
        var connecting = Stan.connectAsync(
                nc,
                StanOptions.builder("late-cluster", "early")
                        .connectTimeout(Patience.LONG)
                        .build());
        try (NatsStreamingServer late = NatsStreamingServer.builder()
                .clusterId("late-cluster")
                .natsServer(server.url())
                .start()) {
            StanConnection sc = Patience.get(connecting);
            assertThat(sc.publish("c", "x")).isNotEmpty();
            sc.close();
            assertThat(late.isRunning()).isTrue();
        }
    }

    /** The server asks ten times a second, and would forget a client that is silent twice. */
    @Test
    void answersHeartbeats() {
        try (Connection own = Patience.connect(server.url());
                StanConnection sc = Patience.connect(own, "alive")) {
            long before = own.statistics().inMessages();
            Patience.until("five heartbeats", () -> own.statistics().inMessages() >= before + 5);
            assertThat(sc.publish("c", "x")).isNotEmpty();
        }
    }

    @Test
    void closingEndsSubscriptions() throws Exception {
        Inbox inbox = new Inbox();
        StanConnection sc = Patience.connect(nc, "closer");
        StanSubscription sub = sc.subscribe("closing", inbox);
        sc.close();
        assertThat(sub.isActive()).isFalse();
        try (StanConnection other = Patience.connect(nc, "other")) {
            Inbox others = new Inbox();
            other.subscribe("closing", others);
            other.publish("closing", "x");
            assertThat(others.next().text()).isEqualTo("x");
            assertThat(inbox.waiting()).isZero();
        }
        sub.close();
        assertThatThrownBy(() -> sc.subscribe("closing", inbox))
                .isInstanceOf(StanClosedException.class)
                .hasMessage("cannot subscribe to channel closing: client closer has no session with cluster"
                        + " test-cluster, it is CLOSED");
    }

    @Test
    void endsWithItsNatsConnection() throws Exception {
        Events events = new Events();
        Connection own = Patience.connect(server.url());
        StanConnection sc =
                Stan.connect(own, Patience.stan("orphan").listener(events).build());
        own.close();
        assertThat(events.next(StanEvent.Closed.class).reason()).isEqualTo(StanEndReason.CONNECTION_CLOSED);
        assertThat(sc.isActive()).isFalse();
        sc.close();
    }
}
