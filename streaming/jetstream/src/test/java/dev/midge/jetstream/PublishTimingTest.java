// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Message;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.Reconnect;
import dev.midge.jetstream.ScriptedStream.Published;
import dev.midge.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R-E7: deadlines of acks and retries where nobody is there, in virtual time. */
class PublishTimingTest {
    private final VirtualTime time = new VirtualTime();
    private ScriptedStream stream;

    @BeforeEach
    void connect() throws Exception {
        stream = new ScriptedStream(
                "2.15.2",
                options -> options.eventLoops(time.eventLoops())
                        .executor(
                                Runnable::run) // so that what the event loop completes is complete when time has passed
                        .reconnect(Reconnect.builder().wait(Duration.ofDays(1)).build()));
    }

    @AfterEach
    void end() {
        stream.close();
        time.close();
    }

    private JetStream jetStream(Consumer<JetStreamOptions.Builder> change) {
        return stream.jetStream(change);
    }

    private static CompletableFuture<PublishAck> publish(JetStream js, String id, Duration timeout) {
        return js.publishAsync(
                Message.to("s").data("x").build(),
                PublishOptions.builder().messageId(id).timeout(timeout).build());
    }

    private void passes(long millis) throws Exception {
        time.advance(Duration.ofMillis(millis));
    }

    private long sent() {
        return stream.nc.statistics().outAccepted();
    }

    /** Nobody is there; returns when the client knows. */
    private void nobody(Published to) throws Exception {
        stream.status(to, ScriptedStream.NO_RESPONDERS);
        time.settle();
    }

    /** Each has a time of its own, and gives its place back when that is over. */
    @Test
    void eachHasItsOwnDeadline() throws Exception {
        JetStream js = jetStream(options -> options.publishWindow(3).publishOverflow(PublishOverflow.FAIL));
        CompletableFuture<PublishAck> slow = publish(js, "slow", Duration.ofSeconds(9));
        CompletableFuture<PublishAck> fast = publish(js, "fast", Duration.ofSeconds(1));
        passes(500);
        CompletableFuture<PublishAck> later = publish(js, "later", Duration.ofSeconds(1));
        passes(499);
        assertThat(fast).isNotDone();
        passes(51);
        assertThatThrownBy(fast::join)
                .cause()
                .isInstanceOfSatisfying(
                        PublishOutcomeUnknownException.class,
                        e -> assertThat(e.messageId()).isEqualTo("fast"))
                .hasCauseInstanceOf(NatsTimeoutException.class)
                .hasMessage("publish to s with message id fast: outcome unknown, it may have been stored:"
                        + " no ack came within PT1S");
        assertThat(js.pendingAcks()).isEqualTo(2);
        assertThat(later).isNotDone();
        passes(500);
        assertThat(later).isCompletedExceptionally();
        assertThat(slow).isNotDone();
        Published first = stream.published();
        stream.ack(first, 1);
        Patience.until("the ack", slow::isDone);
        assertThat(slow).isCompletedWithValue(new PublishAck("S", 1, null, false, null));

        stream.ack(stream.published(), 2); // too late
        Patience.until("the late ack", () -> stream.nc.statistics().lateReplies() == 1);
        assertThat(js.pendingAcks()).isZero();
    }

    /** By default 250 ms apart, twice (ADR-22). */
    @Test
    void retriesWhereNobodyIsThere() throws Exception {
        JetStream js = jetStream(options -> {});
        CompletableFuture<PublishAck> ack = js.publishAsync("s", "x");
        Published first = stream.published();
        for (int retry = 1; retry <= 2; retry++) {
            nobody(first);
            passes(249);
            assertThat(sent()).isEqualTo(retry);
            passes(51);
            assertThat(sent()).isEqualTo(retry + 1);
            assertThat(js.publishRetries()).isEqualTo(retry);
            assertThat(stream.published()).isEqualTo(first);
        }
        assertThat(ack).isNotDone();
        nobody(first);
        assertThatThrownBy(ack::join)
                .cause()
                .isInstanceOfSatisfying(
                        NoStreamException.class, e -> assertThat(e.attempts()).isEqualTo(3))
                .hasMessage(
                        "cannot publish to s: no stream takes that subject, or it has no leader now, or JetStream is"
                                + " not enabled; published 3 times, nothing was stored");
        passes(60_000);
        assertThat(sent()).isEqualTo(3);
        assertThat(js.pendingAcks()).isZero();
    }

    @Test
    void aRetryIsAcked() throws Exception {
        JetStream js = jetStream(options -> options.publishRetries(1, Duration.ofSeconds(3)));
        CompletableFuture<PublishAck> ack = js.publishAsync("s", "x");
        nobody(stream.published());
        passes(3050);
        stream.ack(stream.published(), 4);
        Patience.until("the ack", ack::isDone);
        assertThat(ack.join().sequence()).isEqualTo(4);
    }

