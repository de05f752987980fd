// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.RequestPeer.expectFirst;
import static dev.midge.client.RequestPeer.expectInbox;
import static dev.midge.client.RequestPeer.expectRequest;
import static dev.midge.client.Session.INFO;
import static dev.midge.client.Session.LONG;
import static dev.midge.client.Session.msg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.midge.client.RequestPeer.Asked;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.base.ScriptedConnection;
import dev.midge.testkit.base.ScriptedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** R-D4: requests whose server is lost; and those that it does not allow. */
class RequestLossTest {
    private static final String DENIED = "-ERR 'Permissions Violation for ";

    private final EventLog events = new EventLog();
    private final CountDownLatch sent = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    private static void handshake(ScriptedConnection peer) {
        peer.send(INFO).readLine();
        peer.expect("PING\r\n").send("PONG\r\n");
    }

    private NatsConnection connect(ScriptedServer server, Consumer<OptionsBuilder> change) {
        return connect(server.url(), change);
    }

    private NatsConnection connect(String url, Consumer<OptionsBuilder> change) {
        OptionsBuilder options = Options.builder()
                .servers(url)
                .listener(events)
                .closeTimeout(Duration.ZERO)
                .connectTimeout(LONG)
                .reconnect(Reconnect.builder().wait(Duration.ofMillis(10)).build());
        change.accept(options);
        return (NatsConnection) Nats.connect(options.build());
    }

