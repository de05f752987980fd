// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.Session.msg;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.transport.EventLoops;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Filters on the event loop, and what modules on top of the client run there. */
class FilterTest {
    private Session session;

    @BeforeEach
    void connect() throws Exception {
        session = Session.open();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private void send(String... payloads) {
        for (String payload : payloads) {
            session.peer.send(msg("a", 1, payload));
        }
        session.barrier();
    }

    @Test
    void keepsMessagesFromBecomingPending() {
        Queue<Boolean> onLoop = new ConcurrentLinkedQueue<>();
        Subscription sub = session.nc
                .direct()
                .subscribe(
                        "a",
                        SubscribeOptions.DEFAULTS,
                        view -> {
                            onLoop.add(EventLoops.isEventLoopThread());
                            return view.payloadLength() > 1;
                        },
                        null);
        session.peer.expect("SUB a 1\r\n");
        send("x", "yes", "y", "no");
        assertThat(sub.pendingMessages()).isEqualTo(2);
        assertThat(sub.next(Session.LONG).text()).isEqualTo("yes");
        assertThat(sub.next(Session.LONG).text()).isEqualTo("no");
        assertThat(onLoop).containsExactly(true, true, true, true);
    }

    @Test
    void withAHandler() {
        Queue<String> got = new ConcurrentLinkedQueue<>();
        session.nc
                .direct()
                .subscribe(
                        "a",
                        SubscribeOptions.DEFAULTS,
                        view -> view.payloadLength() == 1,
                        message -> got.add(message.text()));
        session.peer.expect("SUB a 1\r\n");
        send("x", "yes", "y");
        Eventually.isTrue("two messages", () -> got.size() == 2);
        assertThat(got).containsExactly("x", "y");
    }

    @Test
    void whatAFilterThrowsIsReported() {
        Subscription sub = session.nc
                .direct()
                .subscribe(
                        "a",
                        SubscribeOptions.DEFAULTS,
                        view -> {
                            if (view.payloadLength() == 1) {
                                throw new IllegalStateException("no");
                            }
                            return true;
                        },
                        null);
        session.peer.expect("SUB a 1\r\n");
        send("x", "yes");
        assertThat(sub.next(Session.LONG).text()).isEqualTo("yes");
        assertThat(session.events.await(ConnectionEvent.HandlerFailed.class).cause())
                .hasMessage("no");
    }

    @Test
    void runsOnTheEventLoopAndOnTheExecutor() throws Exception {
        CompletableFuture<Boolean> loop = new CompletableFuture<>();
        session.nc.direct().eventLoop().execute(() -> loop.complete(EventLoops.isEventLoopThread()));
        assertThat(loop.get(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Boolean> later = new CompletableFuture<>();
        var timer = session.nc
                .direct()
                .eventLoop()
                .schedule(() -> later.complete(EventLoops.isEventLoopThread()), 1, TimeUnit.MILLISECONDS);
        assertThat(later.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(timer.get(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Boolean> executor = new CompletableFuture<>();
        session.nc.direct().executor().execute(() -> executor.complete(EventLoops.isEventLoopThread()));
        assertThat(executor.get(30, TimeUnit.SECONDS)).isFalse();
    }
}
