// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import static dev.midge.micro.Asking.LONG;
import static dev.midge.micro.Asking.ask;
import static dev.midge.micro.Asking.askJson;
import static dev.midge.micro.Asking.await;
import static dev.midge.micro.Asking.endpointJson;
import static dev.midge.micro.Asking.error;
import static dev.midge.micro.Asking.eventually;
import static dev.midge.micro.Asking.failed;
import static dev.midge.micro.Asking.handled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionStatus;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Reconnect;
import dev.midge.client.Subscription;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** R-F14: services with real servers. */
@NatsServerTest
class ServiceIT {
    private final NatsServer server;

    ServiceIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void answersAndTells() throws Exception {
        try (Connection nc = Asking.connect(server.url());
                Connection requester = Asking.connect(server.url())) {
            Service service =
                    Service.builder("demo", "1.0.0").onError(error -> {}).start(nc);
            service.addGroup("math").addEndpoint("sum", request -> request.respond(sum(request.text())));
            nc.flush(LONG);
            assertThat(ask(requester, "math.sum", "1 2 3").text()).isEqualTo("6");
            assertThat(error(ask(requester, "math.sum", "1 x"))).isEqualTo("500:For input string: \"x\"");
            EndpointStats stats = handled(service, 2);
            Map<String, Object> standard =
                    Map.of("name", "demo", "id", service.id(), "version", "1.0.0", "metadata", Map.of());
            for (String of : List.of("", ".demo", ".demo." + service.id())) {
                assertThat(askJson(requester, "$SRV.PING" + of))
                        .containsAllEntriesOf(standard)
                        .containsEntry("type", "io.nats.micro.v1.ping_response")
                        .hasSize(5);
                assertThat(askJson(requester, "$SRV.INFO" + of))
                        .containsAllEntriesOf(standard)
                        .containsEntry("type", "io.nats.micro.v1.info_response")
                        .containsEntry("description", "")
                        .containsEntry("endpoints", List.of(endpointJson("sum", "math.sum", "q", "metadata", Map.of())))
                        .hasSize(7);
                assertThat(askJson(requester, "$SRV.STATS" + of))
                        .containsAllEntriesOf(standard)
                        .containsEntry("type", "io.nats.micro.v1.stats_response")
                        .containsEntry("started", service.stats().started().toString())
                        .containsEntry(
                                "endpoints",
                                List.of(endpointJson(
                                        "sum",
                                        "math.sum",
                                        "q",
                                        "num_requests",
                                        2L,
                                        "num_errors",
                                        1L,
                                        "last_error",
                                        "500:For input string: \"x\"",
                                        "processing_time",
                                        stats.processingTime().toNanos(),
                                        "average_processing_time",
                                        stats.averageProcessingTime().toNanos())))
                        .hasSize(7);
            }
            Discovery discovery = Discovery.of(
                    requester,
                    DiscoveryOptions.builder()
                            .maxWait(LONG)
                            .stall(LONG)
                            .maxResults(1)
                            .build());
            assertThat(discovery.ping()).containsExactly(service.ping());
            assertThat(discovery.info("demo")).containsExactly(service.info());
            assertThat(discovery.stats("demo", service.id())).isEqualTo(service.stats());
            service.stop();
            await(service.stopped());
            assertThat(discovery.ping("demo")).isEmpty();
            assertThat(ask(requester, "math.sum", "").headers().status()).isNotNull();
        }
    }

    private static String sum(String numbers) {
        int sum = 0;
        for (String number : numbers.split(" ", -1)) {
            sum += Integer.parseInt(number);
        }
        return String.valueOf(sum);
    }

