// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.Nuid;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Consumers are made, changed, listed, paused and deleted; what a server is too old for is refused before it is asked. */
@NatsServerTest(jetStream = true)
class ConsumerManagementIT extends StreamCase {
    /** Nobody answers a reset of no consumer: a test waits for so long in vain. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private Stream stream;

    ConsumerManagementIT(NatsServer server, NatsServerVersion version) {
        super(server, version);
    }

    @BeforeEach
    void makeStream() {
        stream = createStream();
    }

    @Test
    void createsAndTells() {
        Consumer consumer = stream.createConsumer(ConsumerConfig.builder()
                .durable("w")
                .ackWait(Duration.ofSeconds(7))
                .build());

        ConsumerInfo info = Objects.requireNonNull(consumer.lastInfo());
        assertThat(consumer.name()).isEqualTo("w");
        assertThat(consumer.streamName()).isEqualTo(name);
        assertThat(info.unknown()).isEmpty();
        assertThat(info.config().ackPolicy()).isEqualTo(AckPolicy.EXPLICIT);
        assertThat(info.config().ackWait()).isEqualTo(Duration.ofSeconds(7));
        assertThat(info.config().maxAckPending()).isEqualTo(1000);
        assertThat(stream.consumer("w").info().config()).isEqualTo(info.config());
    }

    @Test
    void withoutANameItGetsOne() {
        Consumer consumer = stream.createConsumer(ConsumerConfig.builder().build());
        assertThat(consumer.name()).hasSize(Nuid.LENGTH);
        ConsumerConfig config = Objects.requireNonNull(consumer.lastInfo()).config();
        assertThat(config.durable()).isNull();
        assertThat(config.inactiveThreshold()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void filters() {
        assertThat(filtered(name + ".a")).isEqualTo(name + ".a");
        assertThat(filtered(name + ".*")).isEqualTo(name + ".*");
        assertThat(filtered(name + ".>")).isEqualTo(name + ".>");
    }

    private String filtered(String filter) {
        Consumer consumer = stream.createConsumer(
                ConsumerConfig.builder().filterSubject(filter).build());
        return Objects.requireNonNull(
                Objects.requireNonNull(consumer.lastInfo()).config().filterSubject());
    }

    @Test
    void createRefusesAnotherAndUpdateNeedsOne() {
        assertThatThrownBy(() -> stream.updateConsumer(durable().build()))
                .isInstanceOfSatisfying(
                        JetStreamApiException.class,
                        e -> assertThat(e.errCode()).isEqualTo(old ? 10014 : 10149));
        stream.createConsumer(durable().build());

        assertThatThrownBy(() ->
                        stream.createConsumer(durable().description("other").build()))
                .isInstanceOfSatisfying(
                        JetStreamApiException.class,
                        e -> assertThat(e.errCode()).isEqualTo(10148));
        Consumer changed = stream.updateConsumer(durable().description("other").build());
        assertThat(changed.info().config().description()).isEqualTo("other");
        stream.createOrUpdateConsumer(durable().description("third").build());
        assertThat(changed.info().config().description()).isEqualTo("third");
        assertThat(stream.createOrUpdateConsumer(
                                ConsumerConfig.builder().durable("x").build())
                        .name())
                .isEqualTo("x");
    }

    @Test
    void lists() {
        TreeSet<String> names = new TreeSet<>();
        for (int i = 0; i < 5; i++) {
            names.add("c" + i);
            stream.createOrUpdateConsumer(
                    ConsumerConfig.builder().durable("c" + i).memStorage(true).build());
        }
        assertThat(stream.consumerNames().toList()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(stream.consumers().stream().map(ConsumerInfo::name)).containsExactlyInAnyOrderElementsOf(names);
        assertThat(stream.info().state().consumerCount()).isEqualTo(5);
    }

    @Test
    void deletes() {
        stream.createConsumer(durable().build()).delete();
        assertThatThrownBy(() -> stream.deleteConsumer("w"))
                .isInstanceOf(JetStreamApiException.class)
                .hasMessage("cannot delete consumer w of stream " + name
                        + ": consumer not found (code 404, err_code 10014)");
    }

    @Test
    void pausesAndResumes() {
        Consumer consumer = stream.createConsumer(durable().build());
        Instant until = Instant.parse("2099-01-02T03:04:05.000000006Z");
        if (old) {
            refused(
                    () -> consumer.pause(until),
                    "cannot pause consumer w of stream " + name + ": pause needs a server"
                            + " of 2.11 (API level 1) or newer, " + server.url() + " is of 2.9.10");
            refused(() -> consumer.resume(), "cannot resume");
            return;
        }
        ConsumerPause pause = consumer.pause(until);
        assertThat(pause.paused()).isTrue();
        assertThat(pause.pauseUntil()).isEqualTo(until);
        assertThat(pause.pauseRemaining()).isPositive();
        assertThat(consumer.info().config().pauseUntil()).isEqualTo(until);
        assertThat(consumer.resume().paused()).isFalse();
        assertThat(consumer.info().paused()).isFalse();
    }

    @Test
    void unpins() {
        if (old) {
            Consumer consumer = stream.createConsumer(durable().build());
            refused(
                    () -> consumer.unpin("g"),
                    "cannot unpin group g of consumer w of stream " + name + ": unpin needs");
            return;
        }
        Consumer consumer = stream.createConsumer(durable()
                .priorityGroups("g")
                .priorityPolicy(PriorityPolicy.PINNED_CLIENT)
                .build());
        consumer.unpin("g");
        assertThat(consumer.info().priorityGroups())
                .extracting(PriorityGroupState::group)
                .containsExactly("g");
        assertThatThrownBy(() -> consumer.unpin("h")).isInstanceOf(JetStreamApiException.class);
    }

    @Test
    void resets() {
        Consumer consumer = stream.createConsumer(durable().build());
        if (old) {
            refused(
                    () -> consumer.reset(),
                    "cannot reset consumer w of stream " + name + ": reset needs a server of 2.14");
            refused(() -> consumer.reset(1), "cannot reset");
            return;
        }
        for (int i = 0; i < 5; i++) {
            nc.request(name + ".a", "m", Patience.LONG);
        }
        ConsumerInfo info = consumer.reset(3);
        assertThat(info.resetSeq()).isEqualTo(3);
        assertThat(info.delivered().streamSeq()).isEqualTo(2);
        assertThat(consumer.reset().resetSeq()).isEqualTo(3);
        JetStreamOptions patient = JetStreamOptions.builder().timeout(SILENCE).build();
        Consumer gone = JetStream.of(nc, patient).stream(name).consumer("gone");
        assertThatThrownBy(gone::reset)
                .isInstanceOfSatisfying(
                        JetStreamApiException.class,
                        e -> assertThat(e.errCode()).isEqualTo(10014));
    }

    /** What an old server would ignore without a word (R-E9). */
    @Test
    void newFieldsByVersion() {
        ConsumerConfig config = ConsumerConfig.builder()
                .durable("f")
                .filterSubjects(name + ".a", name + ".b")
                .metadata(Map.of("k", "v"))
                .build();
        if (old) {
            refused(
                    () -> stream.createConsumer(config),
                    "cannot create consumer f of stream " + name + ": filter_subjects needs a server of 2.10 or newer, "
                            + server.url() + " is of 2.9.10");
            assertThat(stream.consumerNames()).isEmpty();
        } else {
            ConsumerConfig made = stream.createConsumer(config).info().config();
            assertThat(made.filterSubjects()).containsExactly(name + ".a", name + ".b");
            assertThat(made.metadata()).containsEntry("k", "v");
        }
    }

