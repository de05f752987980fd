// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.ProtocolException;
import dev.midge.testkit.base.ScriptedConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a connection that nobody asked for. */
class ConnectionEndTest {
    private static final byte[] DATA = {1};

    enum End {
        FIN(EndReason.CONNECTION_LOST, NatsException.class),
        RST(EndReason.CONNECTION_LOST, IOException.class),
        GARBAGE(EndReason.PROTOCOL_ERROR, ProtocolException.class);

        final EndReason reason;
        final Class<? extends Throwable> cause;

        End(EndReason reason, Class<? extends Throwable> cause) {
            this.reason = reason;
            this.cause = cause;
        }

        /** What it sends must have been read before, or a reset may lose it. */
        void by(ScriptedConnection peer) {
            switch (this) {
                case FIN -> peer.shutdownOutput();
                case RST -> peer.reset();
                case GARBAGE -> peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoeverWaitsFailsWithTheReason(End end) throws Exception {
        try (Session session = Session.open()) {
            Subscription pulled = session.pull("a");
            Received published = new Received(1);
            session.pull("b").publisher().subscribe(published);
            CompletableFuture<Void> flushed = session.nc.flushAsync();
            Waiting next = Waiting.in(() -> pulled.next(Session.LONG));
            Waiting flush = Waiting.in(() -> session.nc.flush(Session.LONG));
            Waiting rtt = Waiting.in(() -> session.nc.rtt(Session.LONG));
            Waiting iterator = Waiting.in(() ->
                    assertThat(session.nc.subscribe("c").iterator().hasNext()).isFalse());
            published.awaitSubscribed();

            end.by(session.peer);

            assertThat(next.failure()).isInstanceOf(SubscriptionClosedException.class);
            assertThat(next.failure()).cause().isInstanceOf(ConnectionClosedException.class);
            assertThat(iterator.failure()).isNull();
            assertThat(published.awaitEnd()).isInstanceOf(ConnectionClosedException.class);
            for (Throwable failure : new Throwable[] {flush.failure(), rtt.failure(), Waiting.failure(flushed)}) {
                assertThat(failure)
                        .isInstanceOf(ConnectionClosedException.class)
                        .hasMessageContainingAll(session.server.url().substring(7), end.reason.toString());
                assertThat(failure.getCause()).isInstanceOf(end.cause);
            }
            Closed closed = session.events.await(Closed.class);
            assertThat(closed.reason()).isEqualTo(end.reason);
            assertThat(closed.cause()).isInstanceOf(end.cause);
            assertThat(session.nc.status()).isEqualTo(ConnectionStatus.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatComesTooLateFailsAtOnce(End end) throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            end.by(session.peer);
            session.events.await(Closed.class);

            NatsConnection nc = session.nc;
            tooLate(end, () -> nc.publish("a", DATA));
            tooLate(end, () -> nc.publish("a", "text"));
            tooLate(end, () -> nc.publish(Message.to("a").replyTo("b").build()));
            tooLate(end, () -> nc.tryPublish("a", DATA));
            tooLate(end, () -> nc.subscribe("a"));
            tooLate(end, () -> nc.subscribe("a", message -> {}));
            tooLate(end, () -> nc.direct().subscribe("a", message -> {}));
            tooLate(end, () -> nc.flush(Session.LONG));
            tooLate(end, () -> nc.rtt(Session.LONG));
            assertThat(Waiting.failure(nc.publishAsync("a", DATA))).isInstanceOf(ConnectionClosedException.class);
            assertThat(Waiting.failure(nc.flushAsync())).isInstanceOf(ConnectionClosedException.class);

            assertThat(subscription.isActive()).isFalse();
            assertThatExceptionOfType(SubscriptionClosedException.class)
                    .isThrownBy(() -> subscription.next(Duration.ZERO));
            subscription.unsubscribe();
            subscription.unsubscribeAfter(1);
            nc.close();
            nc.closeAsync().join();
            assertThat(session.events.all(Closed.class)).hasSize(1);
            assertThat(session.events.all()).last().isInstanceOf(Closed.class);
        }
    }

    private static void tooLate(End end, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(ConnectionClosedException.class)
                .isThrownBy(call)
                .withCauseInstanceOf(end.cause);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasReceivedBeforeIsStillDelivered(End end) throws Exception {
        int count = 100;
        CountDownLatch handled = new CountDownLatch(count);
        Gate gate = new Gate();
        try (Session session = Session.open()) {
            Subscription pulled = session.pull("a");
            Subscription published = session.pull("b");
            session.handle("c", message -> {
                gate.onMessage(message);
                handled.countDown();
            });
            session.peer.send(
                    Session.msgs("a", 1, 0, count) + Session.msgs("b", 2, 0, count) + Session.msgs("c", 3, 0, count));
            if (end == End.RST) {
                session.barrier();
            }
            end.by(session.peer);
            session.events.await(Closed.class);
            gate.open();

            Eventually.isDown(handled, "what came before the end");
            assertThat(gate.entered()).hasSize(count).first().isEqualTo("0");
            for (int i = 0; i < count; i++) {
                assertThat(pulled.next(Duration.ZERO).text()).isEqualTo(String.valueOf(i));
            }
            assertThatExceptionOfType(SubscriptionClosedException.class).isThrownBy(() -> pulled.next(Session.LONG));
            Received received = new Received(Long.MAX_VALUE);
            published.publisher().subscribe(received);
            assertThat(received.awaitEnd()).isInstanceOf(ConnectionClosedException.class);
            assertThat(received.texts()).hasSize(count).last().isEqualTo(String.valueOf(count - 1));
        }
    }
}