    /** One of a queue group gets a request, all get it without one; and an instance ends with its connection. */
    @Test
    void queueGroups() throws Exception {
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        EndpointOptions plain =
                EndpointOptions.builder("all").queueGroupDisabled().build();
        List<Connection> connections = new ArrayList<>();
        try (Connection requester = Asking.connect(server.url())) {
            List<Service> services = new ArrayList<>();
            for (String instance : List.of("1", "2", "3")) {
                Connection nc = Asking.connect(server.url());
                connections.add(nc);
                Service service = Service.builder("demo", "1.0.0").start(nc);
                ServiceGroup group = service.addGroup("g").addGroup("deep");
                group.addEndpoint("one", request -> request.respond("one"));
                group.addEndpoint(plain, request -> got.add("all " + instance));
                nc.flush(LONG);
                services.add(service);
            }
            try (Subscription inbox = requester.subscribe("inbox")) {
                for (int i = 0; i < 3; i++) {
                    requester.publish(Message.to("g.deep.one").replyTo("inbox").build());
                }
                for (int i = 0; i < 3; i++) {
                    assertThat(inbox.next(LONG).text()).isEqualTo("one");
                }
            }
            requester.publish("g.deep.all", "");
            List<String> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(String.valueOf(got.poll(LONG.toSeconds(), TimeUnit.SECONDS)));
            }
            assertThat(all).containsExactlyInAnyOrder("all 1", "all 2", "all 3");
            eventually(
                    () -> "three requests in all, not "
                            + services.stream().map(Service::stats).toList(),
                    () -> services.stream()
                                    .mapToLong(service ->
                                            service.stats().endpoints().get(0).numRequests())
                                    .sum()
                            == 3);
            for (int i = 0; i < 3; i++) {
                connections.get(i).close();
                await(services.get(i).stopped());
            }
        } finally {
            connections.forEach(Connection::close);
        }
    }

    @Test
    void answersWhatItHasAccepted() throws Exception {
        WorkersLeave.run(server.url());
    }

    @Test
    void outlivesItsServer() throws Exception {
        try (NatsServer own = NatsServer.builder().version(server.version()).start();
                Connection nc = reconnecting(own);
                Connection requester = reconnecting(own)) {
            Service service = Service.builder("demo", "1.0.0").start(nc);
            service.addEndpoint("do", request -> request.respond("done"));
            nc.flush(LONG);
            assertThat(ask(requester, "do", "x").text()).isEqualTo("done");
            own.kill();
            eventually(() -> "the loss of the server, not " + nc, () -> nc.status() == ConnectionStatus.RECONNECTING);
            own.restart();
            for (Connection back : List.of(nc, requester)) {
                eventually(
                        () -> "another server, not " + back,
                        () -> back.statistics().reconnects() >= 1);
                back.flush(LONG);
            }
            assertThat(ask(requester, "do", "x").text()).isEqualTo("done");
            assertThat(askJson(requester, "$SRV.PING.demo")).containsEntry("id", service.id());
            assertThat(handled(service, 2).numErrors()).isZero();
            service.stop();
            await(service.stopped());
        }
    }

    private static Connection reconnecting(NatsServer to) {
        return Nats.connect(Asking.patient()
                .servers(to.url())
                .reconnect(Reconnect.builder()
                        .wait(Duration.ofMillis(20))
                        .maxWait(Duration.ofMillis(200))
                        .maxAttempts(-1)
                        .build())
                .listener(event -> {})
                .build());
    }

    @Test
    void limitsAndPermissionsOfTheServer() throws Exception {
        String config = """
                max_payload: 1024
                authorization { timeout: 60, users = [
                    { user: all, password: p }
                    { user: some, password: p, permissions: { publish: { deny: "secret.>" } } }
                ] }
                """;
        try (NatsServer own = NatsServer.builder()
                        .version(server.version())
                        .config(config)
                        .start();
                Connection nc = Nats.connect(Asking.patient()
                        .servers(own.url().replace("://", "://some:p@"))
                        .listener(event -> {})
                        .build());
                Connection requester = Asking.connect(own.url().replace("://", "://all:p@"))) {
            Service service =
                    Service.builder("demo", "1.0.0").onError(error -> {}).start(nc);
            service.addEndpoint("do", request -> request.respond(new byte[Integer.parseInt(request.text())]));
            nc.flush(LONG);
            assertThat(error(ask(requester, "do", "1025")))
                    .startsWith("500:")
                    .contains("1025 bytes", "max_payload is 1024");
            assertThat(handled(service, 1).numErrors()).isOne();
            requester.publish(Message.to("do").replyTo("secret.place").data("1").build());
            assertThat(failed(service, 2).lastError())
                    .contains("Permissions Violation for Publish to \"secret.place\"");
            assertThat(ask(requester, "do", "7").size()).isEqualTo(7);
        }
    }
}
