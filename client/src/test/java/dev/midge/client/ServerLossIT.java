// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.Connected;
import dev.midge.client.ConnectionEvent.LameDuck;
import dev.midge.client.ConnectionEvent.MessagesDiscarded;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that goes, in all the ways it can, and what becomes of messages and of those who wait. */
@ParameterizedClass
@EnumSource(NatsServerVersion.class)
class ServerLossIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Of the sender and of the receiver together; Linux lets them grow to some 10 MB, or 40 where so configured. */
    private static final long MORE_THAN_SOCKETS_HOLD = 64 << 20;

    private final NatsServerVersion version;
    private final EventLog events = new EventLog();
    private NatsServer server;

    ServerLossIT(NatsServerVersion version) {
        this.version = version;
    }

    @BeforeEach
    void start() {
        server = NatsServer.builder()
                .version(version)
                .lameDuckGrace(Duration.ofSeconds(29))
                .start();
    }

    @AfterEach
    void end() {
        server.close();
    }

    /** R-B2: accepted = written + queued + reported, whatever was under way. */
    @Test
    void killedInAStormOfMessages() throws Exception {
        int threads = 4;
        AtomicLong accepted = new AtomicLong();
        AtomicLong futures = new AtomicLong();
        AtomicLong completed = new AtomicLong();
        CountDownLatch underWay = new CountDownLatch(200_000);
        try (Connection nc = Nats.connect(options().outboundLimit(256 << 10).build())) {
            List<Thread> publishers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String subject = "storm." + t;
                boolean async = t == 0;
                publishers.add(new Thread(() -> {
                    byte[] data = new byte[100];
                    try {
                        while (true) {
                            if (async) {
                                futures.incrementAndGet();
                                publishAsync(nc, subject, data, completed);
                            } else {
                                nc.publish(subject, data);
                            }
                            accepted.incrementAndGet();
                            underWay.countDown();
                        }
                    } catch (ConnectionClosedException e) {
                        // the end of the storm
                    }
                }));
            }
            publishers.forEach(Thread::start);
            Eventually.isDown(underWay, "messages");
            server.kill();
            for (Thread publisher : publishers) {
                publisher.join(LONG.toMillis());
                assertThat(publisher.isAlive()).isFalse();
            }

            Closed closed = events.await(Closed.class);
            assertThat(nc.statistics().outAccepted()).isEqualTo(accepted.get());
            assertDiscardsAreReported(nc);
            Eventually.isTrue(
                    () -> futures + " futures are complete, not " + completed, () -> completed.get() == futures.get());
            assertThat(closed.reason()).isEqualTo(EndReason.CONNECTION_LOST);
            assertThat(events.all().get(events.all().size() - 1)).isSameAs(closed);
            assertThat(nc.pendingMessages()).isZero();
        }
    }

    /** Publishes without waiting, again until there is room; the future is counted when it completes. */
    private static void publishAsync(Connection nc, String subject, byte[] data, AtomicLong completed) {
        while (true) {
            CompletableFuture<Void> future = nc.publishAsync(subject, data);
            Throwable failure = future.isCompletedExceptionally()
                    ? future.handle((nothing, e) -> e).join()
                    : null;
            if (!(failure instanceof OutboundFullException)) {
                CompletableFuture<?> unused = future.whenComplete((nothing, e) -> completed.incrementAndGet());
                // Refused, that is: one that was accepted can have failed by now too.
                if (failure instanceof ConnectionClosedException closed
                        && String.valueOf(closed.getMessage()).endsWith("is closed")) {
                    throw closed;
                }
                return;
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void stoppedInGoodOrder() {
        try (Connection nc = Nats.connect(options().build())) {
            Subscription pull = nc.subscribe("pull");
            Subscription handled = nc.subscribe("handled", msg -> {});
            nc.publish("pull", "came before the end");
            nc.flush(LONG);
            server.stop();

            Closed closed = events.await(Closed.class);
            assertThat(closed.reason()).isEqualTo(EndReason.CONNECTION_LOST);
            assertThat(closed.server()).isEqualTo(server.url());
            assertThat(closed.cause()).isNotNull();
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CLOSED);
            assertThat(pull.isActive()).isFalse();
            assertThat(handled.isActive()).isFalse();
            assertThat(pull.next(LONG).text()).isEqualTo("came before the end");
            assertThatThrownBy(() -> pull.next(LONG))
                    .isInstanceOf(SubscriptionClosedException.class)
                    .hasCauseInstanceOf(ConnectionClosedException.class);
            assertThatThrownBy(() -> nc.publish("x", "y")).isInstanceOf(ConnectionClosedException.class);
            assertThatThrownBy(() -> nc.subscribe("x")).isInstanceOf(ConnectionClosedException.class);
            assertThatThrownBy(() -> nc.flush(LONG)).isInstanceOf(ConnectionClosedException.class);
            assertThatThrownBy(() -> nc.rtt(LONG)).isInstanceOf(ConnectionClosedException.class);
            assertThat(nc.flushAsync()).failsWithin(LONG);
            assertThat(nc.publishAsync("x", new byte[1])).failsWithin(LONG);
            assertThat(events.all()).hasExactlyElementsOfTypes(Connected.class, Closed.class);
        }
        assertThat(events.all()).hasExactlyElementsOfTypes(Connected.class, Closed.class);
    }

    @Test
    void lameDuck() {
        try (Connection nc = Nats.connect(options().build())) {
            assertThat(nc.serverInfo().ldm()).isFalse();
            server.signal("USR2");
            assertThat(events.await(LameDuck.class).server()).isEqualTo(server.url());
            assertThat(nc.serverInfo().ldm()).isTrue();
            Subscription sub = nc.subscribe("still");
            nc.publish("still", "works");
            assertThat(sub.next(LONG).text()).isEqualTo("works");
            assertThat(events.all(LameDuck.class)).hasSize(1);
        }
    }

    /** R-B5: a server that takes nothing any more; what waits for the socket is bounded, and so is the wait. */
    @Test
    void silentServerFillsTheOutboundBuffer() {
        Options options = options()
                .outboundLimit(1 << 20)
                .writeTimeout(Duration.ofMillis(50))
                .build();
        try (Connection nc = Nats.connect(options)) {
            byte[] data = new byte[100_000];
            AtomicInteger published = new AtomicInteger();
            Subscription sub = nc.subscribe("frozen");
            nc.flush(LONG);
            freeze();
            assertThatThrownBy(() -> nc.flush(Duration.ofMillis(50)))
                    .isInstanceOf(NatsTimeoutException.class)
                    .hasMessageContaining(server.url());

            assertThatThrownBy(() -> {
                        while (true) {
                            nc.publish("frozen", data);
                            published.incrementAndGet();
                        }
                    })
                    .isInstanceOf(OutboundFullException.class)
                    .hasMessageContainingAll("frozen", Long.toString(1 << 20));
            while (nc.tryPublish("frozen", data)) {
                published.incrementAndGet();
            }
            CompletableFuture<Void> refused = nc.publishAsync("frozen", data);
            while (!refused.isCompletedExceptionally()) {
                published.incrementAndGet();
                refused = nc.publishAsync("frozen", data);
            }
            assertThat(refused)
                    .failsWithin(LONG)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(OutboundFullException.class);
            assertThat(nc.pendingBytes()).isLessThanOrEqualTo(1 << 20);

            server.signal("CONT");
            for (int i = 0; i < published.get(); i++) {
                assertThat(sub.next(LONG).size()).isEqualTo(data.length);
            }
            nc.flush(LONG);
            assertThat(nc.statistics().outWritten()).isEqualTo(published.get());
            assertThat(nc.statistics().outDiscarded()).isZero();
        }
    }

    /** Nothing hangs when the server goes while somebody waits. */
    @Test
    void whoeverWaitsIsTold() throws Exception {
        Options options = options()
                .outboundLimit(MORE_THAN_SOCKETS_HOLD)
                .writeTimeout(LONG)
                .build();
        try (Connection nc = Nats.connect(options)) {
            Subscription sub = nc.subscribe("x");
            nc.flush(LONG);
            freeze();
            CompletableFuture<Void> flush = nc.flushAsync();
            CompletableFuture<?> next = CompletableFuture.runAsync(() -> sub.next(LONG));
            fillOutboundBuffer(nc);
            CompletableFuture<?> publish = CompletableFuture.runAsync(() -> {
                while (true) {
                    nc.publish("x", new byte[100_000]);
                }
            });
            server.kill();
            assertFailsWith(flush, ConnectionClosedException.class);
            assertFailsWith(publish, ConnectionClosedException.class);
            assertFailsWith(next, SubscriptionClosedException.class);
            assertThat(events.await(Closed.class).reason()).isEqualTo(EndReason.CONNECTION_LOST);
            assertDiscardsAreReported(nc);
            assertThat(events.await(MessagesDiscarded.class).cause()).isNotNull();
        }
    }

    /** Closing does not wait longer than it says for a server that does not answer. */
    @Test
    void closeWhileTheServerIsSilent() {
        Options options = options()
                .outboundLimit(MORE_THAN_SOCKETS_HOLD)
                .closeTimeout(Duration.ofMillis(100))
                .build();
        Connection nc = Nats.connect(options);
        freeze();
        fillOutboundBuffer(nc);
        long begin = System.nanoTime();
        nc.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertThat(events.await(Closed.class).reason()).isEqualTo(EndReason.CLOSED_BY_USER);
        assertThat(nc.statistics().outDiscarded()).isPositive();
        assertDiscardsAreReported(nc);
    }

    private void assertDiscardsAreReported(Connection nc) {
        Statistics stats = nc.statistics();
        assertThat(stats.outQueued()).isZero();
        assertThat(stats.outQueuedBytes()).isZero();
        assertThat(stats.outWritten() + stats.outDiscarded()).isEqualTo(stats.outAccepted());
        assertThat(stats.outWrittenBytes() + stats.outDiscardedBytes()).isEqualTo(stats.outAcceptedBytes());
        assertThat(events.all(MessagesDiscarded.class).stream()
                        .mapToLong(MessagesDiscarded::messages)
                        .sum())
                .isEqualTo(stats.outDiscarded());
    }

    /** The server's process stands still, and answers nothing. */
    private void freeze() {
        server.signal("STOP");
        Path threads = Path.of("/proc", Long.toString(server.pid()), "task");
        Eventually.isTrue("every thread of the server has stopped", () -> {
            try (Stream<Path> all = Files.list(threads)) {
                for (Path thread : all.toList()) {
                    if (!Files.readString(thread.resolve("stat")).contains(") T ")) {
                        return false;
                    }
                }
                return true;
            } catch (IOException e) {
                return false; // a thread has ended
            }
        });
    }

    private static void fillOutboundBuffer(Connection nc) {
        byte[] data = new byte[100_000];
        while (nc.tryPublish("x", data)) {
            // goes on
        }
    }

    private static void assertFailsWith(CompletableFuture<?> future, Class<? extends Throwable> type) {
        assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(type);
    }

    private OptionsBuilder options() {
        return Patient.options()
                .reconnect(Reconnect.never())
                .servers(server.url())
                .listener(events);
    }
}
