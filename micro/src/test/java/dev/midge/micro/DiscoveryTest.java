// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import static dev.midge.micro.Asking.LONG;
import static dev.midge.micro.Asking.handled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Reconnect;
import dev.midge.protocol.NatsException;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedServerTest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services are found, and what they answer is understood, as far as it can be (ADR-32, R-F14). */
@EmbeddedServerTest
class DiscoveryTest extends ServiceCase {
    private final List<String> malformed = new ArrayList<>();

    DiscoveryTest(EmbeddedServer server) {
        super(server);
    }

    /** Ends with so many answers: nothing depends on how long they take. */
    private Discovery expecting(int answers) {
        return Discovery.of(
                requester,
                DiscoveryOptions.builder()
                        .maxWait(LONG)
                        .stall(LONG)
                        .maxResults(answers)
                        .onMalformed((answer, cause) -> malformed.add(cause.getMessage()))
                        .build());
    }

    private Service start(String name) {
        Service service = Service.builder(name, "1.0.0")
                .description("of " + name)
                .metadata(Map.of("k", "v"))
                .statsData(endpoint -> List.of(1, 2))
                .start(nc);
        service.addGroup("g").addEndpoint("echo", request -> request.respond(request.data()));
        service.addEndpoint(EndpointOptions.builder("none").queueGroupDisabled().build(), request -> {});
        nc.flush(LONG);
        return service;
    }

    @Test
    void byAllByNameAndById() {
        Service one = start("one");
        Service two = start("one");
        Service other = start("other");
        assertThat(expecting(3).ping()).containsExactlyInAnyOrder(one.ping(), two.ping(), other.ping());
        assertThat(expecting(2).ping("one")).containsExactlyInAnyOrder(one.ping(), two.ping());
        assertThat(expecting(2).ping("one", two.id())).isEqualTo(two.ping());
        assertThat(expecting(3).info()).containsExactlyInAnyOrder(one.info(), two.info(), other.info());
        assertThat(expecting(1).info("other")).containsExactly(other.info());
        assertThat(expecting(1).info("one", one.id())).isEqualTo(one.info());
        assertThat(malformed).isEmpty();
    }

    @Test
    void stats() throws Exception {
        Service service = start("one");
        Asking.ask(requester, "g.echo", "x");
        EndpointStats stats = handled(service, 1);
        List<ServiceStats> all = expecting(1).stats();
        assertThat(all).hasSize(1);
        assertThat(all.get(0).started()).isEqualTo(service.stats().started());
        EndpointStats echo = all.get(0).endpoints().get(0);
        assertThat(echo)
                .isEqualTo(new EndpointStats(
                        "echo",
                        "g.echo",
                        "q",
                        1,
                        0,
                        "",
                        stats.processingTime(),
                        stats.processingTime(),
                        List.of(1L, 2L),
                        Map.of()));
        assertThat(all.get(0).endpoints().get(1).queueGroup()).isNull();
        assertThat(expecting(1).stats("one")).isEqualTo(all);
        assertThat(expecting(1).stats("one", service.id())).isEqualTo(all.get(0));
    }

    /** The server says so: nothing is waited for. */
    @Test
    void nobodyIsThere() {
        long start = System.nanoTime();
        assertThat(expecting(5).ping()).isEmpty();
        assertThat(expecting(5).info("one")).isEmpty();
        assertThat(expecting(5).stats("one", "id")).isNull();
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(LONG.toSeconds());
    }

    /** One that does not answer is there, as far as the server knows. */
    @Test
    void nobodyAnswersInTime() {
        requester.subscribe("$SRV.PING");
        Discovery hasty = Discovery.of(
                requester,
                DiscoveryOptions.builder().maxWait(Duration.ofMillis(50)).build());
        assertThat(hasty.ping()).isEmpty();
    }

    @Test
    void noMoreAnswerInTime() {
        Service service = start("one");
        Discovery waiting = Discovery.of(
                requester,
                DiscoveryOptions.builder()
                        .maxWait(LONG)
                        .stall(Duration.ofMillis(50))
                        .build());
        assertThat(waiting.ping()).containsExactly(service.ping());
    }

