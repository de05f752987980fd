// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** R-B6: a publisher as fast as it can behind a network of 1 MB/s, for 10 s. */
@NatsServerTest(versions = NatsServerVersion.V2_15_2) // it is the network that is slow
class SlowNetworkIT {
    private static final int RATE = 1 << 20;
    private static final long LIMIT = 2 << 20;
    private static final Duration TIME = Duration.ofSeconds(10);

    /** What may come and go in the heap of a test that keeps nothing. */
    private static final long NOISE = 24 << 20;

    private final NatsServer server;

    SlowNetworkIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void memoryIsBoundedByTheOutboundLimit() throws Exception {
        try (FrameProxy proxy = FrameProxy.builder()
                .target("127.0.0.1", server.port())
                .socketBuffer(64 << 10)
                .start()) {
            Options options = Patient.options()
                    .reconnect(Reconnect.never())
                    .servers(proxy.url())
                    .outboundLimit(LIMIT)
                    .writeTimeout(Session.LONG)
                    .closeTimeout(Duration.ZERO)
                    .build();
            try (Connection nc = Nats.connect(options)) {
                proxy.toServer().limit(RATE);
                long heapBefore = usedHeap();
                long directBefore = PlatformDependent.usedDirectMemory();
                long directMost = 0;
                byte[] data = new byte[1000];
                long sent = 0;
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < TIME.toNanos()) {
                    for (int i = 0; i < 20; i++) {
                        nc.publish("fast", data);
                        sent++;
                    }
                    assertThat(nc.pendingBytes()).isLessThanOrEqualTo(LIMIT);
                    directMost = Math.max(directMost, PlatformDependent.usedDirectMemory() - directBefore);
                }
                long passed = proxy.toServer().passedBytes();
                Duration took = Duration.ofNanos(System.nanoTime() - begin);
                assertThat(directMost).as("direct memory").isLessThan(8 * LIMIT);
                assertThat(usedHeap() - heapBefore).as("heap").isLessThan(NOISE);
                assertThat(passed)
                        .as("bytes in %s", took)
                        .isBetween(RATE * took.toSeconds() / 10, RATE * (took.toSeconds() + 2));
                assertThat(sent * 1000L)
                        .as("what was published")
                        .isLessThan(proxy.toServer().passedBytes() + LIMIT + (16 << 20));
                OutboundAccountingTest.assertAddsUp(nc.statistics());
                assertThat(proxy.toServer().passed(Frame.PUB)).isPositive();
            }
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** A server behind a slow network, which sends faster than it: nothing is lost or changed. */
    @Test
    void whatComesSlowlyAndInPiecesIsWhole() throws Exception {
        try (FrameProxy proxy =
                FrameProxy.builder().target("127.0.0.1", server.port()).seed(7).start()) {
            proxy.toClient().splitRandomly(50).limit(RATE);
            proxy.toServer().splitRandomly(50);
            try (Connection nc = Patient.connect(proxy.url())) {
                Subscription sub = nc.subscribe("slow");
                byte[] large = new byte[20_000];
                for (int i = 0; i < 50; i++) {
                    nc.publish("slow", String.valueOf(i));
                    nc.publish("slow", large);
                }
                for (int i = 0; i < 50; i++) {
                    assertThat(sub.next(Session.LONG).text()).isEqualTo(String.valueOf(i));
                    assertThat(sub.next(Session.LONG).data()).isEqualTo(large);
                }
            }
        }
    }
}
