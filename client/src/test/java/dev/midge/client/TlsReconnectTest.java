// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Disconnected;
import dev.midge.client.ConnectionEvent.MessagesDiscarded;
import dev.midge.client.ConnectionEvent.Reconnected;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedTls;
import dev.midge.testkit.Fault;
import dev.midge.testkit.FrameProxy;
import dev.midge.transport.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What encryption changes when a server is left: it holds data back, and says goodbye before it closes. */
class TlsReconnectTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** R-A1, R-A4: the network takes nothing more, what was encrypted waits in vain, and the connection goes on elsewhere. */
    @Test
    void leavesAServerThatTakesNothing(@TempDir Path folder) throws Exception {
        Certificates certificates = Certificates.make(folder);
        EventLog events = new EventLog();
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .tls(EmbeddedTls.of(certificates.pem("server"), certificates.key("server"))
                                .timeout(LONG))
                        .start();
                FrameProxy proxy = FrameProxy.builder()
                        .target("127.0.0.1", server.port())
                        .socketBuffer(32 << 10)
                        .bytesOnly()
                        .start();
                Connection nc = Nats.connect(Options.builder()
                        .servers("tls://127.0.0.1:" + proxy.port())
                        .tls(Tls.builder().trust(certificates.pem("ca")).build())
                        .connectTimeout(LONG)
                        .writeTimeout(Duration.ofMillis(100))
                        .outboundLimit(1 << 20)
                        .listener(events)
                        .build())) {
            nc.flush(LONG);
            Fault hole = proxy.toServer().at(100_000).onConnection(1).blackHole();
            int accepted = publishUntilFull(nc);
            assertThat(hole.await(LONG)).isTrue();
            accepted += publishUntilFull(nc);
            nc.forceReconnect();
            events.await(Disconnected.class);
            events.await(Reconnected.class);
            nc.flush(LONG);
            MessagesDiscarded discarded = events.await(MessagesDiscarded.class);
            Statistics statistics = nc.statistics();
            OutboundAccountingTest.assertAddsUp(statistics);
            assertThat(statistics.outAccepted()).isEqualTo(accepted);
            assertThat(statistics.outDiscarded()).isEqualTo(discarded.messages());
            assertThat(events.all(Reconnected.class)).hasSize(1);
        }
    }

    /**
     * As many as are taken until the network takes no more. One that is refused does not say that: it may be the event
     * loop that stood still. So it is one that is refused right after the event loop has written what it could.
     */
    static int publishUntilFull(Connection nc) {
        byte[] data = new byte[5_000];
        int accepted = 0;
        boolean full = false;
        while (!full) {
            full = true;
            CompletableFuture<Void> turn = new CompletableFuture<>();
            ((NatsConnection) nc).lifecycle().onLoop(() -> turn.complete(null));
            turn.join();
            while (true) {
                try {
                    nc.publish("hole", data);
                    accepted++;
                    full = false;
                } catch (OutboundFullException e) {
                    break;
                }
            }
        }
        return accepted;
    }
}