    private static Message get(CompletableFuture<Message> reply) throws Exception {
        return reply.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** What the server was given fails; what was queued meanwhile is for the next one, which knows the inbox by then. */
    @Test
    void writtenAndQueued() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(
                        LONG,
                        peer -> {
                            handshake(peer);
                            expectFirst(peer);
                            expectRequest(peer);
                            peer.await(cut).reset();
                        },
                        peer -> {
                            peer.await(sent); // while there is none
                            handshake(peer);
                            Asked asked = expectFirst(peer);
                            peer.send(msg(asked.replyTo(), 1, "to " + asked.payload()));
                            peer.await(over);
                        });
                NatsConnection nc = connect(server, options -> {})) {
            CompletableFuture<Message> async = nc.requestAsync("a", "1", LONG);
            Waiting waiting = Waiting.in(() -> nc.request("a", "2", LONG));
            cut.countDown();
            events.await(ConnectionEvent.Disconnected.class);
            CompletableFuture<Message> queued = nc.requestAsync("a", "3", LONG);
            sent.countDown();
            for (Throwable failure : new Throwable[] {Waiting.failure(async), waiting.failure()}) {
                assertThat(failure).isInstanceOf(DisconnectedException.class).hasMessageContaining(server.url());
            }
            assertThat(get(queued).text()).isEqualTo("to 3");
            assertThat(nc.requests().pending()).isZero();
            over.countDown();
        }
    }

    /** By option they wait on: the reply may come by way of the next server. */
    @Test
    void writtenOnesMayWait() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        LONG,
                        peer -> {
                            handshake(peer);
                            expectFirst(peer);
                            peer.reset();
                        },
                        peer -> {
                            handshake(peer);
                            String inbox = expectInbox(peer);
                            peer.send(msg(inbox.replace("*", "mapped"), 1, "here"));
                            peer.await(over);
                        });
                NatsConnection nc = connect(server, options -> options.failRequestsOnDisconnect(false))) {
            assertThat(get(nc.requestAsync("a", "1", LONG)).text()).isEqualTo("here");
            over.countDown();
        }
    }

    /** Of many that a server that does not read leaves in the socket and in the buffer, each fails or is sent anew. */
    @Test
    void cutWhileTheyAreBeingWritten() throws Exception {
        int count = 600;
        int size = 64 << 10;
        CountDownLatch cut = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(
                        LONG,
                        peer -> {
                            handshake(peer);
                            peer.await(cut).reset();
                        },
                        peer -> {
                            handshake(peer);
                            expectInbox(peer);
                            while (true) {
                                Asked asked = expectRequest(peer);
                                peer.send(
                                        msg(asked.replyTo(), 1, asked.payload().substring(0, 4)));
                                if (asked.payload().startsWith("last")) {
                                    break;
                                }
                            }
                            peer.await(over);
                        });
                NatsConnection nc = connect(
                        server,
                        options -> options.outboundLimit(1L << 30)
                                .reconnect(Reconnect.builder()
                                        .wait(Duration.ofMillis(10))
                                        .bufferSize(1L << 30)
                                        .build()))) {
            List<CompletableFuture<Message>> replies = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                replies.add(nc.requestAsync("a", String.format("%04d", i) + "x".repeat(size), LONG));
            }
            replies.add(nc.requestAsync("a", "last", LONG));
            Eventually.isTrue("the socket to be full", () -> nc.statistics().outWritten() > 0);
            cut.countDown();
            int failed = 0;
            while (Waiting.failure(replies.get(failed)) instanceof DisconnectedException) {
                failed++;
            }
            assertThat(failed).isPositive().isLessThan(count);
            for (int i = failed; i <= count; i++) {
                assertThat(get(replies.get(i)).text()).isEqualTo(i == count ? "last" : String.format("%04d", i));
            }
            Statistics statistics = nc.statistics();
            assertThat(statistics.outDiscarded()).isLessThanOrEqualTo(failed);
            assertThat(statistics.outAccepted()).isEqualTo(count + 1);
            over.countDown();
        }
    }

    @Test
    void refusedOrDroppedWhileThereIsNoServer() throws Exception {
        for (WhileDisconnected policy : List.of(WhileDisconnected.FAIL, WhileDisconnected.DROP_AND_REPORT)) {
            try (EmbeddedServer server = EmbeddedServer.start();
                    NatsConnection nc = connect(
                            server.url(),
                            options -> options.reconnect(Reconnect.builder()
                                    .whileDisconnected(policy)
                                    .wait(Duration.ofHours(1))
                                    .maxWait(Duration.ofHours(2))
                                    .build()))) {
                server.stop();
                Eventually.isTrue("no server", () -> nc.status() == ConnectionStatus.RECONNECTING);
                assertThat(Waiting.failure(nc.requestAsync("a", "x", LONG))).isInstanceOf(DisconnectedException.class);
                assertThatExceptionOfType(DisconnectedException.class).isThrownBy(() -> nc.request("a", "x", LONG));
                assertThat(nc.requests().pending()).isZero();
            }
        }
    }

    /** All that wait for a reply to a subject that is refused, and no others. */
    @Test
    void theSubjectIsDenied() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> one = session.nc.requestAsync("secret.a", "x", LONG);
            CompletableFuture<Message> two = session.nc.requestAsync("secret.a", "x", LONG);
            CompletableFuture<Message> other = session.nc.requestAsync("open", "x", LONG);
            expectFirst(session.peer);
            expectRequest(session.peer);
            String replyTo = expectRequest(session.peer).replyTo();
            session.peer.send(DENIED + "Publish to \"secret.a\"'\r\n");
            assertThat(Waiting.failure(one))
                    .isInstanceOf(ServerErrorException.class)
                    .hasMessageContaining("secret.a");
            assertThat(Waiting.failure(two)).isInstanceOf(ServerErrorException.class);
            assertThat(other).isNotDone();
            session.peer.send(msg(replyTo, 1, "here"));
            assertThat(get(other).text()).isEqualTo("here");
        }
    }

    @Test
    void theReplySubjectIsDenied() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> one = session.nc.requestAsync("a", "x", LONG);
            CompletableFuture<Message> other = session.nc.requestAsync("a", "x", LONG);
            String denied = expectFirst(session.peer).replyTo();
            session.peer.send(DENIED + "Publish with Reply of \"" + denied + "\"'\r\n");
            assertThat(Waiting.failure(one)).isInstanceOf(ServerErrorException.class);
            assertThat(other).isNotDone();
        }
    }

    /** All fail; the next one tries once more. */
    @Test
    void theInboxIsDenied() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> one = session.nc.requestAsync("a", "x", LONG);
            CompletableFuture<Message> two = session.nc.requestAsync("b", "x", LONG);
            String inbox = expectInbox(session.peer);
            expectRequest(session.peer);
            expectRequest(session.peer);
            session.peer.send(DENIED + "Subscription to \"" + inbox + "\"'\r\n");
            assertThat(Waiting.failure(one))
                    .isInstanceOf(ServerErrorException.class)
                    .hasMessageContaining(inbox);
            assertThat(Waiting.failure(two)).isInstanceOf(ServerErrorException.class);

            CompletableFuture<Message> next = session.nc.requestAsync("a", "x", LONG);
            assertThat(expectInbox(session.peer)).isNotEqualTo(inbox);
            session.peer.send(msg(expectRequest(session.peer).replyTo(), 2, "here"));
            assertThat(get(next).text()).isEqualTo("here");
        }
    }

    @Test
    void theInboxOfOneIsDenied() throws Exception {
        try (Session session = Session.open(options -> options.oldRequestStyle(true))) {
            CompletableFuture<Message> one = session.nc.requestAsync("a", "x", LONG);
            String inbox = RequestPeer.words(session.peer.readLine()).get(1);
            session.peer.send(DENIED + "Subscription to \"" + inbox + "\"'\r\n");
            assertThat(Waiting.failure(one)).isInstanceOf(ServerErrorException.class);
            assertThat(session.nc.requests().pending()).isZero();
        }
    }

    /** A drain lets requests go on: their inbox stays, and handlers may make others. */
    @Test
    void draining() throws Exception {
        try (Session session = Session.open()) {
            Subscription sub = session.pull("jobs");
            session.peer.send(msg("jobs", sub.sid(), "x"));
            session.barrier();
            CompletableFuture<Message> before = session.nc.requestAsync("a", "1", LONG);
            String inbox = RequestPeer.words(session.peer.readLine()).get(1);
            Asked first = expectRequest(session.peer);
            CompletableFuture<DrainResult> drained = session.nc.drainAsync(LONG);
            session.peer.expect("UNSUB " + sub.sid() + "\r\nPING\r\n").send("PONG\r\n");
            CompletableFuture<Message> meanwhile = session.nc.requestAsync("a", "2", LONG);
            Asked second = expectRequest(session.peer);
            assertThat(second.replyTo()).startsWith(inbox.replace("*", ""));
            session.peer.send(msg(first.replyTo(), 2, "one") + msg(second.replyTo(), 2, "two"));
            assertThat(get(before).text()).isEqualTo("one");
            assertThat(get(meanwhile).text()).isEqualTo("two");
            assertThat(drained).isNotDone();
            assertThat(sub.next(LONG).text()).isEqualTo("x");
            session.peer.expect("PING\r\n").send("PONG\r\n"); // of the drain
            session.peer.expect("PING\r\n").send("PONG\r\n"); // of close
            assertThat(drained.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(new DrainResult(true, 0, false));
        }
    }
}
