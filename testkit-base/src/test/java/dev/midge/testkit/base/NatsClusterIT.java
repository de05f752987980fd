// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(NatsServerVersion.class)
class NatsClusterIT {
    private final NatsServerVersion version;

    NatsClusterIT(NatsServerVersion version) {
        this.version = version;
    }

    @Test
    void carriesMessagesFromNodeToNodeAndOutlivesOneOfThem() throws Exception {
        try (NatsCluster cluster = NatsCluster.builder().version(version).start()) {
            assertThat(cluster.nodes()).hasSize(3);
            assertThat(cluster.urls())
                    .containsExactly(
                            cluster.node(0).url(),
                            cluster.node(1).url(),
                            cluster.node(2).url());
            assertThat(cluster.toString()).startsWith("cluster of nats-server " + version.number() + " on port ");
            assertCarries(cluster, 0, 2);
            assertCarries(cluster, 2, 1);

            int port = cluster.node(1).port();
            cluster.node(1).kill();
            assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(ConnectException.class);
            cluster.awaitRoutes();
            try (RawClient client = new RawClient(cluster.node(0).port())) {
                assertThat(client.info())
                        .contains("\"server_name\":\"node-0\"")
                        .contains("127.0.0.1:" + cluster.node(2).port())
                        .doesNotContain("127.0.0.1:" + port);
            }
            assertCarries(cluster, 0, 2);

            cluster.node(1).restart();
            cluster.awaitRoutes();
            assertThat(cluster.node(1).port()).isEqualTo(port);
            assertCarries(cluster, 1, 0);
            assertCarries(cluster, 2, 1);
        }
    }

    @Test
    void tellsClientsOfALameDuckWhereTheOthersAre() throws Exception {
        try (NatsCluster cluster = NatsCluster.builder()
                        .version(version)
                        .size(2)
                        .lameDuckGrace(Duration.ofMillis(50))
                        .start();
                RawClient client = new RawClient(cluster.node(0).port())) {
            client.ask("CONNECT {\"verbose\":true,\"protocol\":1}");
            assertThat(client.ask("PING")).isEqualTo("PONG");
            cluster.node(0).lameDuck();
            String line = client.readLine();
            while (!line.contains("\"ldm\":true")) {
                assertThat(line).as("what comes before").matches("PING|INFO .*");
                line = client.readLine();
            }
            assertThat(line)
                    .contains("\"connect_urls\":[\"127.0.0.1:" + cluster.node(1).port() + "\"]");
            while (!line.equals("null")) {
                line = client.readLine();
            }
            cluster.node(0).restart();
            cluster.awaitRoutes();
            assertCarries(cluster, 0, 1);
        }
    }

    @Test
    void takesConfigurationAndJetStream() throws Exception {
        try (NatsCluster cluster = NatsCluster.builder()
                        .version(version)
                        .config("max_payload: 4321")
                        .jetStream()
                        .start();
                RawClient client = new RawClient(cluster.node(2).port())) {
            assertThat(client.info()).contains("\"max_payload\":4321").contains("\"jetstream\":true");
        }
    }

    @Test
    void refusesOtherSizesAndGracePeriods() {
        for (int size : new int[] {-1, 1, 10}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> NatsCluster.builder().size(size))
                    .withMessage("size is " + size + ", must be from 2 to 9");
        }
        for (String grace : List.of("PT0S", "PT-1S", "PT30S")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> NatsCluster.builder().lameDuckGrace(Duration.parse(grace)))
                    .withMessage("lameDuckGrace is " + grace + ", must be from PT0.001S to less than PT30S");
        }
    }

    @Test
    void showsTheLogOfANodeThatDoesNotStart() {
        assertThatIllegalStateException()
                .isThrownBy(() -> NatsCluster.builder()
                        .version(version)
                        .config("max_payload: nonsense")
                        .start())
                .withMessageContaining("ended with code 1 before it answered");
    }

    @Test
    void leavesNothingBehind() {
        NatsCluster cluster = NatsCluster.builder().version(version).size(2).start();
        List<Path> directories =
                cluster.nodes().stream().map(NatsServer::directory).toList();
        List<ProcessHandle> processes = cluster.nodes().stream()
                .map(node -> ProcessHandle.of(node.pid()).orElseThrow())
                .toList();
        cluster.close();
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(directories).allSatisfy(directory -> assertThat(directory).doesNotExist());
        cluster.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> cluster.node(0).restart())
                .withMessageContaining("is closed");
    }

    /** Interest travels from node to node behind the answer to PING, so a message may have to be sent again. */
    private static void assertCarries(NatsCluster cluster, int from, int to) throws Exception {
        try (RawClient subscriber = new RawClient(cluster.node(to).port());
                RawClient publisher = new RawClient(cluster.node(from).port())) {
            subscriber.ask("CONNECT {\"verbose\":true}");
            subscriber.ask("SUB carried 1");
            publisher.ask("CONNECT {\"verbose\":true}");
            long deadline = System.nanoTime() + 30_000_000_000L;
            String answer;
            do {
                assertThat(System.nanoTime()).as(cluster::log).isLessThan(deadline);
                publisher.send("PUB carried 4\r\ntext\r\nPING");
                answer(publisher, "PONG");
                subscriber.send("PING");
                answer = answer(subscriber, "PONG|MSG .*");
            } while (answer.equals("PONG"));
            assertThat(answer).isEqualTo("MSG carried 1 4");
        }
    }

    /** The next line of interest: servers also say +OK and ask whether the client is there. */
    private static String answer(RawClient client, String regex) throws Exception {
        String line = client.readLine();
        while (!line.matches(regex)) {
            assertThat(line).matches("\\+OK|PING");
            line = client.readLine();
        }
        return line;
    }
}
