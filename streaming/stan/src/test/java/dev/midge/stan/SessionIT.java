// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Reconnect;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsStreamingServer;
import dev.midge.transport.EventLoops;
import dev.midge.transport.TransportKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sessions and real servers that are killed, started again, and forget. */
class SessionIT {
    private static Connection connect(String url) {
        return Nats.connect(Patience.options(url)
                .reconnect(Reconnect.builder().wait(Duration.ofMillis(50)).build())
                .build());
    }

    private static StanOptions.Builder watchful(String clientId, Events events) {
        return Patience.stan(clientId).pings(Duration.ofSeconds(1), 1_000).listener(events);
    }

    /** The server has the client in its files, so all goes on as if nothing had been. */
    @Test
    void aFileStoreKeepsTheSession() throws Exception {
        Events events = new Events();
        try (NatsStreamingServer server =
                        NatsStreamingServer.builder().fileStore().start();
                Connection nc = connect(server.url());
                StanConnection sc = Stan.connect(nc, watchful("keeper", events).build())) {
            Inbox inbox = new Inbox();
            StanSubscribeOptions durable = StanSubscribeOptions.builder()
                    .durable("d")
                    .ackWait(Duration.ofSeconds(1))
                    .deliverAllAvailable()
                    .build();
            StanSubscription sub = sc.subscribe("c", durable, inbox);
            sc.publish("c", "before");
            assertThat(inbox.next().text()).isEqualTo("before");
            long reconnects = nc.statistics().reconnects();
            server.kill();
            server.restart();
            Patience.until("the reconnect", () -> nc.statistics().reconnects() > reconnects);
            Set<String> received = new HashSet<>();
            assertThat(sc.publish("c", "behind")).isNotEmpty();
            while (!received.contains("behind")) { // it may be told once more of what was before
                received.add(inbox.next().text());
            }
            assertThat(sub.isActive()).isTrue();
            assertThat(events.isEmpty()).as("nothing was lost").isTrue();
        }
    }

    private static void restart(NatsStreamingServer server) {
        server.kill();
        server.restart();
    }

    /** The NATS connection is there all the time; the streaming server has forgotten everything. */
    @Test
    void aMemoryStoreForgetsTheSession() throws Exception {
        Events events = new Events();
        try (NatsServer nats = NatsServer.start();
                NatsStreamingServer server =
                        NatsStreamingServer.builder().natsServer(nats.url()).start();
                Connection nc = connect(nats.url());
                StanConnection sc = Stan.connect(nc, watchful("loser", events).build())) {
            StanSubscription sub = sc.subscribe("c", new Inbox());
            restart(server);
            StanEvent.SessionLost lost = events.next(StanEvent.SessionLost.class);
            assertThat(lost)
                    .isEqualTo(new StanEvent.SessionLost(
                            StanEndReason.REPLACED,
                            "the server says \"client has been replaced or is no longer registered\""));
            assertThat(events.next(StanEvent.Closed.class).reason()).isEqualTo(StanEndReason.REPLACED);
            assertThat(sub.isActive()).isFalse();
            assertThatThrownBy(() -> sc.publish("c", "x")).isInstanceOf(StanClosedException.class);
        }
    }

    @Test
    void theSessionIsEstablishedAgain() throws Exception {
        Events events = new Events();
        try (NatsServer nats = NatsServer.start();
                NatsStreamingServer server =
                        NatsStreamingServer.builder().natsServer(nats.url()).start();
                Connection nc = connect(nats.url());
                StanConnection sc = Stan.connect(
                        nc,
                        watchful("returner", events)
                                .onSessionLost(OnSessionLost.REESTABLISH)
                                .build())) {
            Inbox inbox = new Inbox();
            StanSubscribeOptions all =
                    StanSubscribeOptions.builder().deliverAllAvailable().build();
            List<StanSubscription> subs = new ArrayList<>();
            for (String channel : List.of("a", "b", "c")) {
                subs.add(sc.subscribe(channel, all, inbox));
            }
            restart(server);
            events.next(StanEvent.SessionLost.class);
            events.next(StanEvent.Reestablished.class);
            for (StanSubscription sub : subs) {
                assertThat(sub.isActive()).isTrue();
                sc.publish(sub.subject(), "to " + sub.subject());
            }
            assertThat(inbox.texts(3)).containsExactlyInAnyOrder("to a", "to b", "to c");
        }
    }

