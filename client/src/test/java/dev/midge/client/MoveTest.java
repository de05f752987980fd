// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.internal.Exchanges;
import dev.midge.testkit.EmbeddedServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Subscriptions that go on with another subject, for the modules built on the client. */
class MoveTest {
    private static CountDownLatch move(Connection nc, Subscription subscription, String subject) {
        CountDownLatch moved = new CountDownLatch(1);
        nc.direct().eventLoop().execute(() -> Exchanges.of(nc).move(subscription, subject, moved::countDown));
        return moved;
    }

    private static void await(CountDownLatch moved) throws InterruptedException {
        assertThat(moved.await(Session.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** All that came for the first subject is here when it is over. */
    @Test
    void isToldToTheServer() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.nc.subscribe("a.*");
            session.peer.expect("SUB a.* 1\r\n");
            CountDownLatch moved = move(session.nc, subscription, "b.*");
            session.peer.expect("UNSUB 1\r\nSUB b.* 1\r\nPING\r\n");
            session.peer.send("MSG a.x 1 1\r\n1\r\n");
            assertThat(subscription.next(Session.LONG).text()).isEqualTo("1");
            assertThat(moved.getCount()).isEqualTo(1);
            session.peer.send("MSG a.y 1 1\r\n2\r\nPONG\r\nMSG b.x 1 1\r\n3\r\n");
            await(moved);
            assertThat(subscription.subject()).isEqualTo("b.*");
            assertThat(subscription.next(Session.LONG).text()).isEqualTo("2");
            assertThat(subscription.next(Session.LONG).text()).isEqualTo("3");
        }
    }

    @Test
    void isToldToTheNextServer() throws Exception {
        EventLog events = new EventLog();
        try (EmbeddedServer server = EmbeddedServer.start();
                Connection nc = Nats.connect(Patient.options()
                        .servers(server.url())
                        .listener(events)
                        .reconnect(
                                Reconnect.builder().wait(Duration.ofMillis(20)).build())
                        .build())) {
            Subscription subscription = nc.subscribe("a");
            nc.flush(Session.LONG);
            server.stop();
            events.await(ConnectionEvent.Disconnected.class);
            await(move(nc, subscription, "b")); // there is nobody to wait for
            server.restart();
            events.await(ConnectionEvent.Reconnected.class);
            nc.publish("a", "to nobody");
            nc.publish("b", "here");
            assertThat(subscription.next(Session.LONG).text()).isEqualTo("here");
            assertThat(server.subscriptions()).isEqualTo(1);
        }
    }

    @Test
    void hasEndedMeanwhile() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.nc.subscribe("a");
            session.peer.expect("SUB a 1\r\n");
            subscription.unsubscribe();
            session.peer.expect("UNSUB 1\r\n");
            CountDownLatch moved = move(session.nc, subscription, "b");
            session.peer.expect("PING\r\n").send("PONG\r\n");
            await(moved);
        }
    }
}
