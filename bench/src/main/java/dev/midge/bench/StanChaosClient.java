// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.Reconnect;
import dev.midge.stan.OnSessionLost;
import dev.midge.stan.Stan;
import dev.midge.stan.StanConnection;
import dev.midge.stan.StanEvent;
import dev.midge.stan.StanOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** One of the clients of {@link StanChaos}, with a NATS connection of its own. */
class StanChaosClient implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final AtomicInteger sessionsLost = new AtomicInteger();
    private final Connection nc;
    private final StanConnection sc;

    StanChaosClient(String url, String clientId) {
        nc = Nats.connect(Options.builder()
                .servers(url)
                .connectTimeout(LONG)
                .writeTimeout(LONG)
                .closeTimeout(LONG)
                .reconnect(Reconnect.builder().wait(Duration.ofMillis(50)).build())
                .build());
        sc = Stan.connect(
                nc,
                StanOptions.builder("test-cluster", clientId)
                        .connectTimeout(LONG)
                        .ackTimeout(Duration.ofSeconds(5))
                        .pings(Duration.ofSeconds(1), 1_000)
                        .onSessionLost(OnSessionLost.REESTABLISH)
                        .reestablishWait(Duration.ofMillis(250))
                        .listener(event -> {
                            if (event instanceof StanEvent.SessionLost) {
                                sessionsLost.incrementAndGet();
                            }
                        })
                        .build());
    }

    StanConnection stan() {
        return sc;
    }

    int sessionsLost() {
        return sessionsLost.get();
    }

    long reconnects() {
        return nc.statistics().reconnects();
    }

    @Override
    public void close() {
        sc.close();
        nc.close();
    }
}
