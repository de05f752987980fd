// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import static dev.midge.micro.Asking.ask;
import static dev.midge.micro.Asking.askJson;
import static dev.midge.micro.Asking.endpointJson;
import static dev.midge.micro.Asking.handled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Subscription;
import dev.midge.protocol.internal.Json;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedServerTest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Services by ADR-32: what they answer, and what they tell of themselves. R-F14. */
@EmbeddedServerTest
class ServiceTest {
    private final Connection nc;

    ServiceTest(EmbeddedServer server) {
        nc = Asking.connect(server.url());
    }

    @AfterEach
    void close() {
        nc.close();
    }

    @Test
    void answersBytesTextAndMessages() {
        Service service = Service.builder("demo", "1.0.0").start(nc);
        service.addEndpoint("bytes", request -> request.respond(request.data()));
        service.addEndpoint("text", request -> request.respond("hello " + request.text()));
        service.addEndpoint(
                "message",
                request -> request.respond(Message.to("ignored")
                        .header("Trace", String.valueOf(request.headers().get("Trace")))
                        .data(request.subject())
                        .build()));
        assertThat(ask(nc, "bytes", "x").text()).isEqualTo("x");
        assertThat(ask(nc, "text", "joe").text()).isEqualTo("hello joe");
        Message answer = ask(nc, Message.to("message").header("Trace", "7"));
        assertThat(answer.text()).isEqualTo("message");
        assertThat(answer.headers().get("Trace")).isEqualTo("7");
        assertThat(answer.headers().contains("Nats-Service-Error")).isFalse();
    }

    @Test
    void groupsPrefixSubjectsAndNamesAreTheDefault() {
        Service service = Service.builder("demo", "1.0.0").start(nc);
        ServiceGroup math = service.addGroup("math");
        ServiceGroup deep = math.addGroup("v2").addGroup("").addGroup("*.x");
        assertThat(service.addEndpoint("a", request -> {}).subject()).isEqualTo("a");
        assertThat(math.addEndpoint("sum", request -> request.respond("sum")).subject())
                .isEqualTo("math.sum");
        EndpointOptions all = EndpointOptions.builder("all").subject("b.>").build();
        assertThat(deep.addEndpoint(all, request -> request.respond(request.subject()))
                        .subject())
                .isEqualTo("math.v2.*.x.b.>");
        assertThat(deep.prefix()).isEqualTo("math.v2.*.x");
        assertThat(ask(nc, "math.sum", "").text()).isEqualTo("sum");
        assertThat(ask(nc, "math.v2.7.x.b.c.d", "").text()).isEqualTo("math.v2.7.x.b.c.d");
    }

    @Test
    void queueGroupsAreInheritedOverriddenAndDisabled() {
        Service byDefault = Service.builder("demo", "1.0.0").start(nc);
        assertThat(queueOf(byDefault.addGroup("g"), "a")).isEqualTo("q");

        Service service = Service.builder("demo", "1.0.0").queueGroup("s").start(nc);
        ServiceGroup same = service.addGroup("same");
        ServiceGroup other =
                same.addGroup(GroupOptions.builder("other").queueGroup("g").build());
        ServiceGroup none =
                other.addGroup(GroupOptions.builder("none").queueGroupDisabled().build());
        assertThat(queueOf(same, "a")).isEqualTo("s");
        assertThat(queueOf(other, "a")).isEqualTo("g");
        assertThat(queueOf(none.addGroup("inner"), "a")).isNull();
        EndpointOptions own = EndpointOptions.builder("b").queueGroup("e").build();
        assertThat(none.addEndpoint(own, request -> {}).queueGroup()).isEqualTo("e");
        EndpointOptions off = EndpointOptions.builder("c").queueGroupDisabled().build();
        assertThat(other.addEndpoint(off, request -> {}).queueGroup()).isNull();

        Service disabled = Service.builder("demo", "1.0.0").queueGroupDisabled().start(nc);
        assertThat(queueOf(disabled.addGroup("g"), "a")).isNull();
        assertThat(queueOf(
                        disabled.addGroup(
                                GroupOptions.builder("g").queueGroup("x").build()),
                        "a"))
                .isEqualTo("x");
    }

    private static @Nullable String queueOf(ServiceGroup group, String name) {
        return group.addEndpoint(name, request -> {}).queueGroup();
    }

    /** On the wire: one of a queue group gets a request, all get it without one. */
    @Test
    void queueGroupsShareRequests() throws Exception {
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        EndpointOptions plain =
                EndpointOptions.builder("all").queueGroupDisabled().build();
        for (String instance : List.of("1", "2", "3")) {
            Service service = Service.builder("demo", "1.0.0").start(nc);
            service.addEndpoint("one", request -> got.add("one"));
            service.addEndpoint(plain, request -> got.add("all " + instance));
        }
        nc.publish("one", "");
        assertThat(got.poll(30, TimeUnit.SECONDS)).isEqualTo("one");
        nc.publish("all", "");
        assertThat(List.of(take(got), take(got), take(got))).containsExactlyInAnyOrder("all 1", "all 2", "all 3");
        assertThat(got).isEmpty();
    }

