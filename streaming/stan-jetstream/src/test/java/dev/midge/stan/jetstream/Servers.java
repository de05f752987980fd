// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.jetstream;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.Reconnect;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamOptions;
import dev.midge.jetstream.StreamConfig;
import dev.midge.stan.OnSessionLost;
import dev.midge.stan.Stan;
import dev.midge.stan.StanConnection;
import dev.midge.stan.StanOptions;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsStreamingServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A streaming server, a server with the stream ORDERS, and a connection to each. */
final class Servers implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(30);

    final NatsStreamingServer from;
    final NatsServer to;
    final StanConnection sc;
    final JetStream js;
    private final List<AutoCloseable> open = new ArrayList<>();

    Servers(NatsStreamingServer.Builder streaming) {
        try {
            from = opened(streaming.start());
            to = opened(NatsServer.builder().jetStream().start());
            js = JetStream.of(
                    connect(to.url()), JetStreamOptions.builder().timeout(LONG).build());
            js.createStream(StreamConfig.builder("ORDERS").subjects("orders.>").build());
            sc = stan("bridge", connect(from.url()), OnSessionLost.CLOSE);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(0, resource);
        return resource;
    }

    /** A connection, which is closed with the servers. */
    Connection connect(String url) {
        return opened(Nats.connect(Options.builder()
                .servers(url)
                .connectTimeout(LONG)
                .writeTimeout(LONG)
                .closeTimeout(LONG)
                .reconnect(Reconnect.builder().wait(Duration.ofMillis(50)).build())
                .build()));
    }

    /** A streaming connection, which is closed with the servers. Its pings come when a test has long ended. */
    StanConnection stan(String clientId, Connection nc, OnSessionLost policy) {
        return opened(Stan.connect(
                nc,
                StanOptions.builder("test-cluster", clientId)
                        .connectTimeout(LONG)
                        .pings(Duration.ofHours(1), 2)
                        .onSessionLost(policy)
                        .build()));
    }

    void publish(int first, int last) {
        for (int i = first; i <= last; i++) {
            sc.publish("orders", "order " + i);
        }
    }

    static BridgeOptions.Builder options() {
        return BridgeOptions.builder("orders", "ORDERS").subject("orders.old");
    }

    static void until(ChannelBridge bridge, long sequence) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (bridge.lastSequence() < sequence) {
            if (bridge.done().isDone() || System.nanoTime() - deadline > 0) {
                throw new AssertionError(bridge.done() + ", copied " + bridge.copied() + " to " + bridge.lastSequence()
                        + " instead of " + sequence);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    List<String> stored() {
        List<String> texts = new ArrayList<>();
        long count = js.stream("ORDERS").info().state().messages();
        for (long i = 1; i <= count; i++) {
            texts.add(js.stream("ORDERS").message(i).text());
        }
        return texts;
    }

    static List<String> orders(int first, int last) {
        List<String> texts = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            texts.add("order " + i);
        }
        return texts;
    }

    @Override
    public void close() {
        for (AutoCloseable each : open) {
            try {
                each.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
