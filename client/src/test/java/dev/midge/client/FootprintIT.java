// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.Allocation;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What connections, subscriptions and messages cost in threads and memory, on a real server. */
@NatsServerTest(versions = NatsServerVersion.V2_15_2)
class FootprintIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int SUBSCRIPTIONS = 10_000;
    /** What the leak check may add for a message, in bytes. */
    private static final double RECORDS = 24;

    private static final int MESSAGES = 50_000;

    /** What the allocator may keep more or less of, as threads come and go: 8 KiB for each connection. */
    private static final long ROOM = 8 << 20;

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private final NatsServer server;

    FootprintIT(NatsServer server) {
        this.server = server;
    }

    /** Paranoid leak detection makes a record at each access to a buffer: more than all that is measured here. */
    @BeforeEach
    void withoutLeakRecords() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void withLeakRecords() {
        ResourceLeakDetector.setLevel(level);
    }

    /** R-C1. */
    @Test
    void tenThousandSubscriptionsNeedNoThreadMoreThanOneAndLittleMemory() throws Exception {
        try (Connection nc = Patient.connect(server.url())) {
            MessageHandler handler = message -> {};
            nc.subscribe("footprint.first", handler);
            nc.flush(LONG);
            Set<String> before = threads();
            long heapBefore = heap();
            List<Subscription> subscriptions = new ArrayList<>(SUBSCRIPTIONS);
            for (int i = 0; i < SUBSCRIPTIONS; i++) {
                subscriptions.add(nc.subscribe("footprint." + i, handler));
            }
            nc.flush(LONG);
            long bytesEach = (heap() - heapBefore) / SUBSCRIPTIONS;
            assertThat(bytesEach).as("bytes of heap for a subscription").isLessThanOrEqualTo(1024);
            assertThat(before).as("threads").containsAll(threads());
            assertThat(subscriptions).hasSize(SUBSCRIPTIONS).allMatch(Subscription::isActive);
        }
    }

    /** R-C1: however many have something to do, the threads are those of the executor. */
    @Test
    void tenThousandBusySubscriptionsShareTheThreadsOfTheExecutor() throws Exception {
        CountDownLatch all = new CountDownLatch(SUBSCRIPTIONS);
        try (Connection nc = Patient.connect(server.url())) {
            for (int i = 0; i < SUBSCRIPTIONS; i++) {
                nc.subscribe("footprint.busy", message -> all.countDown());
            }
            nc.publish("footprint.busy", "x");
            assertThat(all.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            int most = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
            assertThat(threads().stream().filter(name -> name.startsWith("nats-handler")))
                    .hasSizeLessThanOrEqualTo(most);
        }
    }

    /** R-A10. */
    @Test
    void idleConnectionsNeedNoThread() {
        List<Connection> connections = new ArrayList<>();
        try (Connection first = Patient.connect(server.url())) {
            first.flush(LONG);
            Set<String> before = threads();
            for (int i = 0; i < 20; i++) {
                connections.add(Patient.connect(server.url()));
            }
            connections.forEach(connection -> connection.flush(LONG));
            // Shared event loops start one by one, at most so many; handler threads are shared and end when idle.
            long loops = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
            assertThat(threads().stream().filter(name -> name.startsWith("nats-io")))
                    .hasSizeLessThanOrEqualTo((int) loops);
            assertThat(before).anyMatch(name -> name.startsWith("nats-io"));
            assertThat(threads()).hasSizeLessThan(20);
        } finally {
            connections.forEach(Connection::close);
        }
    }

    /** R-A9. */
    @Test
    void aThousandConnectionsLeaveNothing() {
        cycles(10);
        Eventually.isTrue("no thread", () -> threads().isEmpty());
        long memory = PlatformDependent.usedDirectMemory();
        cycles(990);
        Eventually.isTrue("no thread", () -> threads().isEmpty());
        assertThat(PlatformDependent.usedDirectMemory()).isBetween(memory - ROOM, memory + ROOM);
    }

    private void cycles(int count) {
        for (int i = 0; i < count; i++) {
            try (Connection nc = Patient.connect(server.url())) {
                nc.publish("footprint.cycle", "x");
            }
        }
    }

    /**
     * R-B9: publishing allocates nothing on the calling thread. What is left is the leak check's record of each chunk,
     * one for hundreds of messages; PublishBenchmark tells the figure without it.
     */
    @Test
    void publishAllocatesNothing() {
        byte[] payload = new byte[128];
        int batch = 10_000;
        try (Connection nc = Patient.connect(server.url())) {
            long bytes = Allocation.leastBytes(30, () -> {
                for (int i = 0; i < batch; i++) {
                    nc.publish("footprint.publish", payload);
                }
                nc.flush(LONG);
            });
            assertThat((double) bytes / batch)
                    .as("bytes for a publish, a flush per %s of them included", batch)
                    .isLessThan(RECORDS);
        }
    }

    /** R-B9: the message, its array, and what the JVM rounds up; everything included. */
    @Test
    void deliveryToAHandlerAllocatesTheMessageAndItsArray() throws Exception {
        assertThat(bytesPerDelivery(false)).isLessThanOrEqualTo(208);
    }

    /** R-B9: but for the leak check's record of each receive buffer; DeliveryBenchmark tells the figure without it. */
    @Test
    void directDeliveryAllocatesNothing() throws Exception {
        assertThat(bytesPerDelivery(true)).isLessThan(RECORDS);
    }

    private double bytesPerDelivery(boolean direct) throws Exception {
        byte[] payload = new byte[128];
        try (Connection subscriber = Patient.connect(server.url());
                Connection publisher = Patient.connect(server.url())) {
            double least = Double.MAX_VALUE;
            for (int run = 0; run < 5; run++) {
                CountDownLatch all = new CountDownLatch(1);
                int[] count = new int[1];
                Runnable counter = () -> {
                    if (++count[0] == MESSAGES) {
                        all.countDown();
                    }
                };
                try (Subscription sub = direct
                        ? subscriber.direct().subscribe("footprint.deliver", view -> counter.run())
                        : subscriber.subscribe("footprint.deliver", message -> counter.run())) {
                    subscriber.flush(LONG);
                    long before = Allocation.byAllThreads();
                    for (int i = 0; i < MESSAGES; i++) {
                        publisher.publish("footprint.deliver", payload);
                    }
                    assertThat(all.await(LONG.toSeconds(), TimeUnit.SECONDS))
                            .as("%s of %s messages, %s dropped", count[0], MESSAGES, sub.droppedMessages())
                            .isTrue();
                    least = Math.min(least, (double) (Allocation.byAllThreads() - before) / MESSAGES);
                }
            }
            return least;
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("nats-"))
                .collect(Collectors.toSet());
    }

    /** What is in use behind collections that free nothing more. */
    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
