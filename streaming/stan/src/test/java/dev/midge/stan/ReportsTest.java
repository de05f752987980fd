// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.testkit.EmbeddedServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a streaming connection tells a listener that does not return. */
class ReportsTest {
    private static final int LIMIT = 5;

    /** The NATS connection's limit holds for it; what is over it is counted, and what becomes of the session is told. */
    @Test
    void whatIsOverTheLimitIsCounted() throws Exception {
        List<StanEvent> told = new CopyOnWriteArrayList<>();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Throwable cause = new IllegalStateException("made by a test");
        StanEvent lost = new StanEvent.SessionLost(StanEndReason.CONNECTION_CLOSED, "by a test");
        StanEvent closed = new StanEvent.Closed(StanEndReason.CONNECTION_CLOSED, null);
        try (EmbeddedServer server = EmbeddedServer.start();
                Connection nc = Nats.connect(
                        Patience.options(server.url()).eventLimit(LIMIT).build())) {
            StanOptions options = Patience.stan("client")
                    .listener(event -> {
                        told.add(event);
                        blocked.countDown();
                        await(goOn);
                    })
                    .build();
            Reports reports = new Reports(nc, options);
            reports.emit(new StanEvent.ReestablishFailed(0, cause));
            await(blocked);
            reports.emit(lost);
            for (int i = 1; i <= 100; i++) {
                reports.emit(new StanEvent.ReestablishFailed(i, cause));
            }
            reports.emit(new StanEvent.Reestablished(101));
            reports.emit(closed);
            goOn.countDown();
            Patience.until("the end", () -> told.contains(closed));
        } finally {
            goOn.countDown();
        }
        List<StanEvent> expected = new ArrayList<>(List.of(new StanEvent.ReestablishFailed(0, cause), lost));
        for (int i = 1; i < LIMIT; i++) {
            expected.add(new StanEvent.ReestablishFailed(i, cause));
        }
        expected.add(new StanEvent.EventsDropped(101 - LIMIT));
        expected.add(new StanEvent.Reestablished(101));
        expected.add(closed);
        assertThat(told).isEqualTo(expected);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
