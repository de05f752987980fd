// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** flush and rtt: a PING and its PONG. */
class FlushTest {
    enum Call {
        FLUSH,
        RTT;

        void on(Connection nc, Duration timeout) {
            switch (this) {
                case FLUSH -> nc.flush(timeout);
                case RTT -> assertThat(nc.rtt(timeout)).isPositive();
            }
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Behind all that was published before. */
    @ParameterizedTest
    @EnumSource
    void waitsForThePong(Call call) throws Exception {
        try (Session session = Session.open()) {
            session.nc.publish("a", "x");
            Waiting waiting = Waiting.in(() -> call.on(session.nc, Session.LONG));
            session.peer.expect("PUB a 1\r\nx\r\nPING\r\n").send("PONG\r\n");
            assertThat(waiting.failure()).isNull();
        }
    }

    /** The PONG of a call that has given up is nobody's: the next call waits for its own. */
    @ParameterizedTest
    @EnumSource
    void timesOut(Call call) throws Exception {
        try (Session session = Session.open()) {
            long start = System.nanoTime();
            assertThatExceptionOfType(NatsTimeoutException.class)
                    .isThrownBy(() -> call.on(session.nc, Duration.ofMillis(30)))
                    .withMessage(call.text() + ": " + session.server.url() + " did not answer PING within PT0.03S");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
            session.peer.expect("PING\r\n");

            CompletableFuture<Void> next = session.nc.flushAsync();
            session.peer.expect("PING\r\n").send("PONG\r\n");
            session.barrier();
            assertThat(next).isNotDone();
            session.peer.send("PONG\r\n");
            next.get(30, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isInterrupted(Call call) throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    assertThatExceptionOfType(NatsInterruptedException.class)
                            .isThrownBy(() -> call.on(session.nc, Session.LONG))
                            .withMessage(
                                    call.text() + ": interrupted while waiting for PONG of " + session.server.url())
                            .withCauseInstanceOf(InterruptedException.class);
                    flag.complete(Thread.interrupted());
                } catch (Throwable e) {
                    flag.completeExceptionally(e);
                }
            });
            thread.start();
            session.peer.expect("PING\r\n");
            thread.interrupt();
            assertThat(flag.get(30, TimeUnit.SECONDS)).as("the flag").isTrue();
            thread.join();
            session.peer.send("PONG\r\n"); // of the one that was interrupted
            session.expectNothingSent();
        }
    }

    /** One that was interrupted before it began waits for nothing. */
    @ParameterizedTest
    @EnumSource
    void isInterruptedAlready(Call call) throws Exception {
        try (Session session = Session.open()) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(NatsInterruptedException.class)
                    .isThrownBy(() -> call.on(session.nc, Session.LONG));
            assertThat(Thread.interrupted()).as("the flag").isTrue();
            session.peer.expect("PING\r\n").send("PONG\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void fails(Call call) throws Exception {
        Session session = Session.open();
        try (session) {
            for (Duration none : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
                assertThatExceptionOfType(IllegalArgumentException.class)
                        .isThrownBy(() -> call.on(session.nc, none))
                        .withMessage("timeout is " + none + ": must be above 0");
            }
            session.expectNothingSent();
        }
        assertThatExceptionOfType(ConnectionClosedException.class).isThrownBy(() -> call.on(session.nc, Session.LONG));
    }

    @Test
    void manyAreAnsweredInOrder() throws Exception {
        try (Session session = Session.open()) {
            List<CompletableFuture<Void>> flushes =
                    List.of(session.nc.flushAsync(), session.nc.flushAsync(), session.nc.flushAsync());
            session.peer.expect("PING\r\nPING\r\nPING\r\n").send("PONG\r\nPONG\r\n");
            flushes.get(0).get(30, TimeUnit.SECONDS);
            flushes.get(1).get(30, TimeUnit.SECONDS);
            session.barrier();
            assertThat(flushes.get(2)).isNotDone();
            session.peer.send("PONG\r\n");
            flushes.get(2).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aPongThatNobodyAskedForIsIgnored() throws Exception {
        try (Session session = Session.open()) {
            session.peer.send("PONG\r\nPONG\r\n");
            session.barrier();
            CompletableFuture<Void> flush = session.nc.flushAsync();
            session.peer.expect("PING\r\n");
            session.barrier();
            assertThat(flush).isNotDone();
            session.peer.send("PONG\r\n");
            flush.get(30, TimeUnit.SECONDS);
        }
    }

    /** R-F12: cancelling the future gives nothing back: the PONG comes all the same, and is the cancelled one's. */
    @Test
    void cancellingLeavesTheOrder() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Void> cancelled = session.nc.flushAsync();
            CompletableFuture<Void> next = session.nc.flushAsync();
            cancelled.cancel(true);
            session.peer.expect("PING\r\nPING\r\n").send("PONG\r\n");
            session.barrier();
            assertThat(next).isNotDone();
            session.peer.send("PONG\r\n");
            next.get(30, TimeUnit.SECONDS);
        }
    }
}
