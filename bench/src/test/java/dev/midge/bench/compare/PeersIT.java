// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.SubscribeOptions;
import dev.midge.client.Subscription;
import dev.midge.jetstream.AckPolicy;
import dev.midge.jetstream.Consumer;
import dev.midge.jetstream.ConsumerConfig;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamOptions;
import dev.midge.jetstream.StorageType;
import dev.midge.jetstream.StreamConfig;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsStreamingServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The contenders in Go and C: a short turn of each workload gives figures that make sense, and does what it says. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PeersIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final double SECONDS = 0.2;
    private static final int TURNS = 2;
    private static final int SIZE = 128;
    private static final int FED = 2_000;
    private static final int SUBSCRIPTIONS = 10;
    private static final String SUBJECT = "bench.test";
    private static final String STREAM = "BENCH";
    private static final String CONSUMER = "bench";

    private enum Peer {
        NATS_GO("nats.go 1."),
        NATS_C("nats.c "),
        STAN_GO("stan.go 0.");

        private final String client;

        Peer(String client) {
            this.client = client;
        }

        private Path build(Programs programs) throws Programs.CannotBuildException {
            return switch (this) {
                case NATS_GO -> programs.go("natsgo");
                case STAN_GO -> programs.go("stango");
                case NATS_C -> programs.c("natsc");
            };
        }
    }

    /** Of those that can be built here. */
    private static final Map<Peer, Path> BUILT = new EnumMap<>(Peer.class);

    private static final Map<Peer, String> WHY_NOT = new EnumMap<>(Peer.class);

    @BeforeAll
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    static void build() {
        // Of what the machine has: nothing is downloaded while tests run.
        Programs programs =
                new Programs(Path.of("target").toAbsolutePath(), Map.of("GOPROXY", "off", "GOTOOLCHAIN", "local"));
        for (Peer peer : Peer.values()) {
            try {
                BUILT.put(peer, peer.build(programs));
            } catch (Programs.CannotBuildException e) {
                WHY_NOT.put(peer, peer + " is not tried: " + e.getMessage());
            }
        }
    }

    /** Skips the test where it cannot be built, unless the environment has {@code MIDGE_GO=required}. */
    private static String program(Peer peer) {
        Path built = BUILT.get(peer);
        if (built == null) {
            String line = String.valueOf(WHY_NOT.get(peer));
            assertThat(peer == Peer.NATS_C ? null : System.getenv("MIDGE_GO"))
                    .as(line)
                    .isNotEqualTo("required");
            System.out.println("Skipped PeersIT: " + line);
            Assumptions.abort(line);
        }
        return String.valueOf(built);
    }

    private static ContenderProcess start(Peer peer, Workload workload, String url, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(program(peer), "--workload", workload.label(), "--url", url));
        command.addAll(List.of("--subject", SUBJECT));
        command.addAll(List.of(more));
        ContenderProcess process = new ContenderProcess(command);
        assertThat(String.valueOf(process.description().get("client"))).startsWith(peer.client);
        return process;
    }

    private static Connection connect(String url) {
        return Nats.connect(Options.builder()
                .servers(url)
                .connectTimeout(LONG)
                .writeTimeout(LONG)
                .closeTimeout(LONG)
                .build());
    }

    /** What a contender says has all that is to be there, and nothing that cannot be. */
    private static long messages(Peer peer, Workload workload, Map<String, Object> outcome) {
        assertThat(Row.number(outcome, "seconds")).isPositive();
        assertThat(Row.number(outcome, "cpuSeconds")).isNotNegative();
        assertThat(outcome.containsKey("allocatedBytes")).isEqualTo(peer != Peer.NATS_C);
        assertThat(outcome.containsKey("p50Micros")).isEqualTo(workload.isAnswered());
        if (workload.isAnswered()) {
            assertThat(Row.number(outcome, "p50Micros")).isPositive();
            assertThat(Row.number(outcome, "p99Micros")).isGreaterThanOrEqualTo(Row.number(outcome, "p50Micros"));
            assertThat(Row.number(outcome, "p999Micros")).isGreaterThanOrEqualTo(Row.number(outcome, "p99Micros"));
        }
        return (long) Row.number(outcome, "messages");
    }

    /** Takes a turn that is as long as it says. */
    private static long turn(Peer peer, Workload workload, ContenderProcess process) throws Exception {
        process.run(SECONDS);
        Map<String, Object> outcome = process.outcome(SECONDS);
        assertThat(Row.number(outcome, "seconds")).isGreaterThanOrEqualTo(SECONDS);
        return messages(peer, workload, outcome);
    }

    private static Message message(int headers) {
        Message.Builder message = Message.to(SUBJECT).data(new byte[SIZE]);
        for (int i = 1; i <= headers; i++) {
            message.header("Bench-Header-" + i, "value-" + i);
        }
        return message.build();
    }

    private static String[] shape(int headers, String... more) {
        List<String> shape = new ArrayList<>(List.of("--size", "" + SIZE, "--headers", "" + headers));
        shape.addAll(List.of(more));
        return shape.toArray(String[]::new);
    }

    private static void assertShape(Message message, int headers) {
        assertThat(message.data()).hasSize(SIZE).containsOnly('x');
        for (int i = 1; i <= headers; i++) {
            assertThat(message.headers().get("Bench-Header-" + i)).isEqualTo("value-" + i);
        }
        assertThat(message.hasHeaders()).isEqualTo(headers > 0);
    }

    @ParameterizedTest
    @CsvSource({"NATS_GO, 0", "NATS_GO, 3", "NATS_C, 0", "NATS_C, 3"})
    void publishes(Peer peer, int headers) throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection nc = connect(server.url());
                ContenderProcess process = start(peer, Workload.PUBLISH, server.url(), shape(headers))) {
            for (int i = 0; i < TURNS; i++) {
                Subscription first = nc.subscribe(
                        SUBJECT, SubscribeOptions.builder().maxMessages(1).build());
                nc.flush(LONG);
                assertThat(turn(peer, Workload.PUBLISH, process)).isPositive();
                assertShape(first.next(LONG), headers);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NATS_GO, SUBSCRIBE, 0", "NATS_GO, FAN_OUT, 3", "NATS_C, SUBSCRIBE, 3", "NATS_C, FAN_OUT, 0"})
    void receives(Peer peer, Workload workload, int headers) throws Exception {
        int subscriptions = workload == Workload.FAN_OUT ? SUBSCRIPTIONS : 1;
        try (NatsServer server = NatsServer.start();
                Connection nc = connect(server.url());
                ContenderProcess process =
                        start(peer, workload, server.url(), shape(headers, "--subscriptions", "" + subscriptions))) {
            for (int i = 0; i < TURNS; i++) {
                process.run(SECONDS);
                for (int sent = 0; sent < FED; sent++) {
                    nc.publish(message(headers));
                }
                nc.publish(SUBJECT, new byte[0]);
                nc.flush(LONG);
                assertThat(messages(peer, workload, process.outcome(SECONDS))).isEqualTo((long) FED * subscriptions);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NATS_GO", "NATS_C"})
    void publishesAndReceives(Peer peer) throws Exception {
        try (NatsServer server = NatsServer.start();
                ContenderProcess process = start(peer, Workload.PUBLISH_SUBSCRIBE, server.url(), shape(0))) {
            for (int i = 0; i < TURNS; i++) {
                assertThat(turn(peer, Workload.PUBLISH_SUBSCRIBE, process)).isPositive();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NATS_GO, REQUEST, 0", "NATS_GO, REQUEST_MANY, 3", "NATS_C, REQUEST, 3", "NATS_C, REQUEST_MANY, 0"})
    void asks(Peer peer, Workload workload, int headers) throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection nc = connect(server.url())) {
            nc.subscribe(Job.ECHO_SUBJECT, request -> request.respond(request.data()));
            nc.flush(LONG);
            try (ContenderProcess process = start(peer, workload, server.url(), shape(headers, "--in-flight", "8"))) {
                for (int i = 0; i < TURNS; i++) {
                    assertThat(turn(peer, workload, process)).isPositive();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NATS_GO, IDLE", "NATS_GO, CONNECTIONS", "NATS_C, IDLE", "NATS_C, CONNECTIONS"})
    void doesNothing(Peer peer, Workload workload) throws Exception {
        String connections = workload == Workload.CONNECTIONS ? "20" : "1";
        try (NatsServer server = NatsServer.start();
                ContenderProcess process = start(peer, workload, server.url(), "--connections", connections)) {
            for (int i = 0; i < TURNS; i++) {
                assertThat(turn(peer, workload, process)).isZero();
            }
            assertThat(process.status("VmHWM")).isPositive();
            assertThat(process.status("Threads")).isPositive();
        }
    }

    private static Consumer createStream(JetStream js) {
        return js.createStream(StreamConfig.builder(STREAM)
                        .subjects(SUBJECT)
                        .storage(StorageType.MEMORY)
                        .build())
                .createConsumer(ConsumerConfig.builder()
                        .durable(CONSUMER)
                        .ackPolicy(AckPolicy.EXPLICIT)
                        .build());
    }

    private static JetStream jetStream(Connection nc) {
        return JetStream.of(nc, JetStreamOptions.builder().timeout(LONG).build());
    }

    @ParameterizedTest
    @CsvSource({"NATS_GO, 0", "NATS_GO, 3", "NATS_C, 0", "NATS_C, 3"})
    void stores(Peer peer, int headers) throws Exception {
        try (NatsServer server = NatsServer.builder().jetStream().start();
                Connection nc = connect(server.url())) {
            JetStream js = jetStream(nc);
            createStream(js);
            try (ContenderProcess process = start(
                    peer,
                    Workload.JS_PUBLISH,
                    server.url(),
                    shape(headers, "--stream", STREAM, "--storage", "memory", "--in-flight", "64"))) {
                long stored = 0;
                for (int i = 0; i < TURNS; i++) {
                    stored += turn(peer, Workload.JS_PUBLISH, process);
                    assertThat(js.stream(STREAM).info().state().messages()).isEqualTo(stored);
                }
                assertThat(stored).isPositive();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NATS_GO, 0", "NATS_GO, 3", "NATS_C, 0", "NATS_C, 3"})
    void consumes(Peer peer, int headers) throws Exception {
        try (NatsServer server = NatsServer.builder().jetStream().start();
                Connection nc = connect(server.url())) {
            JetStream js = jetStream(nc);
            Consumer consumer = createStream(js);
            try (ContenderProcess process = start(
                    peer,
                    Workload.JS_CONSUME,
                    server.url(),
                    shape(headers, "--stream", STREAM, "--consumer", CONSUMER))) {
                for (int i = 0; i < TURNS; i++) {
                    for (int sent = 0; sent < FED; sent++) {
                        nc.publish(message(headers));
                    }
                    js.publish(SUBJECT, ""); // when that is stored, so is what was published before it
                    process.run(SECONDS);
                    assertThat(messages(peer, Workload.JS_CONSUME, process.outcome(SECONDS)))
                            .isEqualTo(FED);
                    awaitAllAcknowledged(consumer);
                }
            }
        }
    }

    private static void awaitAllAcknowledged(Consumer consumer) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (consumer.info().numAckPending() > 0) {
            assertThat(System.nanoTime() - deadline)
                    .as("the last acks are awaited")
                    .isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "STAN_GO")
    void storesInAChannel(Peer peer) throws Exception {
        try (NatsStreamingServer server = NatsStreamingServer.start();
                ContenderProcess process = start(
                        peer,
                        Workload.STAN_PUBLISH,
                        server.url(),
                        shape(0, "--cluster", "test-cluster", "--in-flight", "64"))) {
            for (int i = 0; i < TURNS; i++) {
                assertThat(turn(peer, Workload.STAN_PUBLISH, process)).isPositive();
            }
        }
    }

    /** Said in the way that the protocol has for it. */
    @ParameterizedTest
    @EnumSource
    void cannotDoEverything(Peer peer) {
        List<String> nowhere = List.of(program(peer), "--workload", "publish", "--url", "nats://127.0.0.1:1");
        assertThatThrownBy(() -> {
                    try (ContenderProcess process = new ContenderProcess(nowhere)) {
                        process.run(SECONDS);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("instead of");
        assertThatThrownBy(() -> {
                    try (ContenderProcess process = new ContenderProcess(List.of(program(peer), "--workloads", "x"))) {
                        process.run(SECONDS);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unknown argument, or one without a value: --workloads");
    }
}
