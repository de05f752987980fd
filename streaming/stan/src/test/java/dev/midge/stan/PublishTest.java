// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.NatsInterruptedException;
import dev.midge.client.PayloadTooLargeException;
import dev.midge.stan.FakeStan.Published;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Acks, deadlines and the window, in virtual time. */
class PublishTest {
    private final FakeStan fake = new FakeStan();

    @AfterEach
    void end() {
        fake.close();
    }

    private static StanPublishException failure(CompletableFuture<String> future) throws Exception {
        try {
            Patience.get(future);
        } catch (ExecutionException e) {
            return (StanPublishException) Objects.requireNonNull(e.getCause());
        }
        throw new AssertionError("it did not fail");
    }

    @Test
    void whatIsSent() throws Exception {
        StanConnection sc = fake.connect(options -> {});
        CompletableFuture<String> future = sc.publishAsync("a.b", "hi");
        Published published = fake.published();
        assertThat(published.message().getClientID()).isEqualTo("client");
        assertThat(published.message().getSubject()).isEqualTo("a.b");
        assertThat(new String(published.message().getData().toArray(), UTF_8)).isEqualTo("hi");
        assertThat(published.message().getConnID().length()).isEqualTo(22);
        assertThat(published.ackInbox()).startsWith("_STAN.acks.").endsWith(published.guid());
        assertThat(future).isNotDone();
        fake.ack(published);
        assertThat(future).isCompletedWithValue(published.guid());
        assertThat(sc.pendingAcks()).isZero();
    }

    @Test
    void acksAreMatchedByGuid() throws Exception {
        StanConnection sc = fake.connect(options -> {});
        CompletableFuture<String> one = sc.publishAsync("c", "1");
        CompletableFuture<String> two = sc.publishAsync("c", "2");
        Published first = fake.published();
        Published second = fake.published();
        fake.ack(first, "somebody else's", "");
        fake.send(first.ackInbox(), new byte[] {(byte) 0xff, 1, 2});
        assertThat(one).isNotDone();
        fake.ack(first, second.guid(), ""); // on the inbox of the other
        assertThat(one).isNotDone();
        assertThat(two).isCompletedWithValue(second.guid());
        fake.ack(first);
        fake.ack(first);
        assertThat(one).isCompletedWithValue(first.guid());
        assertThat(first.guid()).isNotEqualTo(second.guid());
    }

    /** One ack that never comes must not keep what was published behind it until its time is over. */
    @Test
    void whatIsSettledBehindOneThatIsNot() throws Exception {
        StanConnection sc = fake.connect(options -> options.maxPubAcksInFlight(4));
        CompletableFuture<String> lost = sc.publishAsync("c", "lost");
        fake.published();
        for (int i = 0; i < 50; i++) {
            CompletableFuture<String> acked = sc.publishAsync("c", "acked");
            fake.ack(fake.published());
            Patience.get(acked);
            assertThat(sc.timedAcks()).isLessThanOrEqualTo(2 * 4);
        }
        assertThat(lost).isNotDone();
        assertThat(sc.pendingAcks()).isEqualTo(1);
        fake.passes(Duration.ofSeconds(30));
        assertThat(failure(lost).getMessage()).contains("no ack came within PT30S");
    }

    @Test
    void anAckThatDoesNotCome() throws Exception {
        StanConnection sc = fake.connect(options -> options.ackTimeout(Duration.ofSeconds(10)));
        CompletableFuture<String> early = sc.publishAsync("c", "1");
        fake.passes(Duration.ofSeconds(6));
        CompletableFuture<String> late = sc.publishAsync("c", "2");
        CompletableFuture<String> acked = sc.publishAsync("c", "3");
        Published first = fake.published();
        fake.published();
        fake.ack(fake.published());
        assertThat(acked).isCompleted();
        fake.passes(Duration.ofMillis(3_999));
        assertThat(early).isNotDone();
        fake.passes(Duration.ofMillis(1));
        StanPublishException e = failure(early);
        assertThat(e)
                .hasMessage("publish to channel c with guid " + first.guid()
                        + ": outcome unknown, it may have been stored: no ack came within PT10S");
        assertThat(e.isOutcomeUnknown()).isTrue();
        assertThat(e.guid()).isEqualTo(first.guid());
        assertThat(late).isNotDone();
        assertThat(sc.pendingAcks()).isEqualTo(1);
        fake.ack(first); // too late
        fake.passes(Duration.ofSeconds(6));
        assertThat(failure(late).isOutcomeUnknown()).isTrue();
        assertThat(sc.pendingAcks()).isZero();
        CompletableFuture<String> behind = sc.publishAsync("c", "4");
        fake.passes(Duration.ofSeconds(10));
        assertThat(behind).as("the timer is armed anew").isCompletedExceptionally();
    }

