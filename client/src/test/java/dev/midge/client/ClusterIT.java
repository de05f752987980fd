// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Disconnected;
import dev.midge.client.ConnectionEvent.ReconnectFailed;
import dev.midge.client.ConnectionEvent.Reconnected;
import dev.midge.client.ConnectionEvent.ServersDiscovered;
import dev.midge.client.ServerChooser.Choice;
import dev.midge.protocol.Info;
import dev.midge.testkit.base.NatsCluster;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.transport.Tls;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** R-A13: what a connection does with the servers of a real cluster. */
@ParameterizedClass
@EnumSource(NatsServerVersion.class)
class ClusterIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServerVersion version;
    private final EventLog events = new EventLog();

    ClusterIT(NatsServerVersion version) {
        this.version = version;
    }

    private NatsCluster.Builder cluster() {
        return NatsCluster.builder().version(version);
    }

    private OptionsBuilder options(String... urls) {
        return Patient.options()
                .servers(urls)
                .listener(events)
                .connectTimeout(LONG)
                .reconnect(Reconnect.builder()
                        .wait(Duration.ofMillis(20))
                        .maxWait(Duration.ofMillis(200))
                        .build());
    }

    private static void awaitServers(Connection nc, NatsServer... servers) {
        List<Integer> ports = Stream.of(servers).map(NatsServer::port).sorted().toList();
        Eventually.isTrue(() -> ports + " in " + nc.servers(), () -> ports(nc).equals(ports));
    }

    private static List<Integer> ports(Connection nc) {
        return nc.servers().stream()
                .map(state -> state.endpoint().port())
                .sorted()
                .toList();
    }

    private static void assertTalks(Connection nc) {
        Subscription sub = nc.subscribe("talk");
        nc.publish("talk", "hello");
        assertThat(sub.next(LONG).text()).isEqualTo("hello");
        sub.unsubscribe();
    }

    @Test
    void aServerOfTheClusterTakesOverThatOnlyTheOthersKnew() {
        try (NatsCluster cluster = cluster().start();
                Connection nc = Nats.connect(options(cluster.node(0).url()).build())) {
            awaitServers(nc, cluster.node(0), cluster.node(1), cluster.node(2));
            assertThat(nc.servers())
                    .allSatisfy(state -> assertThat(state.discovered())
                            .isEqualTo(
                                    state.endpoint().port() != cluster.node(0).port()));
            Subscription sub = nc.subscribe("before");

            cluster.node(0).kill();
            Reconnected first = events.await(Reconnected.class);
            assertThat(first.server())
                    .isIn(cluster.node(1).url(), cluster.node(2).url());
            nc.publish("before", "x");
            assertThat(sub.next(LONG).text()).isEqualTo("x");

            NatsServer second = first.server().equals(cluster.node(1).url()) ? cluster.node(1) : cluster.node(2);
            NatsServer third = second == cluster.node(1) ? cluster.node(2) : cluster.node(1);
            second.kill();
            events.await(Reconnected.class, event -> event.server().equals(third.url()));
            assertTalks(nc);
            assertThat(events.all(ServersDiscovered.class)).isEmpty(); // all were known from the first INFO on
        }
    }

    @Test
    void serversComeAndGo() {
        try (NatsCluster cluster = cluster().start()) {
            cluster.node(2).stop();
            cluster.awaitRoutes();
            try (Connection nc = Nats.connect(options(cluster.node(0).url()).build())) {
                awaitServers(nc, cluster.node(0), cluster.node(1));
                cluster.node(2).restart();
                ServersDiscovered discovered = events.await(ServersDiscovered.class);
                assertThat(discovered.servers()).containsExactly(cluster.node(2).url());
                awaitServers(nc, cluster.node(0), cluster.node(1), cluster.node(2));
                cluster.node(1).kill();
                awaitServers(nc, cluster.node(0), cluster.node(2));
            }
        }
    }

    @Test
    void discoveredServersCanBeIgnored() {
        try (NatsCluster cluster = cluster().start();
                Connection nc = Nats.connect(options(cluster.node(0).url())
                        .ignoreDiscoveredServers(true)
                        .build())) {
            assertTalks(nc);
            awaitServers(nc, cluster.node(0));
            cluster.node(0).kill();
            events.await(ReconnectFailed.class, event -> event.attempt() == 3);
            assertThat(events.all(ReconnectFailed.class))
                    .extracting(ReconnectFailed::server)
                    .containsOnly(cluster.node(0).url());
            cluster.node(0).restart();
            assertThat(events.await(Reconnected.class).server())
                    .isEqualTo(cluster.node(0).url());
            assertTalks(nc);
            awaitServers(nc, cluster.node(0));
        }
    }

    @Test
    void theUserChooses() {
        Queue<@Nullable Info> infos = new ConcurrentLinkedQueue<>();
        try (NatsCluster cluster = cluster().start()) {
            ServerChooser last = (servers, info) -> {
                infos.add(info);
                return servers.stream()
                        .map(ServerState::endpoint)
                        .filter(endpoint -> endpoint.port() == cluster.node(2).port())
                        .findFirst()
                        .map(endpoint -> new Choice(endpoint, Duration.ZERO))
                        .orElse(null);
            };
            try (Connection nc = Nats.connect(
                    options(cluster.node(0).url()).serverChooser(last).build())) {
                awaitServers(nc, cluster.node(0), cluster.node(1), cluster.node(2));
                assertThat(infos).isEmpty();
                nc.forceReconnect();
                assertThat(events.await(Reconnected.class).server())
                        .isEqualTo(cluster.node(2).url());
                assertTalks(nc);
                assertThat(infos)
                        .singleElement()
                        .satisfies(info -> assertThat(info.serverName()).isEqualTo("node-0"));
            }
        }
    }

    @Test
    void theServersAreReplaced() {
        try (NatsCluster cluster = cluster().start();
                Connection nc = Nats.connect(options(cluster.node(0).url())
                        .ignoreDiscoveredServers(true)
                        .build())) {
            nc.setServers(cluster.node(1).url());
            awaitServers(nc, cluster.node(1));
            assertThat(nc.server()).isEqualTo(cluster.node(0).url());
            assertTalks(nc);
            nc.forceReconnect();
            assertThat(events.await(Reconnected.class).server())
                    .isEqualTo(cluster.node(1).url());
            assertTalks(nc);
        }
    }

    @Test
    void webSocketServersDiscoverWebSocketServers() {
        String config = "websocket { listen: \"127.0.0.1:-1\", no_tls: true }";
        try (NatsCluster cluster = cluster().config(config).start()) {
            List<String> urls =
                    cluster.nodes().stream().map(node -> node.url("websocket")).toList();
            try (Connection nc = Nats.connect(options(urls.get(0)).build())) {
                Eventually.isTrue(
                        () -> urls + " in " + nc.servers(),
                        () -> nc.servers().stream()
                                .map(state -> state.endpoint().toString())
                                .collect(Collectors.toSet())
                                .equals(Set.copyOf(urls)));
                cluster.node(0).kill();
                assertThat(events.await(Reconnected.class).server()).isIn(urls.get(1), urls.get(2));
                assertTalks(nc);
            }
        }
    }

    /** A certificate of a name, and servers that announce each other by address. */
    @Test
    void discoveredAddressesShowACertificateOfTheNameConnectedTo(@TempDir Path folder) throws Exception {
        Certificates certificates = Certificates.make(folder);
        try (NatsCluster cluster =
                        cluster().config(certificates.config("wrong", "")).start();
                Connection nc = Nats.connect(
                        options("tls://other.example:" + cluster.node(0).port())
                                .tls(Tls.builder().trust(certificates.pem("ca")).build())
                                .resolver(host -> List.of(InetAddress.getLoopbackAddress()))
                                .build())) {
            Eventually.isTrue(
                    () -> "the name and the addresses in " + nc.servers(),
                    () -> nc.servers().size() == 4);
            cluster.node(0).kill();
            assertThat(events.await(Reconnected.class).server())
                    .isIn(
                            "tls://127.0.0.1:" + cluster.node(1).port(),
                            "tls://127.0.0.1:" + cluster.node(2).port());
            assertTalks(nc);
            assertThat(events.all(Disconnected.class)).hasSize(1);
        }
    }
}