    private static String take(BlockingQueue<String> queue) throws InterruptedException {
        return String.valueOf(queue.poll(30, TimeUnit.SECONDS));
    }

    private Service described() {
        Service service = Service.builder("demo", "1.2.3-rc.1+b")
                .description("Says \"hello\"")
                .metadata(Map.of("region", "eu"))
                .statsData(endpoint -> endpoint.name().equals("echo") ? Map.of("asked", endpoint.subject()) : null)
                .start(nc);
        EndpointOptions echo = EndpointOptions.builder("echo")
                .subject("e.*")
                .metadata(Map.of("format", "text"))
                .build();
        service.addGroup("g").addEndpoint(echo, request -> request.respond(request.data()));
        service.addEndpoint(EndpointOptions.builder("none").queueGroupDisabled().build(), request -> {});
        return service;
    }

    private static Map<String, Object> standard(Service service, String type) {
        return new HashMap<>(Map.of(
                "type",
                "io.nats.micro.v1." + type + "_response",
                "name",
                "demo",
                "id",
                service.id(),
                "version",
                "1.2.3-rc.1+b",
                "metadata",
                Map.of("region", "eu")));
    }

    private List<String> controlSubjects(Service service, String verb) {
        return List.of("$SRV." + verb, "$SRV." + verb + ".demo", "$SRV." + verb + ".demo." + service.id());
    }

    /** Exactly the fields of facts/micro.md, on all nine subjects. */
    @Test
    void ping() {
        Service service = described();
        for (String subject : controlSubjects(service, "PING")) {
            assertThat(askJson(nc, subject)).as(subject).isEqualTo(standard(service, "ping"));
        }
    }

    @Test
    void info() {
        Service service = described();
        Map<String, Object> expected = standard(service, "info");
        expected.put("description", "Says \"hello\"");
        expected.put(
                "endpoints",
                List.of(
                        endpointJson("echo", "g.e.*", "q", "metadata", Map.of("format", "text")),
                        endpointJson("none", "none", "", "metadata", Map.of())));
        for (String subject : controlSubjects(service, "INFO")) {
            assertThat(askJson(nc, subject)).as(subject).isEqualTo(expected);
        }
        EndpointInfo echo = service.info().endpoints().get(0);
        assertThat(echo).isEqualTo(new EndpointInfo("echo", "g.e.*", "q", Map.of("format", "text"), Map.of()));
    }

    @Test
    void stats() throws Exception {
        Instant before = Instant.now();
        Service service = described();
        ask(nc, "g.e.1", "x");
        ask(nc, "g.e.2", "x");
        EndpointStats echo = handled(service, 2);
        assertThat(echo.processingTime()).isPositive();
        Map<String, Object> expected = standard(service, "stats");
        expected.put("started", service.stats().started().toString());
        expected.put(
                "endpoints",
                List.of(
                        endpointJson(
                                "echo",
                                "g.e.*",
                                "q",
                                "num_requests",
                                2L,
                                "num_errors",
                                0L,
                                "last_error",
                                "",
                                "processing_time",
                                echo.processingTime().toNanos(),
                                "average_processing_time",
                                echo.processingTime().toNanos() / 2,
                                "data",
                                Map.of("asked", "g.e.*")),
                        endpointJson(
                                "none",
                                "none",
                                "",
                                "num_requests",
                                0L,
                                "num_errors",
                                0L,
                                "last_error",
                                "",
                                "processing_time",
                                0L,
                                "average_processing_time",
                                0L)));
        for (String subject : controlSubjects(service, "STATS")) {
            assertThat(askJson(nc, subject)).as(subject).isEqualTo(expected);
        }
        assertThat(service.stats().started()).isBetween(before, Instant.now());
        assertThat(service.stats().started().toString()).endsWith("Z");
    }

    /** A service that was given nothing has empty objects and arrays, not nulls. */
    @Test
    void nothingGiven() {
        Service service = Service.builder("bare", "0.0.1").start(nc);
        Map<String, @Nullable Object> info = askJson(nc, "$SRV.INFO.bare");
        assertThat(info).containsEntry("metadata", Map.of()).containsEntry("endpoints", List.of());
        assertThat(info).containsEntry("description", "");
        assertThat(askJson(nc, "$SRV.STATS.bare." + service.id())).containsEntry("endpoints", List.of());
    }