    @Test
    void anotherPrefix() {
        Service service = Service.builder("one", "1.0.0").controlPrefix("acc").start(nc);
        nc.flush(LONG);
        DiscoveryOptions there = DiscoveryOptions.builder()
                .maxWait(LONG)
                .maxResults(1)
                .controlPrefix("acc")
                .build();
        assertThat(Discovery.of(requester, there).ping()).containsExactly(service.ping());
    }

    private void answer(String subject, String... json) {
        nc.subscribe(subject, request -> {
            for (String one : json) {
                request.respond(one);
            }
        });
        nc.flush(LONG);
    }

    /** As other clients write it: other order, nulls, nothing that may be left out. */
    @Test
    void ofOtherClients() {
        answer("$SRV.INFO", """
                {"name":"go","id":"7","version":"1.0.0","metadata":null,"type":"io.nats.micro.v1.info_response",
                 "description":"","endpoints":[{"name":"e","subject":"s","queue_group":"","metadata":null}]}
                """, """
                {"type":"io.nats.micro.v1.info_response","name":"old","id":"8","version":"1.0.0"}
                """);
        assertThat(expecting(2).info())
                .containsExactly(
                        new ServiceInfo(
                                "go",
                                "7",
                                "1.0.0",
                                Map.of(),
                                "",
                                List.of(new EndpointInfo("e", "s", null, Map.of(), Map.of())),
                                Map.of()),
                        new ServiceInfo("old", "8", "1.0.0", Map.of(), "", List.of(), Map.of()));
    }