    @Test
    void theServerRefuses() throws Exception {
        StanConnection sc = fake.connect(options -> {});
        CompletableFuture<String> future = sc.publishAsync("c", "1");
        Published published = fake.published();
        fake.ack(published, "", "stan: too much"); // servers leave the guid out of what they cannot read
        StanPublishException e = failure(future);
        assertThat(e)
                .hasMessage("cannot publish to channel c: the server says \"stan: too much\"; nothing was stored")
                .hasCauseInstanceOf(StanServerException.class);
        assertThat(e.isOutcomeUnknown()).isFalse();
    }

    /** The server says at once that nobody takes it; the streaming server is asked whether it is still there. */
    @Test
    void nobodyTakesIt() throws Exception {
        StanConnection sc = fake.connect(options -> {});
        fake.stopTakingPublishes();
        CompletableFuture<String> future = sc.publishAsync("c", "1");
        fake.barrier();
        assertThat(failure(future))
                .hasMessage("cannot publish to channel c: nobody is subscribed to pub.c; nothing was stored");
        fake.answerPing(new byte[0]);
        assertThat(sc.isActive()).isTrue();
    }

    @Test
    void aFullWindowFails() throws Exception {
        StanConnection sc =
                fake.connect(options -> options.maxPubAcksInFlight(2).publishOverflow(PublishOverflow.FAIL));
        CompletableFuture<String> one = sc.publishAsync("c", "1");
        CompletableFuture<String> two = sc.publishAsync("c", "2");
        CompletableFuture<String> three = sc.publishAsync("c", "3");
        assertThatThrownBy(() -> Patience.get(three))
                .cause()
                .isInstanceOf(StanWindowFullException.class)
                .hasMessage("cannot publish to channel c: 2 acks are outstanding, which is as many as may be"
                        + " (StanOptions.maxPubAcksInFlight); not waited for");
        assertThatThrownBy(() -> sc.publish("c", "4")).isInstanceOf(StanWindowFullException.class);
        fake.ack(fake.published());
        assertThat(one).isCompleted();
        two.cancel(false); // gives its place to another, too
        CompletableFuture<String> five = sc.publishAsync("c", "5");
        CompletableFuture<String> six = sc.publishAsync("c", "6");
        assertThat(sc.pendingAcks()).isEqualTo(2);
        fake.published();
        fake.ack(fake.published());
        fake.ack(fake.published());
        assertThat(five).isCompleted();
        assertThat(six).isCompleted();
    }

