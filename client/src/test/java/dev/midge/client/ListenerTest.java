// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.Connected;
import dev.midge.client.ConnectionEvent.ServerError;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.base.ScriptedServer;
import dev.midge.transport.EventLoops;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What the listener of a connection may count on, and what it cannot do to others. */
class ListenerTest {
    private final List<Class<?>> told = new CopyOnWriteArrayList<>();

    private static Connection connect(ScriptedServer server, ConnectionListener listener) {
        return Nats.connect(Patient.options()
                .reconnect(Reconnect.never())
                .servers(server.url())
                .connectTimeout(Session.LONG)
                .listener(listener)
                .build());
    }

    /** R-C4: one that throws, even an Error, is told of what comes next all the same, and the connection goes on. */
    @Test
    void oneThatThrowsStopsNothing() {
        try (ScriptedServer server = ScriptedServer.start(Session.LONG, peer -> {
            peer.send(Session.INFO).readUntil("PING\r\n");
            peer.send("PONG\r\n-ERR 'one'\r\n-ERR 'two'\r\n").readUntil("PING\r\n");
            peer.send("PONG\r\n").readUntil("PING\r\n");
            peer.send("PONG\r\n").expectEnd();
        })) {
            try (Connection nc = connect(server, event -> {
                told.add(event.getClass());
                throw new AssertionError("thrown by a test at " + event.getClass());
            })) {
                nc.flush(Session.LONG);
            }
            Eventually.isTrue(() -> "four events: " + told, () -> told.size() == 4);
            assertThat(told).containsExactly(Connected.class, ServerError.class, ServerError.class, Closed.class);
        }
    }

    /** R-C2, R-C3: it is told on the executor, one event at a time and in order; nobody waits for it. */
    @Test
    void oneThatBlocksHoldsUpNobodyElse() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch handled = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(Session.LONG, peer -> {
            peer.send(Session.INFO).readUntil("PING\r\n");
            peer.send("PONG\r\n-ERR 'one'\r\n").readUntil("PING\r\n");
            peer.send(Session.msg("a", 1, "x") + "PONG\r\n").readUntil("PING\r\n");
            peer.send("PONG\r\n").expectEnd();
        })) {
            List<Boolean> onLoop = new CopyOnWriteArrayList<>();
            try (Connection nc = connect(server, event -> {
                told.add(event.getClass());
                onLoop.add(EventLoops.isEventLoopThread());
                Eventually.isTrue("the end of the test", () -> goOn.getCount() == 0);
            })) {
                nc.subscribe("a", message -> handled.countDown());
                nc.flush(Session.LONG);
                Eventually.isDown(handled, "the message");
            }
            Eventually.isTrue("the first event", () -> !told.isEmpty());
            assertThat(told).containsExactly(Connected.class);
            goOn.countDown();
            Eventually.isTrue(() -> "three events: " + told, () -> told.size() == 3);
            assertThat(told).containsExactly(Connected.class, ServerError.class, Closed.class);
            assertThat(onLoop).containsOnly(false);
        } finally {
            goOn.countDown();
        }
    }

    /** Those that are added are told behind it, one that throws too, and those that are removed are not. */
    @Test
    void othersAreAdded() {
        List<String> closed = new CopyOnWriteArrayList<>();
        ConnectionListener ofOptions = event -> closed.add("of the options");
        ConnectionListener removed = event -> closed.add("removed");
        try (EmbeddedServer server = EmbeddedServer.start()) {
            try (Connection nc = Nats.connect(
                    Patient.options().servers(server.url()).listener(ofOptions).build())) {
                Eventually.isTrue("the event of the connect", () -> closed.size() == 1);
                nc.addListener(event -> {
                    closed.add("added " + event.getClass().getSimpleName());
                    throw new AssertionError("thrown by a test");
                });
                nc.addListener(removed);
                nc.addListener(event -> closed.add("last"));
                nc.removeListener(removed);
                nc.removeListener(removed);
                nc.removeListener(ofOptions); // which was not added
            }
            Eventually.isTrue(() -> "three listeners: " + closed, () -> closed.size() == 4);
            assertThat(closed).containsExactly("of the options", "of the options", "added Closed", "last");
        }
    }
}
