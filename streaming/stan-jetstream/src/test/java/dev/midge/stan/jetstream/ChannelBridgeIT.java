// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.Reconnect;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamApiException;
import dev.midge.jetstream.JetStreamOptions;
import dev.midge.jetstream.StoredMessage;
import dev.midge.jetstream.StreamConfig;
import dev.midge.stan.Stan;
import dev.midge.stan.StanConnection;
import dev.midge.stan.StanException;
import dev.midge.stan.StanOptions;
import dev.midge.stan.StanSubscribeOptions;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsStreamingServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a real streaming server into a stream of a real server. */
class ChannelBridgeIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private NatsStreamingServer old;
    private NatsServer server;
    private Connection from;
    private Connection to;
    private StanConnection sc;
    private JetStream js;

    @BeforeEach
    void start() {
        old = NatsStreamingServer.builder().fileStore().start();
        server = NatsServer.builder().jetStream().start();
        from = connect(old.url());
        to = connect(server.url());
        sc = Stan.connect(
                from,
                StanOptions.builder("test-cluster", "bridge")
                        .connectTimeout(LONG)
                        .build());
        js = JetStream.of(to, JetStreamOptions.builder().timeout(LONG).build());
        js.createStream(StreamConfig.builder("ORDERS").subjects("orders.>").build());
    }

    @AfterEach
    void stop() {
        for (AutoCloseable each : new AutoCloseable[] {sc, from, to, old, server}) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Connection connect(String url) {
        return Nats.connect(Options.builder()
                .servers(url)
                .connectTimeout(LONG)
                .writeTimeout(LONG)
                .closeTimeout(LONG)
                .reconnect(Reconnect.builder().wait(Duration.ofMillis(50)).build())
                .build());
    }

    private void publish(int first, int last) {
        for (int i = first; i <= last; i++) {
            sc.publish("orders", "order " + i);
        }
    }

    private static void until(ChannelBridge bridge, long sequence) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (bridge.lastSequence() < sequence) {
            if (bridge.done().isDone() || System.nanoTime() - deadline > 0) {
                throw new AssertionError(bridge.done() + ", copied " + bridge.copied() + " to " + bridge.lastSequence()
                        + " instead of " + sequence);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static BridgeOptions.Builder options() {
        return BridgeOptions.builder("orders", "ORDERS").subject("orders.old");
    }

    private List<String> stored() {
        List<String> texts = new ArrayList<>();
        long count = js.stream("ORDERS").info().state().messages();
        for (long i = 1; i <= count; i++) {
            texts.add(js.stream("ORDERS").message(i).text());
        }
        return texts;
    }

    private static List<String> orders(int first, int last) {
        List<String> texts = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            texts.add("order " + i);
        }
        return texts;
    }

    @Test
    void copiesAllThereIsAndAllThatComes() throws Exception {
        publish(1, 50);
        ChannelBridge bridge = ChannelBridge.start(sc, js, options().build());
        until(bridge, 50);
        publish(51, 60);
        until(bridge, 60);
        assertThat(bridge.copied()).isEqualTo(60);
        assertThat(bridge.done()).isNotDone();
        bridge.close();
        bridge.close();
        assertThat(bridge.done()).isCompleted();
        assertThat(stored()).isEqualTo(orders(1, 60));
        StoredMessage third = js.stream("ORDERS").message(3);
        assertThat(third.subject()).isEqualTo("orders.old");
        assertThat(third.headers().get("Nats-Msg-Id")).isEqualTo("orders:3");
        assertThat(third.headers().get(ChannelBridge.CHANNEL)).isEqualTo("orders");
        assertThat(third.headers().get(ChannelBridge.SEQUENCE)).isEqualTo("3");
        assertThat(third.headers().get(ChannelBridge.TIMESTAMP)).matches("20\\d\\d-.*Z");
        publish(61, 61);
        assertThat(stored()).hasSize(60);
    }

    @Test
    void goesOnWhereTheLastOneWas() {
        publish(1, 20);
        try (ChannelBridge first = ChannelBridge.start(sc, js, options().build())) {
            until(first, 20);
        }
        publish(21, 30);
        try (ChannelBridge second = ChannelBridge.start(sc, js, options().build())) {
            until(second, 30);
            assertThat(second.copied()).isEqualTo(10);
        }
        assertThat(stored()).isEqualTo(orders(1, 30));
    }

    @Test
    void startsWhereItIsTold() {
        publish(1, 10);
        StanSubscribeOptions fifth =
                StanSubscribeOptions.builder().startAtSequence(5).maxInFlight(2).build();
        try (ChannelBridge bridge =
                ChannelBridge.start(sc, js, options().start(fifth).build())) {
            until(bridge, 10);
        }
        assertThat(stored()).isEqualTo(orders(5, 10));
    }

    /** Both servers are killed under it. */
    @Test
    void survivesTheServers() {
        publish(1, 200);
        StanSubscribeOptions slow = StanSubscribeOptions.builder()
                .deliverAllAvailable()
                .ackWait(Duration.ofSeconds(1))
                .build();
        try (ChannelBridge bridge =
                ChannelBridge.start(sc, js, options().start(slow).build())) {
            until(bridge, 20);
            server.kill();
            server.restart();
            until(bridge, 60);
            old.kill();
            old.restart();
            until(bridge, 200);
        }
        assertThat(stored()).isEqualTo(orders(1, 200));
    }

    @Test
    void whatTheStreamRefusesEndsIt() throws Exception {
        js.updateStream(StreamConfig.builder("ORDERS")
                .subjects("orders.>")
                .maxMsgs(2)
                .discard(dev.midge.jetstream.DiscardPolicy.NEW)
                .build());
        publish(1, 3);
        try (ChannelBridge bridge = ChannelBridge.start(sc, js, options().build())) {
            assertThatThrownBy(() -> bridge.done().get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(JetStreamApiException.class);
            assertThat(bridge.lastSequence()).isEqualTo(2);
        }
        assertThat(stored()).isEqualTo(orders(1, 2));
    }

    @Test
    void whatIsNotAllowed() {
        assertThatThrownBy(() -> ChannelBridge.start(
                        sc, js, BridgeOptions.builder("orders", "NONE").build()))
                .isInstanceOf(JetStreamApiException.class);
        js.publish("orders.old", "of somebody else");
        assertThatThrownBy(() -> ChannelBridge.start(sc, js, options().build()))
                .isInstanceOf(StanException.class)
                .hasMessage("cannot copy channel orders to stream ORDERS: the last message of subject orders.old, 1,"
                        + " is not of this channel, so it cannot be told how far the copy came");
        assertThatThrownBy(() -> options()
                        .start(StanSubscribeOptions.builder().durable("d").build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("start is a subscription with durable d, queue null, manualAcks false:"
                        + " a bridge must have none of these");
        assertThatThrownBy(() -> options().retryWait(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("retryWait is PT0S: must be above 0");
    }
}
