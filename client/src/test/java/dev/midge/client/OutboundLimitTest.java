// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.midge.protocol.NatsException;
import dev.midge.transport.EventLoops;
import dev.midge.transport.TransportKind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** R-B5, R-B6: what happens when the server does not read. */
class OutboundLimitTest {
    private static final int LIMIT = 64 << 10;
    private static final long STAYS_FULL_NANOS = 300_000_000;
    private static final byte[] DATA = new byte[8 << 10];
    private static final String FRAME = "PUB a " + DATA.length + "\r\n";

    /** Says the limit, what is pending, and how long it waited. */
    private static final String FULL = "cannot publish to a: \\d+ bytes of \\d+ messages wait for the socket,"
            + " the limit is 65536 bytes \\(Options.outboundLimit\\); ";

    private static Session open(Duration writeTimeout, Consumer<OptionsBuilder> more) throws Exception {
        return Session.open(options -> {
            more.accept(options.outboundLimit(LIMIT).writeTimeout(writeTimeout).closeTimeout(Duration.ZERO));
        });
    }

    private static Session open(Duration writeTimeout) throws Exception {
        return open(writeTimeout, options -> {});
    }

    /** Keeps an event loop from writing: what is published meanwhile waits in the buffer, whatever the kernel does. */
    private static final class Hold implements AutoCloseable {
        private final CountDownLatch over = new CountDownLatch(1);

        Hold(Session session) throws InterruptedException {
            CountDownLatch begun = new CountDownLatch(1);
            session.nc.lifecycle().onLoop(() -> {
                begun.countDown();
                Eventually.isTrue("the end of the hold", () -> over.getCount() == 0);
            });
            Eventually.isDown(begun, "the event loop");
        }

        @Override
        public void close() {
            over.countDown();
        }
    }

    /** Publishes until the buffer takes no more, of which nothing is written; returns how many were taken. */
    private static int fillBuffer(Session session) {
        int count = 0;
        while (session.nc.tryPublish("a", DATA)) {
            count++;
        }
        return count;
    }

