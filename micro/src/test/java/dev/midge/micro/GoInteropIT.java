// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import static dev.midge.micro.Asking.LONG;
import static dev.midge.micro.Asking.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** ADR-32 as another client has it: services of nats.go, and nats.go that asks ours. R-F14. */
@NatsServerTest
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class GoInteropIT {
    private final NatsServer server;

    GoInteropIT(NatsServer server) {
        this.server = server;
    }

    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void build() throws Exception {
        GoProgram.build();
    }

    private static Discovery expecting(Connection nc) {
        return Discovery.of(
                nc,
                DiscoveryOptions.builder()
                        .maxWait(LONG)
                        .stall(LONG)
                        .maxResults(1)
                        .onMalformed((answer, cause) -> {
                            throw cause;
                        })
                        .build());
    }

    @Test
    void findsAndCallsAService() throws Exception {
        Instant before = Instant.now().minusSeconds(1); // of another program's clock
        try (Connection nc = Asking.connect(server.url());
                GoProgram program = GoProgram.start("serve", server.url())) {
            String id = program.said("READY");
            Discovery discovery = expecting(nc);
            Map<String, String> metadata = Map.of("language", "go");
            ServicePing ping = new ServicePing("go-demo", id, "1.2.3-rc.1", metadata, Map.of());
            assertThat(discovery.ping()).containsExactly(ping);
            assertThat(discovery.ping("go-demo")).containsExactly(ping);
            assertThat(discovery.ping("go-demo", id)).isEqualTo(ping);
            ServiceInfo info = new ServiceInfo(
                    "go-demo",
                    id,
                    "1.2.3-rc.1",
                    metadata,
                    "adds \"numbers\"",
                    List.of(
                            new EndpointInfo("sum", "gomath.sum", "q", Map.of("format", "text"), Map.of()),
                            new EndpointInfo("everyone", "everyone", null, Map.of(), Map.of())),
                    Map.of());
            assertThat(discovery.info("go-demo")).containsExactly(info);

            Message sum = nc.request(
                    Message.to("gomath.sum").header("Trace", "7").data("1 2 3").build(), LONG);
            assertThat(sum.text()).isEqualTo("6");
            assertThat(sum.headers().get("Trace")).isEqualTo("7");
            Message error = nc.request("gomath.sum", "1 x", LONG);
            assertThat(error.headers().get(Replies.ERROR_CODE)).isEqualTo("400");
            assertThat(error.headers().get(Replies.ERROR)).isEqualTo("not numbers");
            assertThat(error.text()).isEqualTo("1 x");

            eventually(() -> "two requests", () -> sum(discovery, id).numRequests() == 2);
            EndpointStats stats = sum(discovery, id);
            Duration time = stats.processingTime();
            assertThat(time).isPositive();
            assertThat(stats)
                    .isEqualTo(new EndpointStats(
                            "sum",
                            "gomath.sum",
                            "q",
                            2,
                            1,
                            "400:not numbers",
                            time,
                            Duration.ofNanos(time.toNanos() / 2),
                            Map.of("asked", "gomath.sum"),
                            Map.of()));
            assertThat(discovery.stats("go-demo"))
                    .singleElement()
                    .satisfies(all -> assertThat(all.started())
                            .isBetween(before, Instant.now().plusSeconds(1)));
            program.end();
            eventually(() -> "nobody to be there", () -> discovery.ping("go-demo", id) == null);
        }
    }

    private static EndpointStats sum(Discovery discovery, String id) {
        return Objects.requireNonNull(discovery.stats("go-demo", id))
                .endpoints()
                .get(0);
    }

    /** The program knows what it has to find. */
    @Test
    void isFoundAndCalled() throws Exception {
        try (Connection nc = Asking.connect(server.url())) {
            Service service = Service.builder("java-demo", "1.0.0")
                    .description("of Midge")
                    .metadata(Map.of("language", "java"))
                    .statsData(endpoint -> Map.of("asked", endpoint.subject()))
                    .start(nc);
            service.addGroup("j")
                    .addEndpoint(
                            EndpointOptions.builder("echo")
                                    .metadata(Map.of("format", "text"))
                                    .build(),
                            request -> request.respond(request.data()));
            service.addEndpoint(
                    EndpointOptions.builder("failing").queueGroupDisabled().build(),
                    request -> request.error(418, "I'm a teapot", request.data()));
            nc.flush(LONG);
            try (GoProgram program = GoProgram.start("ask", server.url(), "java-demo")) {
                assertThat(program.said("OK")).isEmpty();
                program.end();
            }
        }
    }
}