    @Test
    void newFieldsOfStreamsByVersion() {
        StreamConfig config = StreamConfig.builder(name + "-n")
                .subjects(name + "n.>")
                .allowMsgTtl(true)
                .subjectDeleteMarkerTtl(Duration.ofSeconds(2))
                .allowAtomic(true)
                .allowBatched(true)
                .compression(StoreCompression.S2)
                .build();
        JetStream js = Patience.jetStream(nc);
        if (old) {
            refused(
                    () -> js.createStream(config),
                    "cannot create stream " + name + "-n: allow_batched needs a server"
                            + " of 2.14 (API level 4) or newer, " + server.url() + " is of 2.9.10");
        } else {
            StreamConfig made = js.createStream(config).info().config();
            assertThat(made.allowBatched() && made.allowAtomic() && made.allowMsgTtl())
                    .isTrue();
            assertThat(made.compression()).isEqualTo(StoreCompression.S2);
            js.deleteStream(name + "-n");
        }
    }

    @Test
    void clusterOnly() {
        Consumer consumer = stream.createConsumer(durable().build());
        assertThatThrownBy(consumer::stepDownLeader).isInstanceOf(JetStreamException.class);
        if (old) {
            refused(() -> consumer.removePeer("n"), "cannot remove peer n of consumer w of stream " + name);
            refused(() -> consumer.stepDownLeader(Placement.inCluster("c")), "cannot step down");
        }
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(ServerTooOldException.class).hasMessageStartingWith(message);
    }

    private static ConsumerConfigBuilder durable() {
        return ConsumerConfig.builder().durable("w");
    }
}