    @Test
    void noRetries() throws Exception {
        JetStream js = jetStream(options -> options.publishRetries(0, Duration.ofSeconds(1)));
        CompletableFuture<PublishAck> ack = js.publishAsync("s", "x");
        nobody(stream.published());
        assertThatThrownBy(ack::join).hasCauseInstanceOf(NoStreamException.class);
        assertThat(js.publishRetries()).isZero();
    }

    /** As often as there is time for, and no longer; its last answer was that nobody was there, so nothing was stored. */
    @Test
    void retriesUntilTheDeadline() throws Exception {
        JetStream js = jetStream(options -> options.publishRetries(-1, Duration.ofSeconds(2)));
        CompletableFuture<PublishAck> ack = publish(js, "m", Duration.ofSeconds(5));
        nobody(stream.published());
        passes(2010);
        nobody(stream.published());
        passes(2010);
        nobody(stream.published());
        passes(970);
        assertThat(ack).isNotDone();
        passes(60);
        assertThatThrownBy(ack::join)
                .cause()
                .isInstanceOfSatisfying(
                        NoStreamException.class, e -> assertThat(e.attempts()).isEqualTo(4));
        assertThat(sent()).isEqualTo(3);
    }

    /** A retry that nobody answers at all is an unknown outcome, at the deadline of the first. */
    @Test
    void theDeadlineIsThatOfTheFirst() throws Exception {
        JetStream js = jetStream(options -> {});
        CompletableFuture<PublishAck> ack = publish(js, "m", Duration.ofSeconds(2));
        nobody(stream.published());
        passes(300);
        stream.published();
        passes(1600);
        assertThat(ack).isNotDone();
        passes(150);
        assertThatThrownBy(ack::join).hasCauseInstanceOf(PublishOutcomeUnknownException.class);
    }

    /** What waits for another server does so until its deadline. */
    @Test
    void theTimeGoesOnWithoutAServer() throws Exception {
        JetStream js = jetStream(options -> options.onDisconnect(OnDisconnect.RETRY));
        CompletableFuture<PublishAck> ack = publish(js, "m", Duration.ofSeconds(2));
        stream.published();
        stream.loseForGood();
        Patience.until("the loss", () -> stream.nc.status() != dev.midge.client.ConnectionStatus.CONNECTED);
        time.settle();
        assertThat(ack).isNotDone();
        passes(2050);
        assertThatThrownBy(ack::join)
                .hasCauseInstanceOf(PublishOutcomeUnknownException.class)
                .hasMessageContaining("no ack came within PT2S");
        assertThat(js.pendingAcks()).isZero();
    }

    /** The loss of a server while a message waits for its next try: it was not stored, and need not be published now. */
    @Test
    void lostWhileARetryWaits() throws Exception {
        JetStream fails = jetStream(options -> {});
        JetStream retries = jetStream(options -> options.onDisconnect(OnDisconnect.RETRY));
        CompletableFuture<PublishAck> failing = publish(fails, "m1", Duration.ofSeconds(9));
        CompletableFuture<PublishAck> waiting = publish(retries, "m2", Duration.ofSeconds(9));
        nobody(stream.published());
        nobody(stream.published());
        stream.loseForGood();
        Patience.until("the failure", failing::isDone);
        assertThatThrownBy(failing::join).hasCauseInstanceOf(dev.midge.client.DisconnectedException.class);
        time.settle();
        assertThat(waiting).isNotDone();
        long before = sent();
        passes(300);
        assertThat(sent()).as("into the buffer").isEqualTo(before + 1);
        stream.nc.close();
        assertThatThrownBy(waiting::join)
                .as("no server was given the second try")
                .hasCauseInstanceOf(dev.midge.client.ConnectionClosedException.class);
    }

    /** Ten thousand of them, each at its time, with no place left behind. */
    @Test
    void manyDeadlines() throws Exception {
        JetStream js = jetStream(options -> options.publishWindow(10_000).publishOverflow(PublishOverflow.FAIL));
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            acks.add(publish(js, "m" + i, Duration.ofMillis(1 + i * 7919L % 10_000)));
        }
        assertThat(js.pendingAcks()).isEqualTo(10_000);
        for (int now = 100; now <= 10_100; now += 100) {
            passes(100);
            for (int i = 0; i < acks.size(); i++) {
                long at = 1 + i * 7919L % 10_000;
                boolean done = acks.get(i).isDone();
                if (done ? at > now : at + 50 <= now) {
                    throw new AssertionError("at " + now + " ms that of " + at + " ms: " + acks.get(i));
                }
            }
        }
        assertThat(js.pendingAcks()).isZero();
    }
}
