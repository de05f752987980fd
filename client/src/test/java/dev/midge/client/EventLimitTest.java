// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.Connected;
import dev.midge.client.ConnectionEvent.Disconnected;
import dev.midge.client.ConnectionEvent.EventsDropped;
import dev.midge.client.ConnectionEvent.MessagesDiscarded;
import dev.midge.client.ConnectionEvent.Reconnected;
import dev.midge.client.ConnectionEvent.ServerError;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.base.ScriptedServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A listener that blocks has so many events wait for it, and no more; what becomes of the others is told. */
class EventLimitTest {
    private static final int LIMIT = 10;

    private final List<ConnectionEvent> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void end() {
        goOn.countDown();
    }

    /** Told of the connect, it blocks: nothing but that was taken from what waits. */
    private Connection connect(OptionsBuilder options) throws InterruptedException {
        Connection nc = Nats.connect(options.eventLimit(LIMIT)
                .listener(event -> {
                    told.add(event);
                    blocked.countDown();
                    block();
                })
                .build());
        Eventually.isDown(blocked, "the listener told of the connect");
        return nc;
    }

    /** For as long as the test: longer than any of its steps may take. */
    private void block() {
        try {
            assertThat(goOn.await(2, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitClosed() {
        goOn.countDown();
        Eventually.isTrue(
                () -> "the end among " + told, () -> !told.isEmpty() && told.get(told.size() - 1) instanceof Closed);
    }

    private List<Class<?>> types() {
        return told.stream().<Class<?>>map(Object::getClass).toList();
    }

    /** Of what the server says at a rate so many are told as may wait; the end is. */
    @Test
    void errorsOfTheServerAtARate() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(Session.LONG, peer -> {
            peer.send(Session.INFO).readUntil("PING\r\n");
            peer.send("PONG\r\n").readUntil("PING\r\n");
            peer.send("-ERR 'again'\r\n".repeat(5_000) + "PONG\r\n").readUntil("PING\r\n");
            peer.send("PONG\r\n").expectEnd();
        })) {
            try (Connection nc = connect(Patient.options().servers(server.url()).reconnect(Reconnect.never()))) {
                nc.flush(Session.LONG);
            }
            awaitClosed();
        }
        List<Class<?>> expected = new ArrayList<>(List.of(Connected.class));
        expected.addAll(Collections.nCopies(LIMIT, ServerError.class));
        expected.addAll(List.of(EventsDropped.class, Closed.class));
        assertThat(types()).isEqualTo(expected);
        assertThat(told).contains(new EventsDropped(5_000 - LIMIT));
    }

    /** However often it is lost and found again: all of that up to twice the limit, and how it ends. */
    @Test
    void lossesWithoutEnd() throws Exception {
        int losses = 3 * LIMIT;
        try (EmbeddedServer server = EmbeddedServer.start()) {
            try (Connection nc = connect(Patient.options().servers(server.url()))) {
                for (int i = 1; i <= losses; i++) {
                    long expected = i;
                    nc.forceReconnect();
                    Eventually.isTrue("the next", () -> nc.statistics().reconnects() == expected);
                }
            }
            awaitClosed();
        }
        List<Class<?>> expected = new ArrayList<>(List.of(Connected.class));
        for (int i = 0; i < LIMIT; i++) {
            expected.addAll(List.of(Disconnected.class, Reconnected.class));
        }
        expected.addAll(List.of(EventsDropped.class, Disconnected.class, Reconnected.class, Closed.class));
        assertThat(types()).isEqualTo(expected);
        assertThat(told).contains(new EventsDropped(2L * (losses - LIMIT - 1)));
    }

    /** What is told of messages discarded is all of them, however many reports there are. */
    @Test
    void discardedMessagesAddUp() {
        List<Runnable> tasks = new ArrayList<>();
        Options options =
                Options.builder().eventLimit(LIMIT).listener(told::add).build();
        Events events = new Events(options, tasks::add);
        Exception cause = new IllegalStateException("made by a test");
        for (int i = 1; i <= 100; i++) {
            events.emit(new MessagesDiscarded(i, 10L * i, cause));
        }
        assertThat(tasks).hasSize(1);
        tasks.get(0).run();
        assertThat(told).hasSize(2 * LIMIT + 2).contains(new EventsDropped(100 - 2 * LIMIT - 1));
        assertThat(told.get(told.size() - 1)).isEqualTo(new MessagesDiscarded(5050 - 210, 10 * (5050 - 210), cause));
    }
}
