// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.Connected;
import dev.midge.client.ConnectionEvent.Disconnected;
import dev.midge.client.ConnectionEvent.MessagesDiscarded;
import dev.midge.client.ConnectionEvent.ReconnectFailed;
import dev.midge.client.ConnectionEvent.Reconnected;
import dev.midge.client.auth.Auth;
import dev.midge.testkit.Cut;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.Fault;
import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.base.ScriptedServer;
import dev.midge.transport.HostResolver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a connection whose server goes and comes back. R-A7, R-A11, R-A15, R-B1, R-B3. */
class ReconnectTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final EventLog events = new EventLog();
    private final EmbeddedServer server = EmbeddedServer.start();

    @AfterEach
    void end() {
        server.close();
    }

    private OptionsBuilder options() {
        return options(reconnect -> reconnect);
    }

    private OptionsBuilder options(UnaryOperator<Reconnect.Builder> change) {
        return Patient.options()
                .servers(server.url())
                .listener(events)
                .reconnect(change.apply(
                                Reconnect.builder().wait(Duration.ofMillis(20)).maxWait(Duration.ofMillis(100)))
                        .build());
    }

    private Disconnected stop() {
        server.stop();
        return events.await(Disconnected.class);
    }

    @Test
    void theServerComesBack() {
        try (Connection nc = Nats.connect(options().build())) {
            Subscription before = nc.subscribe("a");
            nc.publish("a", "1");
            assertThat(before.next(LONG).text()).isEqualTo("1");

            Disconnected lost = stop();
            assertThat(lost.server()).isEqualTo(server.url());
            assertThat(lost.reason()).isEqualTo(EndReason.CONNECTION_LOST);
            assertThat(nc.status()).isEqualTo(ConnectionStatus.RECONNECTING);
            Subscription meanwhile = nc.subscribe("b");
            Subscription gone = nc.subscribe("c");
            gone.unsubscribe();
            for (int i = 0; i < 1000; i++) {
                nc.publish(i % 2 == 0 ? "a" : "b", Integer.toString(i));
            }
            events.await(ReconnectFailed.class);

            server.restart();
            Reconnected back = events.await(Reconnected.class);
            assertThat(back.attempts()).isGreaterThan(1);
            assertThat(back.server()).isEqualTo(server.url());
            for (int i = 0; i < 1000; i++) {
                assertThat((i % 2 == 0 ? before : meanwhile).next(LONG).text()).isEqualTo(Integer.toString(i));
            }
            nc.flush(LONG);
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
            assertThat(server.subscriptions()).isEqualTo(2);
            assertThat(nc.statistics().reconnects()).isEqualTo(1);
            assertThat(nc.statistics().outWritten()).isEqualTo(1001);
            OutboundAccountingTest.assertAddsUp(nc.statistics());
            assertThat(events.all(Connected.class)).hasSize(1);
            assertThat(events.all(MessagesDiscarded.class)).isEmpty();
        }
        assertThat(events.await(Closed.class).reason()).isEqualTo(EndReason.CLOSED_BY_USER);
    }

    @Test
    void againAndAgain() {
        try (Connection nc = Nats.connect(options().build())) {
            Subscription sub =
                    nc.subscribe("a", SubscribeOptions.builder().queue("q").build());
            for (int i = 0; i < 10; i++) {
                int count = i;
                server.stop();
                Eventually.isTrue(
                        "loss " + i, () -> events.all(Disconnected.class).size() > count);
                nc.publish("a", Integer.toString(i));
                server.restart();
                assertThat(sub.next(LONG).text()).isEqualTo(Integer.toString(i));
            }
            assertThat(nc.statistics().reconnects()).isEqualTo(10);
            nc.flush(LONG);
            assertThat(server.subscriptions()).isEqualTo(1);
        }
    }

    /** What is left of it: the new server counts from the beginning. */
    @Test
    void autoUnsubscribe() {
        try (Connection nc = Nats.connect(options().build())) {
            Subscription four =
                    nc.subscribe("a", SubscribeOptions.builder().maxMessages(4).build());
            Subscription three = nc.subscribe("a");
            for (int i = 0; i < 3; i++) {
                nc.publish("a", Integer.toString(i));
            }
            nc.flush(LONG);
            assertThat(three.pendingMessages()).isEqualTo(3);
            stop();
            three.unsubscribeAfter(5);
            server.restart();
            events.await(Reconnected.class);
            for (int i = 3; i < 9; i++) {
                nc.publish("a", Integer.toString(i));
            }
            nc.flush(LONG);
            assertThat(server.subscriptions()).isZero();
            assertThat(texts(four)).containsExactly("0", "1", "2", "3");
            assertThat(texts(three)).containsExactly("0", "1", "2", "3", "4");
            assertThat(nc.statistics().unmatchedMessages()).isZero();

            Subscription later = nc.subscribe("b");
            nc.publish("b", "1");
            nc.flush(LONG);
            server.stop();
            Eventually.isTrue(
                    "another loss", () -> events.all(Disconnected.class).size() == 2);
            server.restart();
            Eventually.isTrue(
                    "another server", () -> events.all(Reconnected.class).size() == 2);
            later.unsubscribeAfter(2);
            nc.publish("b", "2");
            nc.publish("b", "3");
            nc.flush(LONG);
            assertThat(server.subscriptions()).isZero();
            assertThat(texts(later)).containsExactly("1", "2");
        }
    }

    private static List<String> texts(Subscription sub) {
        List<String> texts = new ArrayList<>();
        sub.stream().forEach(message -> texts.add(message.text()));
        return texts;
    }

    @Test
    void moreThanTheBufferHolds() {
        Options options = options(reconnect -> reconnect.bufferSize(1000))
                .writeTimeout(Duration.ofMillis(10))
                .build();
        try (Connection nc = Nats.connect(options)) {
            stop();
            assertThat(nc.tryPublish("a", new byte[900])).isTrue();
            assertThat(nc.tryPublish("a", new byte[900])).isFalse();
            assertThatThrownBy(() -> nc.publish("a", new byte[900]))
                    .isInstanceOf(OutboundFullException.class)
                    .hasMessageContaining("1000 bytes (Reconnect.bufferSize");
            server.restart();
            events.await(Reconnected.class);
            nc.publish("a", new byte[900]);
            nc.flush(LONG);
            assertThat(nc.statistics().outWritten()).isEqualTo(2);
        }
    }

    @Test
    void refusesMeanwhile() {
        Options options = options(reconnect -> reconnect.whileDisconnected(WhileDisconnected.FAIL))
                .build();
        try (Connection nc = Nats.connect(options)) {
            stop();
            assertThatThrownBy(() -> nc.publish("a", "1"))
                    .isInstanceOf(DisconnectedException.class)
                    .hasMessageContaining(server.url());
            assertThatThrownBy(() -> nc.tryPublish("a", new byte[1])).isInstanceOf(DisconnectedException.class);
            assertThat(nc.publishAsync("a", new byte[1]))
                    .failsWithin(LONG)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(DisconnectedException.class);
            assertThat(nc.statistics().outAccepted()).isZero();
            server.restart();
            events.await(Reconnected.class);
            nc.publish("a", "1");
            nc.flush(LONG);
        }
    }

    @Test
    void dropsMeanwhileAndReports() {
        Options options = options(reconnect -> reconnect.whileDisconnected(WhileDisconnected.DROP_AND_REPORT))
                .build();
        try (Connection nc = Nats.connect(options)) {
            Subscription sub = nc.subscribe("a");
            stop();
            nc.publish("a", "1");
            assertThat(nc.publishAsync("a", new byte[1]))
                    .failsWithin(LONG)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(DisconnectedException.class);
            Eventually.isTrue(
                    "the report",
                    () -> events.all(MessagesDiscarded.class).stream()
                                    .mapToLong(MessagesDiscarded::messages)
                                    .sum()
                            == 2);
            assertThat(nc.statistics().outDiscarded()).isEqualTo(2);
            OutboundAccountingTest.assertAddsUp(nc.statistics());
            server.restart();
            events.await(Reconnected.class);
            nc.publish("a", "2");
            assertThat(sub.next(LONG).text()).isEqualTo("2");
        }
    }

    @Test
    void flushTellsThatThereIsNoServer() {
        try (Connection nc = Nats.connect(options().build())) {
            stop();
            assertThatThrownBy(() -> nc.flush(LONG)).isInstanceOf(DisconnectedException.class);
            assertThat(nc.flushAsync())
                    .failsWithin(LONG)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(DisconnectedException.class);
        }
    }

    @Test
    void givesUpAfterSoManyAttempts() {
        CountDownLatch published = new CountDownLatch(1);
        HostResolver notBefore = host -> {
            if (!server.isRunning()) {
                Eventually.isTrue("what is published meanwhile", () -> published.getCount() == 0);
            }
            return List.of(InetAddress.getLoopbackAddress());
        };
        String url = "nats://gone.example:" + server.port();
        try (Connection nc = Nats.connect(options(reconnect -> reconnect.maxAttempts(3))
                .servers(url)
                .resolver(notBefore)
                .build())) {
            Subscription sub = nc.subscribe("a");
            nc.publish("b", "1");
            nc.flush(LONG);
            stop();
            nc.publish("b", "2");
            published.countDown();
            Closed closed = events.await(Closed.class);
            assertThat(closed.reason()).isEqualTo(EndReason.NO_SERVERS);
            assertThat(closed.cause()).isInstanceOf(NoServersException.class).hasMessageContaining(url);
            assertThat(events.all(ReconnectFailed.class))
                    .extracting(ReconnectFailed::attempt)
                    .containsExactly(1, 2, 3);
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CLOSED);
            assertThatThrownBy(() -> nc.publish("b", "3")).isInstanceOf(ConnectionClosedException.class);
            assertThatThrownBy(() -> sub.next(LONG)).isInstanceOf(SubscriptionClosedException.class);
            assertThatThrownBy(nc::forceReconnect).isInstanceOf(ConnectionClosedException.class);
            assertThat(nc.statistics().outDiscarded()).isEqualTo(1);
            OutboundAccountingTest.assertAddsUp(nc.statistics());
            CutSweep.assertMessagesReported(events, nc.statistics());
        }
    }

    @Test
    void onDemand() {
        try (Connection nc = Nats.connect(options().build())) {
            Subscription sub = nc.subscribe("a");
            nc.flush(LONG);
            Long id = nc.clientId();
            nc.forceReconnect();
            events.await(Reconnected.class);
            assertThat(events.await(Disconnected.class).reason()).isEqualTo(EndReason.FORCED);
            assertThat(nc.clientId()).isNotNull().isNotEqualTo(id);
            nc.publish("a", "1");
            assertThat(sub.next(LONG).text()).isEqualTo("1");
        }
    }

    @Test
    void theFirstConnectGoesOnInTheBackground() {
        server.stop();
        try (Connection nc = Nats.connect(
                options(reconnect -> reconnect.onFirstConnect(true)).build())) {
            assertThat(nc.status()).isEqualTo(ConnectionStatus.RECONNECTING);
            assertThat(nc.serverInfo().serverId()).isEmpty();
            Subscription sub = nc.subscribe("a");
            nc.publish("a", "1");
            events.await(ReconnectFailed.class);
            server.restart();
            assertThat(sub.next(LONG).text()).isEqualTo("1");
            events.await(Connected.class);
            assertThat(events.all(Reconnected.class)).isEmpty();
        }
    }

    /** R-A7. */
    @Test
    void closedWhileThereIsNoServer() {
        Connection nc = Nats.connect(options().build());
        Subscription sub = nc.subscribe("a");
        nc.flush(LONG);
        stop();
        nc.publish("a", "1");
        nc.close();
        nc.close();
        Closed closed = events.await(Closed.class);
        assertThat(closed.reason()).isEqualTo(EndReason.CLOSED_BY_USER);
        assertThat(sub.isActive()).isFalse();
        assertThat(nc.statistics().outDiscarded()).isEqualTo(1);
        CutSweep.assertMessagesReported(events, nc.statistics());
    }

    /** R-A7: the future that is cancelled takes its attempts with it. */
    @Test
    void cancelledWhileItGoesOn() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        try (ScriptedServer silent = ScriptedServer.start(peer -> {
            connected.countDown();
            peer.expectEnd();
        })) {
            CompletableFuture<Connection> connecting = Nats.connectAsync(
                    options().servers(silent.url()).connectTimeout(LONG).build());
            Eventually.isDown(connected, "the attempt");
            assertThat(connecting.cancel(true)).isTrue();
            silent.await();
        }
    }

    /** R-A15: the same refusal twice in a row; asked for credentials each time. */
    @Test
    void credentialsThatAreNotAcceptedAnyMore() {
        String[] password = {"right"}; // read by threads that are told of it by way of the event loop
        try (EmbeddedServer strict = EmbeddedServer.builder().user("u", "right").start()) {
            Options options = options()
                    .servers(strict.url())
                    .auth(Auth.userPassword(() -> "u", () -> password[0].toCharArray()))
                    .build();
            try (Connection nc = Nats.connect(options)) {
                nc.forceReconnect();
                events.await(Reconnected.class);
                password[0] = "wrong";
                nc.forceReconnect();
                Closed closed = events.await(Closed.class);
                assertThat(closed.reason()).isEqualTo(EndReason.AUTHENTICATION);
                assertThat(closed.cause()).hasMessageContaining("Authorization Violation");
                assertThat(events.all(ReconnectFailed.class)).hasSize(2);
            }
        }
    }

    /** R-A5, R-A6: nothing comes, and nothing says why. */
    @Test
    void aBlackHoleIsLeft() throws Exception {
        try (FrameProxy proxy = FrameProxy.to(server.port());
                Connection nc = Nats.connect(options()
                        .servers(proxy.url())
                        .pingInterval(Duration.ofSeconds(2)) // a server that stands still for a while is not meant
                        .connectTimeout(LONG)
                        .build())) {
            Fault hole = proxy.toClient().at(Frame.MSG, 1).onConnection(1).blackHole();
            Subscription sub = nc.subscribe("a");
            nc.publish("a", "0");
            assertThat(hole.await(LONG)).isTrue();
            Disconnected lost = events.await(Disconnected.class);
            assertThat(lost.reason()).isEqualTo(EndReason.STALE);
            assertThat(lost.cause()).isInstanceOf(StaleConnectionException.class);
            events.await(Reconnected.class);
            nc.publish("a", "1");
            assertThat(sub.next(LONG).text()).isEqualTo("1");
        }
    }

    /** R-B1, R-B2: what is under way when the socket is cut is written, queued or reported, and the rest stays in order. */
    @Test
    void cutInTheMiddleOfTraffic() throws Exception {
        try (FrameProxy proxy = FrameProxy.to(server.port());
                Connection observer = Patient.connect(server.url());
                Connection nc = Nats.connect(options().servers(proxy.url()).build())) {
            List<Integer> seen = new ArrayList<>();
            observer.direct()
                    .subscribe(
                            "n",
                            view -> seen.add(
                                    view.payload().getInt(view.payload().readerIndex())));
            observer.flush(LONG);
            int count = 0;
            for (int cuts = 0; cuts < 5; cuts++) {
                int before = events.all(Reconnected.class).size();
                for (int i = 0; i < 2000; i++) {
                    nc.publish("n", java.nio.ByteBuffer.allocate(4).putInt(0, count++));
                }
                proxy.cut(cuts % 2 == 0 ? Cut.RST : Cut.FIN);
                for (int i = 0; i < 2000; i++) {
                    nc.publish("n", java.nio.ByteBuffer.allocate(4).putInt(0, count++));
                }
                Eventually.isTrue(
                        "a server again", () -> events.all(Reconnected.class).size() > before);
            }
            nc.flush(LONG);
            observer.flush(LONG);
            Statistics statistics = nc.statistics();
            assertThat(statistics.outAccepted()).isEqualTo(count);
            assertThat(statistics.outQueued()).isZero();
            OutboundAccountingTest.assertAddsUp(statistics);
            Eventually.isTrue(
                    "all reports",
                    () -> events.all(MessagesDiscarded.class).stream()
                                    .mapToLong(MessagesDiscarded::messages)
                                    .sum()
                            == statistics.outDiscarded());
            assertThat(seen).isSorted().doesNotHaveDuplicates();
            assertThat((long) seen.size()).isLessThanOrEqualTo(statistics.outWritten());
        }
    }

    /** R-A8: from the listener itself. */
    @Test
    void closedByTheListener() throws Exception {
        CompletableFuture<Connection> connection = new CompletableFuture<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Connection nc = Nats.connect(options()
                .listener(event -> {
                    events.onEvent(event);
                    if (event instanceof Disconnected) {
                        connection.join().close();
                        done.complete(null);
                    }
                })
                .build());
        connection.complete(nc);
        server.stop();
        done.get(LONG.toSeconds(), TimeUnit.SECONDS);
        events.await(Closed.class);
        assertThat(nc.status()).isEqualTo(ConnectionStatus.CLOSED);
    }
}
