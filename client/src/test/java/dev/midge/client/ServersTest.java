// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.midge.client.ConnectionEvent.CallbackFailed;
import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.Disconnected;
import dev.midge.client.ConnectionEvent.LameDuck;
import dev.midge.client.ConnectionEvent.ReconnectFailed;
import dev.midge.client.ConnectionEvent.Reconnected;
import dev.midge.client.ConnectionEvent.ServersDiscovered;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.transport.ConnectFailedException;
import dev.midge.transport.HostResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Where a connection goes when it has lost its server. */
class ServersTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final EventLog events = new EventLog();

    private OptionsBuilder options(String... urls) {
        return Patient.options()
                .servers(urls)
                .listener(events)
                .connectTimeout(LONG)
                .reconnect(quickly().build());
    }

    private static Reconnect.Builder quickly() {
        return Reconnect.builder().wait(Duration.ofMillis(20)).maxWait(Duration.ofMillis(200));
    }

    /** Answers with what it is told, and remembers who asked. */
    private static final class Addresses implements HostResolver {
        volatile List<String> found;
        final Queue<String> threads = new ConcurrentLinkedQueue<>();

        Addresses(String... addresses) {
            found = List.of(addresses);
        }

        @Override
        public List<InetAddress> resolve(String host) throws UnknownHostException {
            threads.add(Thread.currentThread().getName());
            List<InetAddress> addresses = new ArrayList<>();
            for (String address : found) {
                addresses.add(InetAddress.getByName(address));
            }
            return addresses;
        }
    }

    /** Takes no connection and refuses none: its queue is full. */
    private static final class SilentAddress implements AutoCloseable {
        private final ServerSocket listener;
        private final List<Socket> queue = new ArrayList<>();

        SilentAddress(String address, int port) throws IOException {
            listener = new ServerSocket(port, 1, InetAddress.getByName(address));
            try {
                while (true) {
                    Socket socket = new Socket();
                    queue.add(socket);
                    socket.connect(listener.getLocalSocketAddress(), 200);
                }
            } catch (SocketTimeoutException e) {
                // full
            }
        }

        int queued() {
            return queue.size();
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : queue) {
                socket.close();
            }
            listener.close();
        }
    }

    /** R-A12. */
    @Test
    void aNameThatMovesIsFollowed() {
        Addresses addresses = new Addresses("127.0.0.2");
        try (EmbeddedServer first = EmbeddedServer.builder().host("127.0.0.2").start();
                EmbeddedServer second = EmbeddedServer.builder()
                        .host("127.0.0.3")
                        .port(first.port())
                        .start();
                Connection nc = Nats.connect(options("moves.example:" + first.port())
                        .resolver(addresses)
                        .build())) {
            assertThat(first.connections()).isEqualTo(1);
            addresses.found = List.of("127.0.0.3");
            first.stop();
            Reconnected back = events.await(Reconnected.class);
            assertThat(back.server()).isEqualTo("nats://moves.example:" + first.port());
            nc.flush(LONG);
            assertThat(second.connections()).isEqualTo(1);
            assertThat(addresses.threads)
                    .hasSize(1 + back.attempts())
                    .allMatch(name -> name.startsWith("nats-handler-"));
        }
    }

    /** R-A12: a name with an address where nobody answers. */
    @Test
    void failuresCountForServersAndNotForAddresses() {
        Addresses addresses = new Addresses("127.0.0.2", "127.0.0.4", "127.0.0.3");
        try (EmbeddedServer server = EmbeddedServer.builder().host("127.0.0.3").start();
                Connection nc = Nats.connect(options("many.example:" + server.port())
                        .resolver(addresses)
                        .reconnect(quickly().maxAttempts(3).build())
                        .build())) {
            assertThat(nc.servers()).singleElement().satisfies(state -> {
                assertThat(state.failures()).isZero();
                assertThat(state.discovered()).isFalse();
            });
            server.stop();
            Closed closed = events.await(Closed.class);
            assertThat(closed.reason()).isEqualTo(EndReason.NO_SERVERS);
            assertThat(events.all(ReconnectFailed.class))
                    .hasSize(3)
                    .allSatisfy(failed -> assertThat(failed.cause())
                            .isInstanceOf(ConnectFailedException.class)
                            .hasMessageContaining("127.0.0.2: ")
                            .hasMessageContaining("127.0.0.3: ")
                            .hasMessageContaining("127.0.0.4: "));
            assertThat(addresses.threads).hasSize(4);
            assertThat(nc.servers()).isEmpty();
        }
    }

    /** R-A12: one after the other, a silent address would have half of the time. */
    @Test
    void aSilentAddressIsOvertaken() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.builder().host("127.0.0.3").start();
                SilentAddress silent = new SilentAddress("127.0.0.2", server.port());
                Connection nc = Nats.connect(options("two.example:" + server.port())
                        .resolver(new Addresses("127.0.0.2", "127.0.0.3"))
                        .randomizeServers(false)
                        .connectTimeout(Duration.ofMinutes(10))
                        .connectionRacing(Duration.ofMillis(20))
                        .build())) {
            nc.flush(LONG);
            assertThat(silent.queued()).isPositive();
        }
    }

    /** R-A13. */
    @Test
    void discoveredServersTakeOver() {
        try (EmbeddedServer first = EmbeddedServer.start();
                EmbeddedServer second = EmbeddedServer.start();
                Connection nc = Nats.connect(options(first.url()).build())) {
            first.connectUrls(List.of("127.0.0.1:" + first.port(), "127.0.0.1:" + second.port()));
            assertThat(events.await(ServersDiscovered.class).servers()).containsExactly(second.url());
            assertThat(nc.servers())
                    .extracting(state -> state.endpoint().toString(), ServerState::discovered)
                    .containsExactly(tuple(first.url(), false), tuple(second.url(), true));
            first.stop();
            assertThat(events.await(Reconnected.class).server()).isEqualTo(second.url());
            nc.flush(LONG);
        }
    }

    /** R-A13: without a discovered server there is nowhere to go, and a lame duck is not left. */
    @Test
    void ignoredServersDoNotTakeOver() {
        try (EmbeddedServer first = EmbeddedServer.start();
                EmbeddedServer second = EmbeddedServer.start();
                Connection nc = Nats.connect(
                        options(first.url()).ignoreDiscoveredServers(true).build())) {
            first.connectUrls(List.of("127.0.0.1:" + second.port()));
            nc.flush(LONG); // the INFO has come before
            assertThat(nc.servers()).hasSize(1);
            assertThat(events.all(ServersDiscovered.class)).isEmpty();
            assertThat(events.all(LameDuck.class)).isEmpty();
        }
    }

    @Test
    void aChooserThatFailsIsTold() {
        try (EmbeddedServer server = EmbeddedServer.start();
                Connection nc = Nats.connect(options(server.url())
                        .serverChooser((servers, info) -> {
                            throw new IllegalStateException("undecided");
                        })
                        .build())) {
            nc.forceReconnect();
            events.await(Reconnected.class);
            CallbackFailed failed = events.await(CallbackFailed.class);
            assertThat(failed.callback()).isEqualTo("serverChooser");
            assertThat(failed.cause()).hasMessage("undecided");
        }
    }

    @Test
    void serversAreSetWhileThereIsNone() {
        try (EmbeddedServer first = EmbeddedServer.start();
                EmbeddedServer second = EmbeddedServer.start();
                Connection nc = Nats.connect(options(first.url())
                        .reconnect(Reconnect.builder()
                                .wait(Duration.ofHours(1))
                                .jitter(0)
                                .build())
                        .build())) {
            first.stop();
            events.await(Disconnected.class); // the next attempt may be in an hour
            nc.publish("a", "b");
            nc.setServers(second.url());
            assertThat(events.await(Reconnected.class).server()).isEqualTo(second.url());
            nc.flush(LONG);
            assertThat(nc.servers()).hasSize(1);
            assertThat(events.all(Disconnected.class)).hasSize(1);
        }
    }

    @Test
    void settingServersIsChecked() {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            Connection nc = Nats.connect(options(server.url()).build());
            assertThatThrownBy(() -> nc.setServers())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("servers is empty: at least one is needed");
            assertThatThrownBy(() -> nc.setServers("a,ws://b")).isInstanceOf(IllegalArgumentException.class);
            nc.close();
            assertThatThrownBy(() -> nc.setServers("a")).isInstanceOf(ConnectionClosedException.class);
        }
    }
}
