// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Message;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Messages are stored, or it is said why not, by servers of both versions. */
@NatsServerTest(jetStream = true)
class PublishIT extends StreamCase {
    PublishIT(NatsServer server, NatsServerVersion version) {
        super(server, version);
    }

    private StreamConfigBuilder config() {
        return StreamConfig.builder(name).subjects(name + ".>").storage(StorageType.MEMORY);
    }

    private Message message(String text) {
        return Message.to(name + ".a").data(text).build();
    }

    private static PublishOptions.Builder with() {
        return PublishOptions.builder();
    }

    @Test
    void stores() {
        Stream stream = js.createStream(config().build());
        assertThat(js.publish(name + ".a", "1")).isEqualTo(new PublishAck(name, 1, null, false, null));
        assertThat(js.publish(name + ".b", new byte[] {50}).sequence()).isEqualTo(2);
        PublishAck third = js.publish(
                Message.to(name + ".c").header("k", "v").data("3").replyTo("x").build());
        assertThat(third.sequence()).isEqualTo(3);
        assertThat(stream.message(1).text() + stream.message(2).text()).isEqualTo("12");
        assertThat(stream.message(3).headers().get("k")).isEqualTo("v");
    }

    @Test
    void storesOnceByMessageId() {
        Stream stream = js.createStream(config().build());
        PublishOptions id = with().messageId("m-1").build();
        assertThat(js.publish(message("1"), id).duplicate()).isFalse();
        PublishAck again = js.publish(message("1"), id);
        assertThat(again).isEqualTo(new PublishAck(name, 1, null, true, null));
        assertThat(js.publish(message("2")).duplicate()).isFalse();
        assertThat(stream.info().state().messages()).isEqualTo(2);
    }

    @Test
    void expectations() {
        Stream stream = js.createStream(config().build());
        js.publish(message("1"), with().expectedLastSequence(0).messageId("m-1").build());
        js.publish(
                message("2"),
                with().expectedStream(name).expectedLastSequence(1).build());
        refused(10060, with().expectedStream("other"));
        js.publish(Message.to(name + ".b").build(), with().messageId("m-3").build());
        js.publish(message("4"), with().expectedLastMessageId("m-3").build());
        refused(10070, with().expectedLastMessageId("m-1"));
        js.publish(message("5"), with().expectedLastSubjectSequence(4).build());
        for (PublishOptions.Builder wrong :
                List.of(with().expectedLastSequence(1), with().expectedLastSubjectSequence(1))) {
            assertThatThrownBy(() -> js.publish(message("x"), wrong.build()))
                    .isInstanceOfSatisfying(
                            WrongLastSequenceException.class,
                            e -> assertThat(e.errCode()).isEqualTo(10071))
                    .hasMessage("cannot publish to " + name + ".a: wrong last sequence: 5 (code 400, err_code 10071)");
        }
        assertThat(stream.info().state().lastSeq()).isEqualTo(5);
    }

    private void refused(int errCode, PublishOptions.Builder how) {
        assertThatThrownBy(() -> js.publish(message("x"), how.build()))
                .isInstanceOfSatisfying(
                        JetStreamApiException.class,
                        e -> assertThat(e.errCode()).isEqualTo(errCode));
    }

    @Test
    void expectationsOfOtherSubjects() {
        js.createStream(config().build());
        js.publish(Message.to(name + ".b").build());
        PublishOptions last = with().expectedLastSubjectSequence(1, name + ".*").build();
        if (old) {
            assertThatThrownBy(() -> js.publish(message("x"), last)).isInstanceOf(ServerTooOldException.class);
            return;
        }
        assertThat(js.publish(message("2"), last).sequence()).isEqualTo(2);
        assertThatThrownBy(() -> js.publish(message("3"), last)).isInstanceOf(WrongLastSequenceException.class);
    }

    @Test
    void rollups() {
        Stream stream = js.createStream(config().allowRollupHdrs(true).build());
        js.publish(message("1"));
        js.publish(Message.to(name + ".b").build());
        js.publish(message("3"), with().rollup(Rollup.SUBJECT).build());
        assertThat(stream.info().state().messages()).isEqualTo(2);
        js.publish(message("4"), with().rollup(Rollup.ALL).build());
        assertThat(stream.info().state().messages()).isEqualTo(1);
    }

