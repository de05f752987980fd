// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.MessagesDiscarded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R-B2, R-B3, R-B4: what was accepted is written, or queued, or reported; also when the peer stops reading and then goes. */
class OutboundAccountingTest {
    private static final byte[] DATA = new byte[10_000];

    @ParameterizedTest
    @EnumSource
    void allThatWasAcceptedIsWrittenOrReported(ConnectionEndTest.End end) throws Exception {
        try (Session session = Session.open()) {
            long accepted = 0;
            while (session.nc.tryPublish("a", DATA)) {
                accepted++;
            }
            // Less and less, as the event loop and the kernel still take some.
            Statistics before = session.nc.statistics();
            long pending = session.nc.pendingMessages();
            Statistics behind = session.nc.statistics();
            assertAddsUp(before);
            assertThat(pending).isPositive().isBetween(behind.outQueued(), before.outQueued());

            end.by(session.peer);
            session.events.await(Closed.class);

            Statistics after = session.nc.statistics();
            assertAddsUp(after);
            assertThat(after.outAccepted()).isEqualTo(accepted);
            assertThat(after.outQueued()).isZero();
            assertThat(after.outQueuedBytes()).isZero();
            assertThat(session.nc.pendingBytes()).isZero();
            assertThat(after.outDiscarded()).isPositive();
            assertReported(session.events, after);
            assertThat(session.events.all()).last().isInstanceOf(Closed.class);
        }
    }

    @Test
    void eachFutureTellsWhetherItsMessageWasWritten() throws Exception {
        try (Session session = Session.open()) {
            List<CompletableFuture<Void>> futures = new ArrayList<>();
            while (session.nc.pendingBytes() < 1 << 20) {
                futures.add(session.nc.publishAsync("a", DATA));
            }
            session.peer.reset();
            session.events.await(Closed.class);

            Statistics statistics = session.nc.statistics();
            int failed = 0;
            for (CompletableFuture<Void> future : futures) {
                Throwable failure = Waiting.failure(future);
                if (failure != null) {
                    assertThat(failure).isInstanceOf(ConnectionClosedException.class);
                    failed++;
                }
            }
            assertThat(failed).isEqualTo((int) statistics.outDiscarded());
            assertThat(futures).hasSize((int) statistics.outAccepted());
        }
    }

    @Test
    void whoeverWaitsForSpaceFailsAndHisMessageIsNotCounted() throws Exception {
        try (Session session =
                Session.open(options -> options.outboundLimit(1 << 20).writeTimeout(Session.LONG))) {
            AtomicLong accepted = new AtomicLong();
            Waiting publish = Waiting.in(() -> {
                while (true) {
                    session.nc.publish("a", DATA);
                    accepted.incrementAndGet();
                }
            });

            session.peer.reset();

            assertThat(publish.failure()).isInstanceOf(ConnectionClosedException.class);
            assertThat(session.nc.statistics().outAccepted()).isEqualTo(accepted.get());
            assertAddsUp(session.nc.statistics());
        }
    }

    @Test
    void itAddsUpAtAnyMomentWhileManyThreadsPublish() throws Exception {
        try (Session session = Session.open(options ->
                options.outboundLimit(1 << 20).writeTimeout(Session.LONG).closeTimeout(Duration.ofMillis(1)))) {
            AtomicLong returned = new AtomicLong();
            CountDownLatch warm = new CountDownLatch(2_000);
            List<Thread> publishers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread publisher = new Thread(() -> {
                    try {
                        while (true) {
                            session.nc.publish("a", DATA);
                            returned.incrementAndGet();
                            warm.countDown();
                        }
                    } catch (ConnectionClosedException e) {
                        // the end of the test
                    }
                });
                publisher.start();
                publishers.add(publisher);
            }
            while (warm.getCount() > 0) {
                session.peer.read(100_000);
                assertAddsUp(session.nc.statistics());
            }
            session.peer.reset();
            for (Thread publisher : publishers) {
                publisher.join(Session.LONG.toMillis());
                assertThat(publisher.isAlive()).isFalse();
            }
            session.events.await(Closed.class);
            Statistics after = session.nc.statistics();
            assertAddsUp(after);
            assertThat(after.outAccepted()).isEqualTo(returned.get());
            assertThat(after.outQueued()).isZero();
            assertReported(session.events, after);
        }
    }

    static void assertReported(EventLog events, Statistics statistics) {
        List<MessagesDiscarded> reports = events.all(MessagesDiscarded.class);
        assertThat(reports.stream().mapToLong(MessagesDiscarded::messages).sum())
                .isEqualTo(statistics.outDiscarded());
        assertThat(reports.stream().mapToLong(MessagesDiscarded::bytes).sum())
                .isEqualTo(statistics.outDiscardedBytes());
        assertThat(reports).allSatisfy(report -> assertThat(report.cause()).isNotNull());
    }

    static void assertAddsUp(Statistics s) {
        assertThat(s.outWritten() + s.outQueued() + s.outDiscarded())
                .as("%s", s)
                .isEqualTo(s.outAccepted());
        assertThat(s.outWrittenBytes() + s.outQueuedBytes() + s.outDiscardedBytes())
                .as("%s", s)
                .isEqualTo(s.outAcceptedBytes());
    }
}
