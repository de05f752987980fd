// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.Cut;
import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.ProxyDirection;
import dev.midge.testkit.Recording;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.transport.ConnectFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** R-A3: a peer that falls silent at any byte of the handshake is given up within connectTimeout. */
@NatsServerTest
class HandshakeSilenceIT {
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    /** How many connections try at the same time. */
    private static final int BATCH = 100;

    private final NatsServer server;

    HandshakeSilenceIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void silenceOfTheServer() throws Exception {
        int length;
        try (FrameProxy proxy = FrameProxy.to(server.port())) {
            Recording recording = proxy.toClient().record();
            Patient.connect(proxy.url()).close();
            // Servers answer CONNECT with PONG, and some with another INFO around it.
            assertThat(recording.frames().get(0).kind()).isEqualTo(Frame.INFO);
            length = recording.frames().get(0).text().length() + "PONG\r\n".length();
        }
        // Ids of clients that get longer make INFO longer, so all of these are too short.
        silentAtEachByte(length, true);
    }

    @Test
    void silenceTowardsTheServer() throws Exception {
        int length;
        try (FrameProxy proxy = FrameProxy.to(server.port())) {
            Recording recording = proxy.toServer().record();
            Patient.connect(proxy.url()).close();
            assertThat(recording.frames().get(1).kind()).isEqualTo(Frame.PING);
            length = recording.frames().get(0).text().length() + "PING\r\n".length();
        }
        silentAtEachByte(length, false);
    }

    private void silentAtEachByte(int length, boolean toClient) throws Exception {
        for (int from = 0; from < length; from += BATCH) {
            int to = Math.min(length, from + BATCH);
            try (FrameProxy proxy = FrameProxy.to(server.port())) {
                ProxyDirection direction = toClient ? proxy.toClient() : proxy.toServer();
                for (int offset = from; offset < to; offset++) {
                    direction.at(offset).onConnection(offset - from + 1).hold();
                }
                allTimeOut(proxy, to - from);
            }
        }
        System.out.println("faults injected: " + length + " silences of " + server);
    }

    private static void allTimeOut(FrameProxy proxy, int count) {
        Options options =
                Options.builder().servers(proxy.url()).connectTimeout(TIMEOUT).build();
        long begin = System.nanoTime();
        List<CompletableFuture<Connection>> attempts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            attempts.add(Nats.connectAsync(options));
        }
        for (CompletableFuture<Connection> attempt : attempts) {
            ConnectFailedException cause = failure(attempt);
            assertThat(cause.reason()).as("%s", cause).isEqualTo(ConnectFailedException.Reason.TIMEOUT);
            assertThat(cause).hasMessageContaining("127.0.0.1:" + proxy.port());
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Session.LONG);
    }

    private static ConnectFailedException failure(CompletableFuture<Connection> attempt) {
        if (Waiting.failure(attempt) instanceof NoServersException failure) {
            return failure.failures().get(0);
        }
        throw new AssertionError("not what an attempt fails with: " + Waiting.failure(attempt));
    }

    /** A peer that is silent at first and then goes is told apart from one that stays silent. */
    @Test
    void silenceThatEndsInACut() throws Exception {
        try (FrameProxy proxy = FrameProxy.to(server.port())) {
            proxy.blackHole();
            CompletableFuture<Connection> attempt = Nats.connectAsync(Options.builder()
                    .servers(proxy.url())
                    .connectTimeout(Session.LONG)
                    .build());
            assertThat(proxy.awaitConnections(1, Session.LONG)).isTrue();
            proxy.cut(Cut.RST);
            assertThat(failure(attempt).reason()).isEqualTo(ConnectFailedException.Reason.PEER_CLOSED);
        }
    }
}