    @Test
    void timeToLive() {
        PublishOptions second = with().ttl(Duration.ofSeconds(1)).build();
        if (old) {
            js.createStream(config().build());
            assertThatThrownBy(() -> js.publish(message("x"), second))
                    .isInstanceOf(ServerTooOldException.class)
                    .hasMessage(
                            "cannot publish to " + name + ".a: Nats-TTL needs a server of 2.11 (API level 1) or newer, "
                                    + server.url() + " is of 2.9.10");
            return;
        }
        Stream stream = js.createStream(config().allowMsgTtl(true).build());
        js.publish(message("1"), second);
        js.publish(message("2"), with().neverExpires().build());
        Patience.until("the end of the first", () -> stream.info().state().messages() == 1);
        assertThat(stream.message(2).headers().get("Nats-TTL")).isEqualTo("never");
        Stream without = js.createStream(
                StreamConfig.builder(name + "-n").subjects(name + "n").build());
        assertThatThrownBy(() -> js.publish(Message.to(name + "n").build(), second))
                .isInstanceOfSatisfying(
                        JetStreamApiException.class,
                        e -> assertThat(e.errCode()).isEqualTo(10166));
        assertThat(without.info().state().messages()).isZero();
    }

    @Test
    void nobodyTakesIt() {
        JetStream hasty = JetStream.of(
                nc,
                JetStreamOptions.builder()
                        .timeout(Patience.LONG)
                        .publishRetries(3, Duration.ofMillis(1))
                        .build());
        assertThatThrownBy(() -> hasty.publish(name + ".a", "x"))
                .isInstanceOfSatisfying(
                        NoStreamException.class, e -> assertThat(e.attempts()).isEqualTo(4));
        assertThat(hasty.publishRetries()).isEqualTo(3);
    }

    /** A message waits for its stream as it does for a leader. */
    @Test
    void aStreamThatComesLate() throws Exception {
        JetStream patient = JetStream.of(
                nc,
                JetStreamOptions.builder()
                        .timeout(Patience.LONG)
                        .publishRetries(-1, Duration.ofMillis(20))
                        .build());
        CompletableFuture<PublishAck> ack = patient.publishAsync(message("x"));
        Patience.until("a retry", () -> patient.publishRetries() > 0);
        js.createStream(config().build());
        assertThat(ack.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS).sequence())
                .isEqualTo(1);
    }

    /** A stream that does not ack stores it nevertheless: nobody knows. */
    @Test
    void noAcks() {
        Stream stream = js.createStream(config().noAck(true).build());
        assertThatThrownBy(() -> js.publish(
                        message("x"), with().timeout(Duration.ofMillis(50)).build()))
                .isInstanceOf(PublishOutcomeUnknownException.class);
        Patience.until("the message", () -> stream.info().state().messages() == 1);
    }

    /** In the order of the calls, and never more outstanding than the window says (R-E7). */
    @Test
    void manyWithoutWaiting() throws Exception {
        js.createStream(config().build());
        JetStream windowed = JetStream.of(
                nc,
                JetStreamOptions.builder()
                        .timeout(Patience.LONG)
                        .publishWindow(100)
                        .build());
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        int most = 0;
        for (int i = 0; i < 5_000; i++) {
            acks.add(windowed.publishAsync(message("m" + i)));
            most = Math.max(most, windowed.pendingAcks());
        }
        for (int i = 0; i < acks.size(); i++) {
            assertThat(acks.get(i)
                            .get(Patience.LONG.toSeconds(), TimeUnit.SECONDS)
                            .sequence())
                    .isEqualTo(i + 1);
        }
        assertThat(most).isLessThanOrEqualTo(100);
        assertThat(windowed.pendingAcks()).isZero();
    }

    /** Eight threads share a window of ten: the eleventh waits, whoever it is (R-E7). */
    @Test
    void theWindowOfManyThreads() throws Exception {
        Stream stream = js.createStream(config().build());
        JetStream windowed = JetStream.of(
                nc,
                JetStreamOptions.builder()
                        .timeout(Patience.LONG)
                        .publishWindow(10)
                        .build());
        AtomicInteger most = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Void>> done = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                String subject = name + "." + t;
                done.add(threads.submit(() -> {
                    List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
                    for (int i = 0; i < 500; i++) {
                        acks.add(windowed.publishAsync(subject, "m" + i));
                        most.accumulateAndGet(windowed.pendingAcks(), Math::max);
                    }
                    long before = 0;
                    for (CompletableFuture<PublishAck> ack : acks) {
                        long sequence = ack.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS)
                                .sequence();
                        assertThat(sequence).isGreaterThan(before);
                        before = sequence;
                    }
                    return null;
                }));
            }
            for (Future<Void> each : done) {
                each.get(2 * Patience.LONG.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(most.get()).isBetween(1, 10);
        assertThat(stream.info().state().messages()).isEqualTo(4_000);
    }

    @Test
    void whatTheServerDoesNotTake() {
        js.createStream(config().maxMsgSize(5).build());
        assertThatThrownBy(() -> js.publish(message("123456")))
                .isInstanceOfSatisfying(
                        JetStreamApiException.class,
                        e -> assertThat(e.errCode()).isEqualTo(10054));
        assertThat(js.publish(message("12345")).sequence()).isEqualTo(1);
    }
}