    @Test
    void aFullWindowIsWaitedFor() throws Exception {
        StanConnection sc =
                fake.connect(options -> options.maxPubAcksInFlight(1).ackTimeout(Patience.LONG));
        CompletableFuture<String> one = sc.publishAsync("c", "1");
        CompletableFuture<String> two = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            var unused = sc.publishAsync("c", "2").thenAccept(two::complete);
        });
        waiting.start();
        Patience.until("the wait for a place", () -> waiting.getState() == Thread.State.TIMED_WAITING);
        Published first = fake.published();
        assertThat(new String(first.message().getData().toArray(), UTF_8)).isEqualTo("1");
        assertThat(sc.pendingAcks()).isEqualTo(1);
        fake.ack(first);
        assertThat(one).isCompleted();
        fake.ack(fake.published());
        assertThat(Patience.get(two)).isNotEmpty();
        waiting.join();
    }

    /** Nothing was sent, and no place is lost. */
    @Test
    void aFullWindowIsNotWaitedForForever() throws Exception {
        StanConnection sc =
                fake.connect(options -> options.maxPubAcksInFlight(1).ackTimeout(Duration.ofMillis(50)));
        CompletableFuture<String> one = sc.publishAsync("c", "1"); // its time, which is virtual, does not pass
        assertThatThrownBy(() -> Patience.get(sc.publishAsync("c", "2")))
                .cause()
                .isInstanceOf(StanWindowFullException.class)
                .hasMessage("cannot publish to channel c: 1 acks are outstanding, which is as many as may be"
                        + " (StanOptions.maxPubAcksInFlight); waited PT0.05S");
        assertThat(sc.pendingAcks()).isEqualTo(1);
        fake.ack(fake.published());
        assertThat(one).isCompleted();
        CompletableFuture<String> three = sc.publishAsync("c", "3");
        Published last = fake.published();
        assertThat(new String(last.message().getData().toArray(), UTF_8)).isEqualTo("3");
        fake.ack(last);
        assertThat(three).isCompleted();
    }

    @Test
    void theWaitForAPlaceIsInterrupted() throws Exception {
        StanConnection sc =
                fake.connect(options -> options.maxPubAcksInFlight(1).ackTimeout(Patience.LONG));
        CompletableFuture<String> one = sc.publishAsync("c", "1");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> sc.publishAsync("c", "2"))
                .isInstanceOf(NatsInterruptedException.class)
                .hasMessage("publish to channel c: interrupted while waiting for one of 1 outstanding acks;"
                        + " nothing was sent");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(sc.pendingAcks()).isEqualTo(1);
        fake.ack(fake.published());
        assertThat(one).isCompleted();
    }

    /** Also a thread that waits for its ack. */
    @Test
    void theEndSettlesAll() throws Exception {
        StanConnection sc = fake.connect(options -> {});
        CompletableFuture<String> async = sc.publishAsync("c", "1");
        CompletableFuture<String> sync = CompletableFuture.supplyAsync(() -> sc.publish("c", "2"));
        fake.published();
        fake.published();
        fake.close(sc);
        assertThat(failure(async)).hasMessageEndingWith("it may have been stored: the connection was closed");
        assertThatThrownBy(() -> Patience.get(sync)).cause().isInstanceOf(StanPublishException.class);
        assertThat(sc.pendingAcks()).isZero();
        assertThatThrownBy(() -> Patience.get(sc.publishAsync("c", "3"))).hasCauseInstanceOf(StanClosedException.class);
    }

    @Test
    void theEndOfTheNatsConnectionSettlesAll() throws Exception {
        StanConnection sc = fake.connect(options -> {});
        CompletableFuture<String> async = sc.publishAsync("c", "1");
        fake.nc.close();
        assertThat(failure(async)).hasMessageEndingWith("the connection has ended, CONNECTION_CLOSED");
        assertThat(fake.events.next(StanEvent.Closed.class).reason()).isEqualTo(StanEndReason.CONNECTION_CLOSED);
        assertThatThrownBy(() -> sc.publish("c", "2")).isInstanceOf(StanClosedException.class);
        sc.close();
    }

    @Test
    void notOnAnEventLoop() throws Exception {
        StanConnection sc = fake.connect(options -> {});
        for (Runnable blocking : new Runnable[] {
            () -> sc.publish("c", "1"),
            () -> sc.subscribe("c", message -> {}),
            () -> Stan.connect(fake.nc, "test-cluster", "other")
        }) {
            assertThatThrownBy(() -> Patience.get(CompletableFuture.runAsync(
                            blocking, fake.nc.direct().eventLoop())))
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("which an event loop must not");
        }
        assertThat(sc.pendingAcks()).isZero();
    }

    @Test
    void tooLargeForTheServer() throws Exception {
        StanConnection sc = fake.connect(options -> {});
        byte[] large = new byte[Math.toIntExact(fake.nc.serverInfo().maxPayload())];
        assertThatThrownBy(() -> sc.publish("c", large)).isInstanceOf(PayloadTooLargeException.class);
        assertThatThrownBy(() -> sc.publishAsync("c", large)).isInstanceOf(PayloadTooLargeException.class);
        assertThat(sc.pendingAcks()).isZero();
    }
}
