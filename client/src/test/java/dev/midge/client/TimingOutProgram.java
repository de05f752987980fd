// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.VirtualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** R-D2: makes a million requests to a server that answers none, and looks at what is left: in the index, and on the heap. */
final class TimingOutProgram {
    private static final int ROUNDS = 50;
    private static final int EACH = 20_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private TimingOutProgram() {}

    public static void main(String[] args) throws Exception {
        try (VirtualTime time = new VirtualTime();
                DiscardingServer silent = new DiscardingServer();
                NatsConnection nc = (NatsConnection) Nats.connect(Patient.options()
                        .servers(silent.url())
                        .eventLoops(time.eventLoops())
                        .pingInterval(Duration.ZERO)
                        .closeTimeout(Duration.ZERO)
                        .build())) {
            round(time, nc); // what is made once is made
            long before = usedHeap();
            for (int round = 0; round < ROUNDS; round++) {
                round(time, nc);
            }
            assertThat(usedHeap() - before).isLessThan(16 << 20); // a million entries would be over 50 MiB
        }
    }

    private static void round(VirtualTime time, NatsConnection nc) throws Exception {
        CountDownLatch timedOut = new CountDownLatch(EACH);
        for (int i = 0; i < EACH; i++) {
            CompletableFuture<?> unused = nc.requestAsync("silent", "x", TIMEOUT)
                    .whenComplete((reply, failure) -> {
                        if (failure instanceof NatsTimeoutException) {
                            timedOut.countDown();
                        }
                    });
        }
        Eventually.isTrue(
                "all to be sent",
                () -> nc.statistics().outWritten() == nc.statistics().outAccepted());
        assertThat(nc.requests().pending()).isEqualTo(EACH);
        time.advance(TIMEOUT.plusMillis(50));
        Eventually.isDown(timedOut, "the requests to time out");
        assertThat(nc.requests().pending()).isZero();
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
