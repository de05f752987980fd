// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Disconnected;
import dev.midge.client.ConnectionEvent.LameDuck;
import dev.midge.client.ConnectionEvent.MessagesDiscarded;
import dev.midge.client.ConnectionEvent.ReconnectFailed;
import dev.midge.client.ConnectionEvent.Reconnected;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R-A13: a server says that it is going to shut down, and the connection moves in order. */
class LameDuckTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final EventLog events = new EventLog();
    private final EmbeddedServer first = EmbeddedServer.builder()
            .lameDuck(Duration.ofMinutes(1), Duration.ofMinutes(2))
            .start();
    private final EmbeddedServer second = EmbeddedServer.start();

    @AfterEach
    void end() {
        first.close();
        second.close();
    }

    private OptionsBuilder options(String... urls) {
        return Patient.options()
                .servers(urls)
                .randomizeServers(false)
                .listener(events)
                .reconnect(Reconnect.builder()
                        .wait(Duration.ofMillis(20))
                        .maxWait(Duration.ofMillis(100))
                        .build());
    }

    @Test
    void movesToAnotherServer() {
        try (Connection nc = Nats.connect(options(first.url(), second.url()).build())) {
            Subscription sub = nc.subscribe("a");
            Subscription three =
                    nc.subscribe("a", SubscribeOptions.builder().maxMessages(3).build());
            nc.publish("a", "1");
            nc.publish("a", "2");
            nc.flush(LONG);
            first.lameDuck();
            Reconnected moved = events.await(Reconnected.class);
            assertThat(moved.server()).isEqualTo(second.url());
            assertThat(nc.server()).isEqualTo(second.url());
            Eventually.isTrue("no connection to the first one", () -> first.connections() == 0);
            nc.publish("a", "3");
            nc.publish("a", "4");
            nc.flush(LONG);
            for (int i = 1; i <= 4; i++) {
                assertThat(sub.next(LONG).text()).isEqualTo(Integer.toString(i));
            }
            assertThat(three.stream().map(Message::text)).containsExactly("1", "2", "3");
            assertThat(events.all(LameDuck.class)).hasSize(1);
            assertThat(events.all(Disconnected.class)).isEmpty();
            assertThat(events.all(MessagesDiscarded.class)).isEmpty();
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
        }
    }

    /** Under way all the while: every message that was accepted is written, and none twice. */
    @Test
    void noFrameIsLost() throws Exception {
        try (Connection atFirst = Patient.connect(first.url());
                Connection atSecond = Patient.connect(second.url());
                Connection nc = Nats.connect(options(first.url(), second.url()).build())) {
            Seen before = Seen.by(atFirst);
            Seen behind = Seen.by(atSecond);
            AtomicBoolean enough = new AtomicBoolean();
            AtomicInteger published = new AtomicInteger();
            Thread publisher = new Thread(() -> {
                while (!enough.get()) {
                    nc.publish("n", ByteBuffer.allocate(4).putInt(0, published.getAndIncrement()));
                }
            });
            publisher.start();
            Eventually.isTrue("messages at the first server", () -> before.last > 1000);
            first.lameDuck();
            events.await(Reconnected.class);
            int then = published.get();
            Eventually.isTrue("messages at the second server", () -> behind.last > then + 1000);
            enough.set(true);
            publisher.join();
            nc.flush(LONG);
            Eventually.isTrue("the last message", () -> behind.last == published.get() - 1);
            Eventually.isTrue("the last one at the first server", () -> before.last == behind.first - 1);
            assertThat(before.first).isZero();
            assertThat(before.gaps + behind.gaps).isZero();
            assertThat(nc.statistics().outWritten()).isEqualTo(published.get());
            assertThat(nc.statistics().outDiscarded()).isZero();
            assertThat(events.all(Disconnected.class)).isEmpty();
        }
    }

    /** What an observer has seen of numbers that come in order; written on its event loop. */
    private static final class Seen {
        volatile int first = -1;
        volatile int last = -1;
        volatile int gaps;

        static Seen by(Connection observer) {
            Seen seen = new Seen();
            Subscription unused = observer.direct()
                    .subscribe(
                            "n",
                            view -> seen.add(
                                    view.payload().getInt(view.payload().readerIndex())));
            observer.flush(LONG);
            return seen;
        }

        private void add(int number) {
            int expected = first < 0 ? number : last + 1;
            if (number != expected) {
                gaps = number;
            }
            if (first < 0) {
                first = number;
            }
            last = number;
        }
    }

    /** Who waits for an answer gets it, from the old server or from the new one. */
    @Test
    void flushes() {
        try (Connection nc = Nats.connect(options(first.url(), second.url()).build())) {
            first.lameDuck();
            AtomicInteger answered = new AtomicInteger();
            Eventually.isTrue("answers before and behind the move", () -> {
                try {
                    nc.flush(LONG);
                    answered.incrementAndGet();
                } catch (DisconnectedException e) {
                    assertThat(e).hasMessageContaining("no server"); // asked in the very moment of the move
                }
                return answered.get() > 1000 && !events.all(Reconnected.class).isEmpty();
            });
        }
    }

    @Test
    void thereIsNoOther() {
        try (Connection nc = Nats.connect(options(first.url()).build())) {
            first.lameDuck();
            events.await(LameDuck.class);
            nc.publish("a", "1");
            nc.flush(LONG);
            assertThat(nc.server()).isEqualTo(first.url());
            first.stop();
            events.await(Disconnected.class);
            first.restart();
            events.await(Reconnected.class);
        }
    }

    @Test
    void theOthersDoNotAnswer() {
        second.stop();
        try (Connection nc = Nats.connect(options(first.url(), second.url()).build())) {
            first.lameDuck();
            events.await(ReconnectFailed.class);
            nc.flush(LONG);
            second.restart();
            assertThat(events.await(Reconnected.class).server()).isEqualTo(second.url());
            assertThat(events.all(Disconnected.class)).isEmpty();
        }
    }

    /** The old one does not answer any more: that holds the move up for no longer than an attempt may take. */
    @Test
    void theOldOneFallsSilent() throws Exception {
        try (FrameProxy proxy = FrameProxy.to(first.port());
                Connection nc = Nats.connect(options(proxy.url(), second.url())
                        .connectTimeout(Duration.ofSeconds(5)) // the first one is to succeed
                        .build())) {
            nc.flush(LONG);
            proxy.toServer().at(Frame.UNSUB, 1).blackHole();
            Subscription sub = nc.subscribe("a");
            nc.flush(LONG);
            first.lameDuck();
            assertThat(events.await(Reconnected.class).server()).isEqualTo(second.url());
            nc.publish("a", "1");
            assertThat(sub.next(LONG).text()).isEqualTo("1");
        }
    }

    /** It takes nothing more, with data on the way: that is reported as soon as the move is over. */
    @Test
    void theOldOneTakesNothingMore() throws Exception {
        try (FrameProxy proxy = FrameProxy.builder()
                        .target("127.0.0.1", first.port())
                        .socketBuffer(32 << 10)
                        .start();
                Connection nc = Nats.connect(options(proxy.url(), second.url())
                        .connectTimeout(Duration.ofSeconds(5)) // the first one is to succeed
                        .writeTimeout(Duration.ofMillis(100))
                        .outboundLimit(1 << 20)
                        .build())) {
            nc.flush(LONG);
            proxy.toServer().hold();
            int accepted = TlsReconnectTest.publishUntilFull(nc);
            first.lameDuck();
            assertThat(events.await(Reconnected.class).server()).isEqualTo(second.url());
            MessagesDiscarded discarded = events.await(MessagesDiscarded.class);
            nc.flush(LONG);
            assertThat(events.all(Disconnected.class)).isEmpty();
            Statistics statistics = nc.statistics();
            OutboundAccountingTest.assertAddsUp(statistics);
            assertThat(statistics.outAccepted()).isEqualTo(accepted);
            assertThat(statistics.outDiscarded()).isEqualTo(discarded.messages());
        }
    }

    @Test
    void closedInTheMiddleOfIt() throws Exception {
        try (FrameProxy proxy = FrameProxy.to(first.port())) {
            Connection nc = Nats.connect(
                    options(proxy.url(), second.url()).connectTimeout(LONG).build());
            Subscription unused = nc.subscribe("a");
            nc.flush(LONG);
            proxy.toServer().at(Frame.UNSUB, 1).blackHole();
            first.lameDuck();
            Eventually.isTrue("the new server", () -> second.connections() == 1);
            nc.close();
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CLOSED);
            Eventually.isTrue("no connection", () -> second.connections() == 0);
        }
    }
}
