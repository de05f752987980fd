// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.LameDuck;
import dev.midge.testkit.base.ScriptedServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R-A8: close() in a callback neither deadlocks nor interrupts, even where the executor has no other thread. */
class CloseInCallbackTest {
    /** Whether the thread of the callback was interrupted when close had returned. */
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

    private void closeHere(NatsConnection nc) {
        try {
            nc.close();
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CLOSED);
            interrupted.complete(Thread.currentThread().isInterrupted());
        } catch (Throwable e) {
            interrupted.completeExceptionally(e);
        }
    }

    private void assertClosed(Session session) throws Exception {
        session.peer.expect("PING\r\n").send("PONG\r\n").expectEnd();
        assertThat(interrupted.get(Session.LONG.toSeconds(), TimeUnit.SECONDS)).isFalse();
        session.events.await(Closed.class);
        assertThat(session.events.all(ConnectionEvent.HandlerFailed.class)).isEmpty();
    }

    @ParameterizedTest(name = "on the only thread: {0}")
    @ValueSource(booleans = {true, false})
    void inAHandler(boolean onlyThread) throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (Session session = Session.open(options -> {
            options.closeTimeout(Session.LONG);
            if (onlyThread) {
                options.executor(one);
            }
        })) {
            session.handle("a", message -> closeHere(session.nc));
            session.peer.send(Session.msg("a", 1, "x"));
            assertClosed(session);
        } finally {
            one.shutdown();
        }
    }

    @ParameterizedTest(name = "on the only thread: {0}")
    @ValueSource(booleans = {true, false})
    void inTheListener(boolean onlyThread) throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        CompletableFuture<NatsConnection> connection = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.send(Session.INFO)
                .expectLine("CONNECT .*")
                .expect("PING\r\n")
                .send("PONG\r\nINFO {\"ldm\":true}\r\n")
                .expect("PING\r\n")
                .send("PONG\r\n")
                .expectEnd())) {
            OptionsBuilder options = Patient.options()
                    .servers(server.url())
                    .closeTimeout(Session.LONG)
                    .listener(event -> {
                        if (event instanceof LameDuck) {
                            closeHere(connection.join());
                        } else if (event instanceof Closed) {
                            closed.countDown();
                        }
                    });
            if (onlyThread) {
                options.executor(one);
            }
            connection.complete((NatsConnection) Nats.connect(options.build()));
            assertThat(interrupted.get(Session.LONG.toSeconds(), TimeUnit.SECONDS))
                    .isFalse();
            Eventually.isDown(closed, "Closed");
        } finally {
            one.shutdown();
        }
    }

    @Test
    void inACompletion() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Session.LONG))) {
            CompletableFuture<Void> done = session.nc.flushAsync().thenRun(() -> closeHere(session.nc));
            session.peer.expect("PING\r\n").send("PONG\r\n");
            assertClosed(session);
            assertThat(Waiting.failure(done)).isNull();
        }
    }

    @Test
    void inASubscriber() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Session.LONG))) {
            Received received = new Received(1) {
                @Override
                public void onNext(Message message) {
                    closeHere(session.nc);
                }
            };
            session.pull("a").publisher().subscribe(received);
            session.peer.send(Session.msg("a", 1, "x"));
            assertClosed(session);
            assertThat(received.awaitEnd()).isNull();
        }
    }

    /** There it must not wait: the same thread does what is waited for. */
    @Test
    void inADirectHandler() throws Exception {
        try (Session session = Session.open(options -> options.closeTimeout(Session.LONG))) {
            CompletableFuture<ConnectionStatus> behind = new CompletableFuture<>();
            session.nc.direct().subscribe("a", view -> {
                session.nc.close();
                behind.complete(session.nc.status());
            });
            session.peer.expect("SUB a 1\r\n").send(Session.msg("a", 1, "x"));
            assertThat(behind.get(Session.LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ConnectionStatus.CLOSING);
            interrupted.complete(false);
            assertClosed(session);
        }
    }

    @Test
    void aHandlerThatRunsIsNeitherInterruptedNorWaitedFor() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Session session = Session.open(options -> options.closeTimeout(Duration.ofMillis(1)))) {
            session.handle("a", message -> {
                inside.countDown();
                try {
                    Eventually.isDown(go, "the end of the connection");
                    interrupted.complete(Thread.currentThread().isInterrupted());
                } catch (Throwable e) {
                    interrupted.completeExceptionally(e);
                }
            });
            session.peer.send(Session.msg("a", 1, "x"));
            Eventually.isDown(inside, "the handler");
            session.nc.close();
            assertThat(interrupted).isNotDone();
            go.countDown();
            assertThat(interrupted.get(Session.LONG.toSeconds(), TimeUnit.SECONDS))
                    .isFalse();
        }
    }
}