    /** Publishes until neither the socket nor the buffer takes any more. */
    private static void fillSocketAndBuffer(Session session) {
        int turns = 0;
        long lastTaken = System.nanoTime();
        // The kernel moves bytes on for a while, by its own timers. Full for good is what stays so.
        while (turns < 50 || System.nanoTime() - lastTaken < STAYS_FULL_NANOS) {
            if (session.nc.tryPublish("a", DATA)) {
                turns = 0;
                lastTaken = System.nanoTime();
            } else {
                CompletableFuture<Void> turn = new CompletableFuture<>();
                session.nc.lifecycle().onLoop(() -> turn.complete(null));
                turn.join();
                turns++;
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private static void drain(Session session, int count) {
        for (int i = 0; i < count; i++) {
            session.peer.expect(FRAME).expect(DATA).expect("\r\n");
        }
    }

    @Test
    void publishWaitsAndThenFails() throws Exception {
        try (Session session = open(Duration.ofMillis(50))) {
            Hold hold = new Hold(session);
            int count = fillBuffer(session);
            long pending = session.nc.pendingBytes();
            assertThat(pending).isPositive().isLessThanOrEqualTo(LIMIT);
            assertThat(pending + FRAME.length() + DATA.length + 2).isGreaterThan(LIMIT);
            assertThat(session.nc.statistics().outQueuedBytes()).isEqualTo(pending);
            assertThat(session.nc.statistics().outQueued()).isEqualTo(session.nc.pendingMessages());
            long start = System.nanoTime();
            assertThatExceptionOfType(OutboundFullException.class)
                    .isThrownBy(() -> session.nc.publish("a", DATA))
                    .withMessageMatching(FULL + "waited PT0.05S, or not at all on an event loop");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
            assertThat(session.nc.tryPublish("a", DATA)).isFalse();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> session.nc.publishAsync("a", DATA).get(30, TimeUnit.SECONDS))
                    .withCauseInstanceOf(OutboundFullException.class)
                    .havingCause()
                    .withMessageMatching(FULL + "not waited for");
            assertThat(session.nc.pendingBytes()).isEqualTo(pending);

            hold.close();
            drain(session, count);
            Eventually.isTrue("room", () -> session.nc.pendingBytes() == 0);
            session.nc.publish("b", "x");
            session.peer.expect("PUB b 1\r\nx\r\n");
            Statistics statistics = session.nc.statistics();
            assertThat(statistics.outAccepted()).isEqualTo(count + 1);
            assertThat(statistics.outDiscarded()).isZero();
        }
    }

    @Test
    void publishDoesNotWaitWithoutTimeout() throws Exception {
        try (Session session = open(Duration.ZERO);
                Hold hold = new Hold(session)) {
            assertThat(hold).isNotNull();
            fillBuffer(session);
            assertThatExceptionOfType(OutboundFullException.class)
                    .isThrownBy(() -> session.nc.publish("a", DATA))
                    .withMessageContaining("waited PT0S");
        }
    }

    @Test
    void publishGoesOnWhenTheServerReadsAgain() throws Exception {
        try (Session session = open(Session.LONG)) {
            Hold hold = new Hold(session);
            int count = fillBuffer(session);
            CompletableFuture<Void> handed = new CompletableFuture<>();
            Thread publisher = new Thread(() -> {
                session.nc.publish("a", DATA);
                handed.complete(null);
            });
            publisher.start();
            Eventually.isTrue("publish to wait", () -> publisher.getState() == Thread.State.TIMED_WAITING);
            hold.close();
            drain(session, count + 1);
            handed.get(30, TimeUnit.SECONDS);
            publisher.join();
        }
    }

    /** R-B5: publishAsync completes when the socket has it, not before. */
    @Test
    void publishAsyncCompletesWithTheSocket() throws Exception {
        try (Session session = open(Session.LONG)) {
            Hold hold = new Hold(session);
            int count = fillBuffer(session);
            CompletableFuture<Void> handed = session.nc.publishAsync("b", new byte[0]); // there is room for a small one
            assertThat(handed).isNotDone();
            hold.close();
            drain(session, count);
            session.peer.expect("PUB b 0\r\n\r\n");
            handed.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void publishIsInterrupted() throws Exception {
        try (Session session = open(Session.LONG)) {
            Hold hold = new Hold(session);
            int count = fillBuffer(session);
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            Thread publisher = new Thread(() -> {
                try {
                    assertThatExceptionOfType(NatsInterruptedException.class)
                            .isThrownBy(() -> session.nc.publish("a", DATA))
                            .withMessage("interrupted while waiting to publish to a")
                            .withCauseInstanceOf(InterruptedException.class);
                    flag.complete(Thread.interrupted());
                } catch (Throwable e) {
                    flag.completeExceptionally(e);
                }
            });
            publisher.start();
            Eventually.isTrue("publish to wait", () -> publisher.getState() == Thread.State.TIMED_WAITING);
            publisher.interrupt();
            assertThat(flag.get(30, TimeUnit.SECONDS)).as("the flag").isTrue();
            publisher.join();
            hold.close();
            drain(session, count);
            session.expectNothingSent();
        }
    }

    /** Neither of the connection nor of another one. */
    @Test
    void publishDoesNotWaitOnAnEventLoop() throws Exception {
        EventLoops loops = EventLoops.own(TransportKind.NIO, 2);
        EventLoops.Lease lease = loops.acquire();
        try (Session full = open(Session.LONG, options -> options.eventLoops(loops));
                Session other = Session.open(options -> options.eventLoops(loops))) {
            CompletableFuture<Throwable> own = failureOnLoop(full, full.nc);
            full.peer.expect("SUB go 1\r\n");
            CompletableFuture<Throwable> others = failureOnLoop(other, full.nc);
            other.peer.expect("SUB go 1\r\n");
            try (Hold hold = new Hold(full)) {
                assertThat(hold).isNotNull();
                other.peer.send(Session.msg("go", 1, ""));
                assertThat(others.get(30, TimeUnit.SECONDS)).isInstanceOf(OutboundFullException.class);
            }
            full.peer.send(Session.msg("go", 1, "")); // while it is handled, nothing is written
            assertThat(own.get(30, TimeUnit.SECONDS)).isInstanceOf(OutboundFullException.class);
        } finally {
            lease.release();
        }
    }

    private static CompletableFuture<Throwable> failureOnLoop(Session session, Connection target) {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Subscription unused = session.nc.direct().subscribe("go", view -> {
            try {
                for (int i = 0; i <= LIMIT / DATA.length; i++) {
                    target.publish("a", DATA);
                }
                failure.complete(new AssertionError("not full"));
            } catch (OutboundFullException e) {
                failure.complete(e);
            }
        });
        return failure;
    }

    /** R-B2: whoever waits is told, and what was queued is reported. */
    @Test
    void theEndIsToldToWhoeverWaits() throws Exception {
        for (boolean lost : new boolean[] {true, false}) {
            try (Session session = open(Session.LONG)) {
                fillSocketAndBuffer(session);
                CompletableFuture<Void> publish = new CompletableFuture<>();
                Thread publisher = new Thread(() -> {
                    try {
                        while (true) { // one may still be accepted, in the place of what could not be written
                            session.nc.publish("a", DATA);
                        }
                    } catch (NatsException e) {
                        publish.completeExceptionally(e);
                    }
                });
                publisher.start();
                Eventually.isTrue("publish to wait", () -> publisher.getState() == Thread.State.TIMED_WAITING);
                if (lost) {
                    session.peer.reset();
                } else {
                    session.nc.close();
                }
                assertThatExceptionOfType(CompletionException.class)
                        .isThrownBy(
                                () -> publish.orTimeout(30, TimeUnit.SECONDS).join())
                        .withCauseInstanceOf(ConnectionClosedException.class);
                publisher.join();
                session.events.await(ConnectionEvent.Closed.class);
                Statistics statistics = session.nc.statistics();
                assertThat(statistics.outQueued()).isZero();
                assertThat(statistics.outDiscarded()).isPositive();
                assertThat(statistics.outWritten() + statistics.outDiscarded()).isEqualTo(statistics.outAccepted());
                assertThat(session.events
                                .await(ConnectionEvent.MessagesDiscarded.class)
                                .messages())
                        .isEqualTo(statistics.outDiscarded());
            }
        }
    }

    @Test
    void oneThatIsLargerThanTheLimitGoesAlone() throws Exception {
        byte[] large = new byte[3 * LIMIT];
        try (Session session = open(Session.LONG)) {
            session.nc.publish("a", large);
            session.peer.expect("PUB a " + large.length + "\r\n").expect(large).expect("\r\n");
        }
    }
}
