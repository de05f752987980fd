// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.MessagesDiscarded;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a connection by close(). R-A7: the leak check behind each test sees that nothing is left of it. */
class CloseTest {
    private static final byte[] DATA = new byte[10_000];

    @Test
    void whatIsQueuedIsWrittenAndConfirmed() throws Exception {
        int count = 500; // 5 MB: within the outbound limit
        try (Session session = Session.open(options -> options.closeTimeout(Session.LONG))) {
            for (int i = 0; i < count; i++) {
                session.nc.publish("a", DATA);
            }
            CompletableFuture<Void> closed = session.nc.closeAsync();
            for (int i = 0; i < count; i++) {
                session.peer.expect("PUB a 10000\r\n").expect(DATA).expect("\r\n");
            }
            session.peer.expect("PING\r\n");
            assertThat(closed).isNotDone();
            session.peer.send("PONG\r\n").expectEnd();

            assertThat(Waiting.failure(closed)).isNull();
            Closed event = session.events.await(Closed.class);
            assertThat(event.reason()).isEqualTo(EndReason.CLOSED_BY_USER);
            assertThat(event.cause()).isNull();
            assertThat(session.events.all(MessagesDiscarded.class)).isEmpty();
            assertThat(session.nc.statistics().outWritten()).isEqualTo(count);
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CLOSED);
        }
    }

    @Test
    void nothingIsTakenOnceItHasBegun() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Session.LONG))) {
            CompletableFuture<Void> closed = session.nc.closeAsync();
            session.peer.expect("PING\r\n");
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CLOSING);
            assertThatExceptionOfType(ConnectionClosedException.class).isThrownBy(() -> session.nc.publish("a", DATA));
            assertThatExceptionOfType(ConnectionClosedException.class).isThrownBy(() -> session.nc.subscribe("a"));
            assertThatExceptionOfType(ConnectionClosedException.class).isThrownBy(() -> session.nc.flush(Session.LONG));
            session.peer.send("PONG\r\n").expectEnd();
            assertThat(Waiting.failure(closed)).isNull();
        }
    }

    @Test
    void manyTimesAndFromManyThreadsIsOnce() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Session.LONG))) {
            List<Waiting> closers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                closers.add(Waiting.in(session.nc::close));
            }
            List<CompletableFuture<Void>> futures = List.of(session.nc.closeAsync(), session.nc.closeAsync());
            futures.get(0).cancel(true); // is the caller's alone
            session.peer.expect("PING\r\n").send("PONG\r\n").expectEnd();
            for (Waiting closer : closers) {
                assertThat(closer.failure()).isNull();
            }
            assertThat(Waiting.failure(futures.get(1))).isNull();
            session.nc.close();
            assertThat(Waiting.failure(session.nc.closeAsync())).isNull();
            session.events.await(Closed.class);
            assertThat(session.events.all(Closed.class)).hasSize(1);
            assertThat(new String(session.server.received(1), StandardCharsets.UTF_8))
                    .endsWith("}\r\nPING\r\nPING\r\n");
        }
    }

    @Test
    void aPublishThatWaitsForSpaceFails() throws Exception {
        try (Session session = Session.open(options ->
                options.outboundLimit(1 << 20).writeTimeout(Session.LONG).closeTimeout(Duration.ofMillis(100)))) {
            Waiting publish = Waiting.in(() -> {
                while (true) {
                    session.nc.publish("a", DATA);
                }
            });
            session.nc.close();
            assertThat(publish.failure()).isInstanceOf(ConnectionClosedException.class);
            Statistics statistics = session.nc.statistics();
            OutboundAccountingTest.assertAddsUp(statistics);
            assertThat(statistics.outQueued()).isZero();
            assertThat(session.events.await(Closed.class).reason()).isEqualTo(EndReason.CLOSED_BY_USER);
            OutboundAccountingTest.assertReported(session.events, statistics);
        }
    }

    @Test
    void whoeverWaitsForAMessageIsToldAndWhatIsPendingIsDropped() throws Exception {
        try (Session session = Session.open()) {
            Subscription idle = session.pull("a");
            Subscription full = session.pull("b");
            Received published = new Received(Long.MAX_VALUE);
            session.pull("c").publisher().subscribe(published);
            session.peer.send(Session.msgs("b", full.sid(), 0, 10));
            session.barrier();
            Waiting next = Waiting.in(() -> idle.next(Session.LONG));

            CompletableFuture<Void> closed = session.nc.closeAsync();
            session.peer.expect("PING\r\n").send("PONG\r\n");

            assertThat(next.failure())
                    .isInstanceOf(SubscriptionClosedException.class)
                    .hasNoCause();
            assertThat(published.awaitEnd()).isNull();
            assertThat(Waiting.failure(closed)).isNull();
            assertThatExceptionOfType(SubscriptionClosedException.class).isThrownBy(() -> full.next(Duration.ZERO));
            assertThat(full.droppedMessages()).isEqualTo(10);
            assertThat(full.pendingMessages()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 200})
    void aSilentPeerHoldsItUpForTheCloseTimeoutAtMost(long millis) throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Duration.ofMillis(millis)))) {
            Waiting flush = Waiting.in(() -> session.nc.flush(Session.LONG));
            long begin = System.nanoTime();
            session.nc.close();
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(took)
                    .isBetween(
                            Duration.ofMillis(millis), Duration.ofMillis(millis).plusSeconds(20));
            assertThat(flush.failure()).isInstanceOf(ConnectionClosedException.class);
            assertThat(session.events.await(Closed.class).reason()).isEqualTo(EndReason.CLOSED_BY_USER);
        }
    }

    @Test
    void aPeerThatGoesMeanwhileEndsItToo() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Session.LONG))) {
            CompletableFuture<Void> closed = session.nc.closeAsync();
            session.peer.expect("PING\r\n").reset();
            assertThat(Waiting.failure(closed)).isNull();
            assertThat(session.events.await(Closed.class).reason()).isEqualTo(EndReason.CLOSED_BY_USER);
        }
    }

    /** Whoever closes wants it closed: bounded by the timeout, and the flag is kept. */
    @Test
    void anInterruptedThreadWaitsAllTheSame() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Session.LONG))) {
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            Thread closer = new Thread(() -> {
                session.nc.close();
                flag.complete(Thread.interrupted());
            });
            closer.start();
            session.peer.expect("PING\r\n");
            closer.interrupt();
            Eventually.isTrue(
                    "the thread to wait again",
                    () -> closer.getState() == Thread.State.WAITING && !closer.isInterrupted());
            assertThat(flag).isNotDone();
            session.peer.send("PONG\r\n").expectEnd();
            assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
            closer.join();
        }
    }
}
