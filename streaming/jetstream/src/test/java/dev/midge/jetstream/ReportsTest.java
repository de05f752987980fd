// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

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

/** What a consumption tells a listener that does not return. */
class ReportsTest {
    private static final int LIMIT = 5;

    /** The connection's limit holds for it; what is over it is counted, and the end is told. */
    @Test
    void whatIsOverTheLimitIsCounted() throws Exception {
        List<ConsumeEvent> told = new CopyOnWriteArrayList<>();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ConsumeEvent ended = new ConsumeEvent.Ended(ConsumeEnd.CONNECTION_CLOSED, null);
        try (EmbeddedServer server = EmbeddedServer.start();
                Connection nc = Nats.connect(
                        Patience.options(server.url()).eventLimit(LIMIT).build())) {
            Reports reports = new Reports("consume", nc, event -> {
                told.add(event);
                blocked.countDown();
                await(goOn);
            });
            reports.tell(new ConsumeEvent.Gap(0, 0));
            await(blocked);
            for (int i = 1; i <= 100; i++) {
                reports.tell(new ConsumeEvent.Gap(i, i));
            }
            reports.tell(ended);
            goOn.countDown();
            Patience.until("the end", () -> told.contains(ended));
        } finally {
            goOn.countDown();
        }
        List<ConsumeEvent> expected = new ArrayList<>();
        for (int i = 0; i <= LIMIT; i++) {
            expected.add(new ConsumeEvent.Gap(i, i));
        }
        expected.add(new ConsumeEvent.EventsDropped(100 - LIMIT));
        expected.add(ended);
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
