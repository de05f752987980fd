// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.testkit.Fault;
import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R-A5 (what does not need reconnect), R-B5: a network that takes everything and answers nothing. */
@NatsServerTest
class BlackHoleIT {
    private static final Duration LONG = Session.LONG;
    private static final Duration WRITE_TIMEOUT = Duration.ofMillis(100);

    /** Of a machine that has other things to do. */
    private static final Duration LATE = Duration.ofSeconds(20);

    private static final int LIMIT = 256 << 10;

    private final NatsServer server;
    private final EventLog events = new EventLog();
    private FrameProxy proxy;

    BlackHoleIT(NatsServer server) {
        this.server = server;
    }

    @BeforeEach
    void start() {
        proxy = FrameProxy.builder()
                .target("127.0.0.1", server.port())
                .socketBuffer(32 << 10)
                .start();
    }

    @AfterEach
    void end() {
        proxy.close();
    }

    private Connection connect() {
        return Nats.connect(Options.builder()
                .reconnect(Reconnect.never())
                .servers(proxy.url())
                .listener(events)
                .outboundLimit(LIMIT)
                .writeTimeout(WRITE_TIMEOUT)
                .closeTimeout(WRITE_TIMEOUT)
                .connectTimeout(LONG)
                .build());
    }

    /** Publishers on several threads; each call ends within writeTimeout, one way or the other. */
    @Test
    void publishNeverBlocksLongerThanWriteTimeout() throws Exception {
        try (Connection nc = connect()) {
            Fault hole = proxy.toServer().at(Frame.PUB, 100).blackHole();
            AtomicLong longest = new AtomicLong();
            AtomicLong accepted = new AtomicLong();
            List<CompletableFuture<Integer>> publishers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                publishers.add(CompletableFuture.supplyAsync(() -> publishUntilFull(nc, longest, accepted)));
            }
            for (CompletableFuture<Integer> publisher : publishers) {
                assertThat(publisher.get(30, TimeUnit.SECONDS)).isEqualTo(3);
            }
            assertThat(hole.times()).isEqualTo(1);
            assertThat(Duration.ofNanos(longest.get()))
                    .as("the longest call")
                    .isBetween(WRITE_TIMEOUT, WRITE_TIMEOUT.plus(LATE));
            assertThat(nc.pendingBytes()).isLessThanOrEqualTo(LIMIT);
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
            Statistics statistics = nc.statistics();
            OutboundAccountingTest.assertAddsUp(statistics);
            assertThat(statistics.outAccepted()).isEqualTo(accepted.get());
            assertThatThrownBy(() -> nc.flush(WRITE_TIMEOUT)).isInstanceOf(NatsTimeoutException.class);

            proxy.toServer().release();
            proxy.toClient().release();
            nc.flush(LONG);
            assertThat(nc.statistics().outWritten()).isEqualTo(accepted.get());
            assertThat(proxy.toServer().passed(Frame.PUB)).isEqualTo(accepted.get());
        }
    }

    /** Until it was refused three times. */
    private static int publishUntilFull(Connection nc, AtomicLong longest, AtomicLong accepted) {
        byte[] data = new byte[5_000];
        int refused = 0;
        while (refused < 3) {
            long begin = System.nanoTime();
            try {
                nc.publish("hole", data);
                accepted.incrementAndGet();
            } catch (OutboundFullException e) {
                refused++;
            }
            longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
        }
        return refused;
    }

    @Test
    void closeDoesNotWaitLongerThanItSays() {
        Connection nc = connect();
        proxy.blackHole();
        assertThat(publishUntilFull(nc, new AtomicLong(), new AtomicLong())).isEqualTo(3);
        long begin = System.nanoTime();
        nc.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(WRITE_TIMEOUT.plus(LATE));
        assertThat(events.await(Closed.class).reason()).isEqualTo(EndReason.CLOSED_BY_USER);
        Statistics statistics = nc.statistics();
        OutboundAccountingTest.assertAddsUp(statistics);
        CutSweep.assertMessagesReported(events, statistics);
        assertThat(statistics.outDiscarded()).isPositive();
    }

    /** Each direction alone: what goes the other way still arrives. */
    @Test
    void oneDirectionOnly() throws Exception {
        try (Connection nc = connect();
                Connection other = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("down");
            Subscription up = other.subscribe("up");
            nc.flush(LONG);
            other.flush(LONG);

            proxy.toServer().hold();
            other.publish("down", "still comes");
            assertThat(sub.next(LONG).text()).isEqualTo("still comes");
            nc.publish("up", "waits");
            assertThatThrownBy(() -> nc.flush(WRITE_TIMEOUT)).isInstanceOf(NatsTimeoutException.class);
            proxy.toServer().release();
            assertThat(up.next(LONG).text()).isEqualTo("waits");

            proxy.toClient().hold();
            nc.publish("up", "still goes");
            assertThat(up.next(LONG).text()).isEqualTo("still goes");
            other.publish("down", "waits");
            other.flush(LONG);
            assertThatThrownBy(() -> sub.next(WRITE_TIMEOUT)).isInstanceOf(NatsTimeoutException.class);
            proxy.toClient().release();
            assertThat(sub.next(LONG).text()).isEqualTo("waits");
        }
    }
}