    @Test
    void theyAreNotAskedForByAnyOtherName() {
        Service service = described();
        Service other = Service.builder("other", "1.0.0").start(nc);
        for (String subject : new String[] {
            "$SRV.PING.DEMO", "$SRV.PING.demo.x", "$SRV.PING.other." + service.id(), "$SRV.ping", "$SRV.SCHEMA.demo"
        }) {
            // nobody listens, as the server says
            assertThat(ask(nc, subject, "").headers().status()).as(subject).isNotNull();
        }
        assertThat(askJson(nc, "$SRV.PING.other")).containsEntry("id", other.id());
    }

    @Test
    void allInstancesAnswer() throws Exception {
        Service first = described();
        Service second = described();
        try (Subscription inbox = nc.subscribe("inbox")) {
            nc.publish(Message.to("$SRV.PING.demo").replyTo("inbox").build());
            assertThat(List.of(idOf(inbox), idOf(inbox))).containsExactlyInAnyOrder(first.id(), second.id());
        }
        assertThat(first.id()).isNotEqualTo(second.id());
    }

    private static Object idOf(Subscription inbox) {
        return String.valueOf(Json.parse(inbox.next(Asking.LONG).data()).get("id"));
    }

    @Test
    void anotherPrefix() {
        Service service =
                Service.builder("demo", "1.0.0").controlPrefix("acc.SRV").start(nc);
        assertThat(askJson(nc, "acc.SRV.PING.demo." + service.id())).containsEntry("id", service.id());
        assertThat(ask(nc, "$SRV.PING", "").headers().status()).isNotNull();
    }

    @Test
    void resetCountsFromZero() throws Exception {
        Service service = described();
        ask(nc, "g.e.1", "x");
        handled(service, 1);
        Instant before = Instant.now();
        service.reset();
        ServiceStats stats = service.stats();
        assertThat(stats.started()).isBetween(before, Instant.now());
        assertThat(stats.endpoints().get(0))
                .isEqualTo(new EndpointStats(
                        "echo",
                        "g.e.*",
                        "q",
                        0,
                        0,
                        "",
                        Duration.ZERO,
                        Duration.ZERO,
                        Map.of("asked", "g.e.*"),
                        Map.of()));
    }

    @Test
    void metadataIsCopied() {
        Map<String, String> metadata = new HashMap<>(Map.of("a", "1"));
        Service service = Service.builder("demo", "1.0.0").metadata(metadata).start(nc);
        metadata.put("b", "2");
        assertThat(service.ping().metadata()).isEqualTo(Map.of("a", "1"));
        assertThat(askJson(nc, "$SRV.PING")).containsEntry("metadata", Map.of("a", "1"));
    }

    @Test
    void optionsDoNotChangeWithTheirBuilder() {
        EndpointOptions.Builder builder = EndpointOptions.builder("a").queueGroup("first");
        EndpointOptions options = builder.build();
        builder.queueGroup("second").subject("b");
        Service service = Service.builder("demo", "1.0.0").start(nc);
        EndpointInfo info = service.addEndpoint(options, request -> {});
        assertThat(info.queueGroup()).isEqualTo("first");
        assertThat(info.subject()).isEqualTo("a");
    }

    /** Whatever JSON can hold; what it cannot is left out, and told. */
    @Test
    void statsData() {
        BlockingQueue<ServiceError> errors = new LinkedBlockingQueue<>();
        Map<String, Object> data = Map.of(
                "deep",
                List.of(List.of(1, 2), List.of(Map.of("x", true))),
                "number",
                new BigDecimal("1.5"),
                "text",
                "line\n\"\ud800 end");
        Service service = Service.builder("demo", "1.0.0")
                .statsData(endpoint -> switch (endpoint.name()) {
                    case "good" -> data;
                    case "bad" -> new Object();
                    case "nan" -> Double.NaN;
                    case "none" -> null;
                    default -> throw new IllegalStateException("no data");
                })
                .onError(errors::add)
                .start(nc);
        for (String name : List.of("good", "bad", "nan", "none", "throws")) {
            service.addEndpoint(name, request -> {});
        }
        List<?> endpoints =
                (List<?>) Objects.requireNonNull(askJson(nc, "$SRV.STATS.demo").get("endpoints"));
        assertThat(endpoints).hasSize(5);
        assertThat(((Map<?, ?>) endpoints.get(0)).get("data"))
                .isEqualTo(Map.of(
                        "deep",
                        List.of(List.of(1L, 2L), List.of(Map.of("x", true))),
                        "number",
                        new BigDecimal("1.5"),
                        "text",
                        "line\n\"? end"));
        assertThat(endpoints.subList(1, 5)).noneMatch(endpoint -> ((Map<?, ?>) endpoint).containsKey("data"));
        assertThat(errors)
                .extracting(error -> Objects.requireNonNull(error.endpoint()).name() + ": "
                        + error.cause().getMessage())
                .satisfiesExactly(
                        bad -> assertThat(bad).isEqualTo("bad: class java.lang.Object has no JSON"),
                        nan -> assertThat(nan).startsWith("nan: "),
                        thrown -> assertThat(thrown).isEqualTo("throws: no data"));
    }
}