    /** In a queue of its durable, while another client has it in the meantime. */
    @Test
    void durablesGoOnWhereTheyWere() throws Exception {
        Events events = new Events();
        EventLoops own = EventLoops.own(TransportKind.AUTO, 1);
        CountDownLatch standStill = new CountDownLatch(1);
        try (NatsStreamingServer server = NatsStreamingServer.start();
                Connection first = Nats.connect(
                        Patience.options(server.url()).eventLoops(own).build());
                Connection second = connect(server.url());
                StanConnection old = Stan.connect(
                        first,
                        watchful("the-one", events)
                                .onSessionLost(OnSessionLost.REESTABLISH)
                                .reestablishWait(Duration.ofMillis(100))
                                .build())) {
            Inbox inbox = new Inbox();
            StanSubscribeOptions durable = StanSubscribeOptions.builder()
                    .durable("d")
                    .deliverAllAvailable()
                    .build();
            old.subscribe("c", durable, inbox);
            old.publish("c", "1");
            StanMessage one = inbox.next();
            Patience.until("the ack", one::isAcknowledged);
            first.flush(Patience.LONG);

            // The first one stands still for so long that the server takes the second for its successor.
            first.direct().eventLoop().execute(() -> awaitQuietly(standStill));
            StanConnection newer = Patience.connect(second, "the-one");
            newer.publish("c", "2");
            standStill.countDown();
            assertThat(events.next(StanEvent.SessionLost.class).reason()).isEqualTo(StanEndReason.REPLACED);
            // Refused, unless the newer one in its turn did not answer the server within half a second.
            StanEvent next = events.next(StanEvent.class);
            boolean refused = next instanceof StanEvent.ReestablishFailed;
            if (next instanceof StanEvent.ReestablishFailed failed) {
                assertThat(failed.cause())
                        .isInstanceOfSatisfying(
                                StanServerException.class,
                                e -> assertThat(e.error()).isEqualTo(StanError.CLIENT_ID_IN_USE));
            } else {
                assertThat(next).isInstanceOf(StanEvent.Reestablished.class);
            }
            newer.close();
            StanMessage two = inbox.next();
            while (two.isRedelivered()) { // the first, where its ack came behind the connect of the second
                two = inbox.next();
            }
            assertThat(two.text()).isEqualTo("2");
            if (refused) {
                events.next(StanEvent.Reestablished.class);
            }
        }
    }

    /** The NATS connection is there all the time, and the streaming server says nothing; later it takes the client again. */
    @Test
    void aServerThatStandsStill() throws Exception {
        Events events = new Events();
        try (NatsServer nats = NatsServer.start();
                NatsStreamingServer server =
                        NatsStreamingServer.builder().natsServer(nats.url()).start();
                Connection nc = connect(nats.url());
                StanConnection sc = Stan.connect(
                        nc,
                        watchful("patient", events)
                                .pings(Duration.ofSeconds(1), 8)
                                .onSessionLost(OnSessionLost.REESTABLISH)
                                .build())) {
            Inbox inbox = new Inbox();
            sc.subscribe("c", inbox);
            server.freeze(true);
            CompletableFuture<String> outstanding = sc.publishAsync("c", "x");
            assertThat(events.next(StanEvent.SessionLost.class))
                    .isEqualTo(new StanEvent.SessionLost(
                            StanEndReason.MAX_PINGS, "8 pings, one every PT1S, had no answer"));
            assertThatThrownBy(() -> Patience.get(outstanding))
                    .cause()
                    .isInstanceOfSatisfying(
                            StanPublishException.class,
                            e -> assertThat(e.isOutcomeUnknown()).isTrue())
                    .hasMessageContaining("the session with the server was lost: 8 pings");
            server.freeze(false);
            events.next(StanEvent.Reestablished.class);
            sc.publish("c", "behind");
            while (!inbox.next().text().equals("behind")) {} // what was outstanding may have been stored
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            boolean unused = latch.await(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
