// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.Disconnected;
import dev.midge.client.ConnectionEvent.Draining;
import dev.midge.client.ConnectionEvent.MessagesDiscarded;
import dev.midge.client.ConnectionEvent.Reconnected;
import dev.midge.testkit.EmbeddedServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** R-C7: drains while there is no server, or another one. */
class DisconnectedDrainTest {
    private static final DrainResult DRAINED = new DrainResult(true, 0, false);
    private static final Duration LONG = Session.LONG;
    private static final Duration SHORT = Duration.ofMillis(200);

    private final EventLog events = new EventLog();
    private final EmbeddedServer server = EmbeddedServer.start();

    @AfterEach
    void end() {
        server.close();
    }

    private Connection connect() {
        return Nats.connect(Patient.options()
                .servers(server.url())
                .listener(events)
                .reconnect(Reconnect.builder()
                        .wait(Duration.ofMillis(20))
                        .maxWait(Duration.ofMillis(100))
                        .build())
                .build());
    }

    private static DrainResult get(CompletableFuture<DrainResult> result) throws Exception {
        return result.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** A subscription with so many messages pending. */
    private static Subscription pending(Connection nc, int count) {
        Subscription subscription = nc.subscribe("a");
        for (int i = 0; i < count; i++) {
            nc.publish("a", "x");
        }
        nc.flush(LONG);
        Eventually.isTrue("the messages", () -> subscription.pendingMessages() == count);
        return subscription;
    }

    private void stop() {
        server.stop();
        events.await(Disconnected.class);
    }

    @Test
    void aSubscriptionDeliversWhatIsPendingAndIsForgotten() throws Exception {
        try (Connection nc = connect()) {
            Subscription subscription = pending(nc, 2);
            Subscription other = nc.subscribe("b");
            stop();
            CompletableFuture<DrainResult> tooShort = subscription.drainAsync(SHORT);
            CompletableFuture<DrainResult> result = subscription.drainAsync(LONG);
            assertThat(get(tooShort)).isEqualTo(new DrainResult(false, 2, true));
            subscription.next(LONG);
            assertThat(result).isNotDone();
            subscription.next(LONG);
            assertThat(get(result)).isEqualTo(DRAINED);

            server.restart();
            events.await(Reconnected.class);
            nc.publish("b", "back");
            assertThat(other.next(LONG).text()).isEqualTo("back");
            assertThat(server.subscriptions()).isEqualTo(1);
        }
    }

    @Test
    void theServerIsLostMeanwhile() throws Exception {
        try (Connection nc = connect()) {
            Subscription subscription = pending(nc, 1);
            CompletableFuture<DrainResult> result = subscription.drainAsync(LONG);
            stop();
            subscription.next(LONG);
            assertThat(get(result)).isEqualTo(DRAINED);
            server.restart();
            events.await(Reconnected.class);
            nc.flush(LONG);
            assertThat(server.subscriptions()).isZero();
        }
    }

    @Test
    void aConnectionWithNothingToWriteNeedsNoServer() throws Exception {
        try (Connection nc = connect()) {
            Subscription subscription = pending(nc, 2);
            stop();
            CompletableFuture<DrainResult> result = nc.drainAsync(LONG);
            events.await(Draining.class);
            assertThat(nc.status()).isEqualTo(ConnectionStatus.DRAINING);
            subscription.next(LONG);
            assertThat(result).isNotDone();
            subscription.next(LONG);
            assertThat(get(result)).isEqualTo(DRAINED);
            assertThat(events.await(Closed.class).reason()).isEqualTo(EndReason.CLOSED_BY_USER);
            assertThat(events.all(MessagesDiscarded.class)).isEmpty();
        }
    }

    @Test
    void aConnectionWithSomethingToWriteWaitsForAServer() throws Exception {
        try (Connection nc = connect()) {
            stop();
            nc.publish("a", "kept");
            CompletableFuture<DrainResult> result = nc.drainAsync(LONG);
            events.await(Draining.class);
            assertThat(result).isNotDone();
            server.restart();
            assertThat(get(result)).isEqualTo(DRAINED);
            assertThat(nc.statistics().outWritten()).isEqualTo(1);
            events.await(Closed.class); // the last one
            assertThat(events.all(Reconnected.class)).hasSize(1);
            assertThat(events.all(MessagesDiscarded.class)).isEmpty();
        }
    }

    @Test
    void aServerThatDoesNotComeBack() throws Exception {
        try (Connection nc = connect()) {
            stop();
            nc.publish("a", "lost");
            assertThat(nc.drain(SHORT)).isEqualTo(new DrainResult(false, 0, true));
            assertThat(events.await(MessagesDiscarded.class).messages()).isEqualTo(1);
            assertThat(nc.statistics().outDiscarded()).isEqualTo(1);
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CLOSED);
        }
    }

    /** R-A13: whether the old server is told or not any more, what it had sent is delivered. */
    @RepeatedTest(5)
    void whileTheConnectionMovesToAnotherServer() throws Exception {
        try (EmbeddedServer second = EmbeddedServer.start();
                Connection source = Patient.connect(server.url());
                Connection nc = Nats.connect(Patient.options()
                        .servers(server.url(), second.url())
                        .randomizeServers(false)
                        .listener(events)
                        .build())) {
            AtomicInteger handled = new AtomicInteger();
            AtomicInteger gaps = new AtomicInteger();
            Subscription subscription = nc.subscribe(
                    "n", message -> gaps.addAndGet(message.text().equals("" + handled.getAndIncrement()) ? 0 : 1));
            nc.flush(LONG);
            AtomicBoolean enough = new AtomicBoolean();
            Thread publisher = new Thread(() -> {
                for (int i = 0; !enough.get(); i++) {
                    source.publish("n", "" + i);
                    while (i - handled.get() > 10_000 && !enough.get()) {
                        LockSupport.parkNanos(100_000); // or a handler that stands still has more pending than may be
                    }
                }
            });
            publisher.start();
            Eventually.isTrue("some messages", () -> handled.get() > 100);
            server.lameDuck();
            DrainResult result = get(subscription.drainAsync(LONG));
            enough.set(true);
            publisher.join();
            assertThat(result).isEqualTo(DRAINED);
            assertThat(gaps).hasValue(0);
            assertThat(subscription.deliveredMessages()).isEqualTo(handled.get());
            events.await(Reconnected.class);
            nc.flush(LONG);
            assertThat(second.subscriptions()).isZero();
        }
    }
}
