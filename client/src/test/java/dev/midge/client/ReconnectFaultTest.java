// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Disconnected;
import dev.midge.client.ConnectionEvent.ReconnectFailed;
import dev.midge.client.ConnectionEvent.Reconnected;
import dev.midge.testkit.Cut;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.Fault;
import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.ProxyDirection;
import dev.midge.testkit.RecordedFrame;
import dev.midge.testkit.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong while a connection looks for a server again. */
class ReconnectFaultTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final EmbeddedServer server = EmbeddedServer.start();

    @AfterEach
    void end() {
        server.close();
    }

    private static OptionsBuilder options(FrameProxy proxy, EventLog events) {
        return Patient.options()
                .servers(proxy.url())
                .listener(events)
                .reconnect(Reconnect.builder().wait(Duration.ofMillis(1)).build());
    }

    /** R-A1: cut behind each byte that comes from the server, there is always another attempt. */
    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS) // some hundred connections
    void cutAtEveryByteOfTheServer() throws Exception {
        assertThat(sweep(FrameProxy::toClient, Cut.FIN)).isGreaterThan(300);
    }

    /** R-A1: and behind each byte that it gets, CONNECT, PING and SUB. */
    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS) // some hundred connections
    void cutAtEveryByteOfTheClient() throws Exception {
        assertThat(sweep(FrameProxy::toServer, Cut.RST)).isGreaterThan(150);
    }

    private int sweep(Function<FrameProxy, ProxyDirection> direction, Cut how) throws Exception {
        int cuts = 0;
        for (boolean happened = true; happened; ) {
            EventLog events = new EventLog();
            try (FrameProxy proxy = FrameProxy.to(server.port())) {
                Fault cut = direction.apply(proxy).at(cuts).onConnection(2).cut(how);
                try (Connection nc = Nats.connect(options(proxy, events).build())) {
                    Subscription sub = nc.subscribe("a");
                    nc.flush(LONG);
                    nc.forceReconnect();
                    Eventually.isTrue(() -> "a message among " + events.all(), () -> {
                        nc.publish("a", "1"); // one that is under way when the cut comes is reported
                        try {
                            return sub.next(Duration.ofMillis(5)).text().equals("1");
                        } catch (NatsTimeoutException e) {
                            return false;
                        }
                    });
                    OutboundAccountingTest.assertAddsUp(nc.statistics());
                }
                happened = cut.times() > 0;
                cuts += happened ? 1 : 0;
            }
        }
        return cuts;
    }

    /** R-A3: a server that takes the connection and keeps silent is left when the time of the attempt is over. */
    @Test
    void silentServer() throws Exception {
        EventLog events = new EventLog();
        try (FrameProxy proxy = FrameProxy.to(server.port())) {
            Fault silence = proxy.toClient().at(0).onConnection(2).blackHole();
            Options options = options(proxy, events)
                    .connectTimeout(Duration.ofSeconds(5)) // the first one is to succeed
                    .build();
            try (Connection nc = Nats.connect(options)) {
                nc.forceReconnect();
                assertThat(silence.await(LONG)).isTrue();
                assertThat(events.await(ReconnectFailed.class).cause())
                        .hasMessageContaining("within the 5000 ms of the attempt");
                events.await(Reconnected.class);
                nc.flush(LONG);
            }
        }
    }

    /** R-A2: whatever users do meanwhile, each socket begins with CONNECT and PING. */
    @Test
    void nothingComesBeforeConnect() throws Exception {
        int rounds = 20;
        EventLog events = new EventLog();
        try (FrameProxy proxy = FrameProxy.builder()
                .target("127.0.0.1", server.port())
                .recordLimit(256 << 20)
                .start()) {
            Recording recording = proxy.toServer().record();
            try (Connection nc = Nats.connect(options(proxy, events).build())) {
                List<Subscription> kept = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    kept.add(nc.subscribe("kept." + i));
                }
                AtomicBoolean enough = new AtomicBoolean();
                List<Thread> users = new ArrayList<>();
                for (int t = 0; t < 4; t++) {
                    users.add(new Thread(() -> {
                        while (!enough.get()) {
                            Subscription sub = nc.subscribe("brief");
                            boolean unused = nc.tryPublish("somewhere", new byte[10]);
                            sub.unsubscribe();
                            LockSupport.parkNanos(10_000); // or the recording becomes very long
                        }
                    }));
                }
                users.forEach(Thread::start);
                for (int i = 0; i < rounds; i++) {
                    int before = i;
                    proxy.cut(i % 2 == 0 ? Cut.RST : Cut.FIN);
                    Eventually.isTrue(
                            () -> "reconnect " + before + " among " + events.all(Reconnected.class),
                            () -> events.all(Reconnected.class).size() > before);
                }
                enough.set(true);
                for (Thread user : users) {
                    user.join();
                }
                nc.flush(LONG);
                Eventually.isTrue("what was kept, and no more", () -> server.subscriptions() == kept.size());
                OutboundAccountingTest.assertAddsUp(nc.statistics());
            }
            assertThat(proxy.awaitNoConnection(LONG)).isTrue();
            assertBegins(recording, events.all(Disconnected.class).size());
        }
    }

    private static void assertBegins(Recording recording, int losses) {
        assertThat(recording.isComplete()).isTrue();
        List<RecordedFrame> frames = recording.frames();
        int last = frames.stream().mapToInt(RecordedFrame::connection).max().orElseThrow();
        assertThat(last).isGreaterThan(losses);
        for (int number = 1; number <= last; number++) {
            int connection = number;
            List<Frame> kinds = frames.stream()
                    .filter(frame -> frame.connection() == connection)
                    .limit(2)
                    .map(RecordedFrame::kind)
                    .toList();
            assertThat(kinds) // fewer if that connection was cut as well
                    .as("connection %d", number)
                    .isEqualTo(List.of(Frame.CONNECT, Frame.PING).subList(0, kinds.size()));
        }
    }
}
