// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.testkit.Cut;
import dev.midge.testkit.Fault;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.ProxyDirection;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.transport.ConnectFailedException;
import dev.midge.transport.ConnectFailedException.Reason;
import dev.midge.transport.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** R-A1, R-A3: what happens to plain handshakes in CutSweep and HandshakeSilenceIT happens to encrypted ones here. */
@Timeout(180) // some thousand TLS handshakes
class TlsHandshakeFaultIT {
    private static final Duration SHORT = Duration.ofMillis(500);

    /** How many connections fall silent at the same time, and how far apart. */
    private static final int BATCH = 40;

    private static final int STEP = 20;

    /** More bytes than either side sends in a handshake. */
    private static final int HANDSHAKE_AT_MOST = 10_000;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Certificates certificates;

    private NatsServer server;

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) throws Exception {
        certificates = Certificates.make(folder);
    }

    @BeforeEach
    void start() {
        server = NatsServer.builder()
                .version(NatsServerVersion.newest())
                .config(certificates.config("server", ""))
                .start();
    }

    @AfterEach
    void end() {
        server.close();
    }

    private static OptionsBuilder options(FrameProxy proxy, Duration timeout) {
        return Patient.options()
                .reconnect(Reconnect.never())
                .servers(proxy.url())
                .tls(Tls.builder().trust(certificates.pem("ca")).build())
                .connectTimeout(timeout);
    }

    @Test
    void cutAtEveryByteOfTheClient() throws Exception {
        sweep(FrameProxy::toServer);
    }

    @Test
    void cutAtEveryByteOfTheServer() throws Exception {
        sweep(FrameProxy::toClient);
    }

    /** By FIN and by RST in turn. */
    private void sweep(Function<FrameProxy, ProxyDirection> direction) throws Exception {
        int cuts = 0;
        boolean happened = true;
        for (int offset = 0; happened; offset++) {
            try (FrameProxy proxy = FrameProxy.to(server.port())) {
                Fault cut = direction.apply(proxy).at(offset).cut(offset % 2 == 0 ? Cut.FIN : Cut.RST);
                connectAndClose(proxy);
                assertThat(proxy.awaitNoConnection(Session.LONG)).isTrue();
                happened = cut.times() > 0;
                cuts += happened ? 1 : 0;
            } catch (AssertionError e) {
                throw new AssertionError("cut at byte " + offset + ": " + e.getMessage(), e);
            }
        }
        assertThat(cuts).isGreaterThan(500);
        System.out.println("faults injected: " + cuts + " cuts of TLS handshakes");
    }

    private static void connectAndClose(FrameProxy proxy) {
        EventLog events = new EventLog();
        Connection nc;
        try {
            nc = Nats.connect(options(proxy, Session.LONG).listener(events).build());
        } catch (NoServersException e) {
            assertFailed(e, proxy, Reason.PEER_CLOSED, Reason.TLS);
            return;
        }
        nc.close();
        assertThat(events.await(Closed.class)).isNotNull();
    }

    private static void assertFailed(NoServersException failure, FrameProxy proxy, Reason... reasons) {
        ConnectFailedException cause = failure.failures().get(0);
        assertThat(cause.reason()).as("%s", cause).isIn((Object[]) reasons);
        assertThat(cause).hasMessageContaining("127.0.0.1:" + proxy.port());
    }

    @Test
    void silenceOfTheServer() throws Exception {
        silentEverywhere(FrameProxy::toClient);
    }

    @Test
    void silenceTowardsTheServer() throws Exception {
        silentEverywhere(FrameProxy::toServer);
    }

    private void silentEverywhere(Function<FrameProxy, ProxyDirection> direction) throws Exception {
        int silences = 0;
        for (int from = 0; from < HANDSHAKE_AT_MOST; from += BATCH * STEP) {
            try (FrameProxy proxy = FrameProxy.to(server.port())) {
                for (int i = 0; i < BATCH; i++) {
                    direction
                            .apply(proxy)
                            .at(from + (long) i * STEP)
                            .onConnection(i + 1)
                            .hold();
                }
                int silent = silentConnections(proxy);
                silences += silent;
                if (silent < BATCH) {
                    break; // the last ones came behind the handshake
                }
            }
        }
        assertThat(silences).isGreaterThan(20);
        System.out.println("faults injected: " + silences + " silences in TLS handshakes");
    }

    private static int silentConnections(FrameProxy proxy) {
        List<CompletableFuture<Connection>> attempts = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            attempts.add(Nats.connectAsync(
                    options(proxy, SHORT).closeTimeout(Duration.ZERO).build()));
        }
        int silent = 0;
        for (CompletableFuture<Connection> attempt : attempts) {
            Throwable failure = Waiting.failure(attempt);
            if (failure instanceof NoServersException none) {
                assertFailed(none, proxy, Reason.TIMEOUT);
                silent++;
            } else {
                assertThat(failure).isNull();
                attempt.join().close();
            }
        }
        return silent;
    }
}