    /** What a later version adds is kept. */
    @Test
    void unknownFieldsAreKept() {
        answer("$SRV.STATS", """
                {"type":"io.nats.micro.v1.stats_response","name":"n","id":"7","version":"1.0.0","metadata":{"a":"1"},
                 "started":"2026-01-02T03:04:05.123456789+01:00","later":{"deep":[1,null,true,1.5]},"endpoints":[
                 {"name":"e","subject":"s","queue_group":"q","num_requests":3,"num_errors":1,"last_error":"500:x",
                 "processing_time":9223372036854775807,"average_processing_time":7,"data":"d","p99":12}]}
                """);
        List<ServiceStats> found = expecting(1).stats();
        assertThat(found).hasSize(1);
        ServiceStats stats = found.get(0);
        assertThat(stats.started()).isEqualTo(Instant.parse("2026-01-02T02:04:05.123456789Z"));
        assertThat(stats.unknown()).containsOnlyKeys("later");
        assertThat(stats.unknown().get("later"))
                .hasToString(Map.of("deep", Arrays.asList(1L, null, true, new BigDecimal("1.5")))
                        .toString());
        assertThat(stats.endpoints())
                .containsExactly(new EndpointStats(
                        "e",
                        "s",
                        "q",
                        3,
                        1,
                        "500:x",
                        Duration.ofNanos(Long.MAX_VALUE),
                        Duration.ofNanos(7),
                        "d",
                        Map.of("p99", 12L)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "null",
                "{",
                "{\"type\":\"io.nats.micro.v1.ping_response\"",
                "{\"type\":\"io.nats.micro.v1.info_response\",\"name\":\"n\",\"id\":\"7\",\"version\":\"1\"}",
                "{\"name\":\"n\",\"id\":\"7\",\"version\":\"1\"}",
                "{\"type\":\"io.nats.micro.v1.ping_response\",\"id\":\"7\",\"version\":\"1\"}",
                "{\"type\":\"io.nats.micro.v1.ping_response\",\"name\":7,\"id\":\"7\",\"version\":\"1\"}",
                "{\"type\":\"io.nats.micro.v1.ping_response\",\"name\":\"n\",\"id\":\"7\",\"version\":\"1\",\"metadata\":7}",
                "{\"type\":\"io.nats.micro.v1.ping_response\",\"name\":\"n\",\"id\":\"7\",\"version\":\"1\",\"metadata\":{\"a\":1}}",
                "{\"type\":\"io.nats.micro.v1.ping_response\",\"name\":\"n\",\"id\":\"7\",\"version\":\"1\"} x",
                "{\"a\":\"\\u12"
            })
    void malformedAnswersAreLeftOut(String answer) {
        answer(
                "$SRV.PING",
                answer,
                "{\"type\":\"io.nats.micro.v1.ping_response\",\"name\":\"n\",\"id\":\"7\",\"version\":\"1\"}");
        assertThat(expecting(2).ping()).extracting(ServicePing::id).containsExactly("7");
        assertThat(malformed).singleElement().asString().startsWith("the answer ");
    }

    @Test
    void whatIsWrongIsSaid() {
        answer(
                "$SRV.INFO",
                "{\"type\":\"io.nats.micro.v1.info_response\",\"name\":\"n\",\"id\":\"7\",\"version\":\"1\","
                        + "\"endpoints\":[{\"name\":\"a\",\"subject\":\"s\"},{\"name\":\"b\"}]}",
                "{\"x\":" + "[".repeat(100_000));
        assertThat(expecting(2).info()).isEmpty();
        assertThat(malformed)
                .containsExactly("the answer, endpoints[1], has no subject", "the answer is not a JSON object");
    }

    @Test
    void errorsOfServicesAreLeftOut() {
        nc.subscribe(
                "$SRV.INFO",
                request -> request.respond(Message.to("x")
                        .header("Nats-Service-Error", "too large")
                        .header("Nats-Service-Error-Code", "500")
                        .build()));
        nc.flush(LONG);
        assertThat(expecting(1).info()).isEmpty();
        assertThat(malformed).containsExactly("the service answered 500: too large");
    }

    @Test
    void badArguments() {
        Discovery discovery = Discovery.of(requester);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> discovery.ping("a.b"))
                .withMessageStartingWith("service name \"a.b\": ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> discovery.info("a", ">"))
                .withMessageStartingWith("service id \">\": ");
        DiscoveryOptions.Builder options = DiscoveryOptions.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.maxWait(Duration.ZERO))
                .withMessage("maxWait is PT0S: must be above 0, and at most a day");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.stall(Duration.ofDays(2)))
                .withMessage("stall is PT48H: must be above 0, and at most a day");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.maxResults(0))
                .withMessage("maxResults is 0: must be above 0");
    }

    /** Answers come to where the connection may subscribe. */
    @Test
    void underTheInboxPrefix(EmbeddedServer server) throws Exception {
        CompletableFuture<String> replyTo = new CompletableFuture<>();
        answer("$SRV.PING", "{}");
        nc.subscribe("$SRV.PING", request -> replyTo.complete(String.valueOf(request.replyTo())));
        nc.flush(LONG);
        try (Connection own = Nats.connect(
                Asking.patient().servers(server.url()).inboxPrefix("own").build())) {
            DiscoveryOptions one = DiscoveryOptions.builder()
                    .maxWait(LONG)
                    .maxResults(1)
                    .onMalformed((answer, cause) -> malformed.add(String.valueOf(cause.getMessage())))
                    .build();
            assertThat(Discovery.of(own, one).ping()).isEmpty();
        }
        assertThat(replyTo.get(LONG.toSeconds(), TimeUnit.SECONDS)).startsWith("own.");
        assertThat(malformed).containsExactly("the answer has no type");
    }

    @Test
    void theConnectionIsLostMeanwhile() throws Exception {
        EmbeddedServer own = EmbeddedServer.start();
        try (own;
                Connection lost = Nats.connect(Asking.patient()
                        .servers(own.url())
                        .reconnect(Reconnect.never())
                        .listener(event -> {})
                        .build())) {
            lost.subscribe("$SRV.PING", request -> own.stop());
            DiscoveryOptions patient = DiscoveryOptions.builder().maxWait(LONG).build();
            assertThatThrownBy(() -> Discovery.of(lost, patient).ping())
                    .isInstanceOf(NatsException.class)
                    .hasMessageContaining("$SRV.PING");
        }
    }

    @Test
    void withoutAConnection() {
        requester.close();
        assertThatThrownBy(() -> Discovery.of(requester).ping()).isInstanceOf(NatsException.class);
    }
}
