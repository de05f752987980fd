// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.jetstream;

import static dev.midge.stan.jetstream.Servers.LONG;
import static dev.midge.stan.jetstream.Servers.options;
import static dev.midge.stan.jetstream.Servers.orders;
import static dev.midge.stan.jetstream.Servers.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamApiException;
import dev.midge.jetstream.StoredMessage;
import dev.midge.jetstream.StreamConfig;
import dev.midge.stan.StanConnection;
import dev.midge.stan.StanException;
import dev.midge.stan.StanSubscribeOptions;
import dev.midge.testkit.base.NatsStreamingServer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From a real streaming server into a stream of a real server. */
class ChannelBridgeIT {
    private final Servers servers = new Servers(NatsStreamingServer.builder().fileStore());
    private final StanConnection sc = servers.sc;
    private final JetStream js = servers.js;

    @AfterEach
    void stop() {
        servers.close();
    }

    @Test
    void copiesAllThereIsAndAllThatComes() throws Exception {
        servers.publish(1, 50);
        ChannelBridge bridge = ChannelBridge.start(sc, js, options().build());
        until(bridge, 50);
        servers.publish(51, 60);
        until(bridge, 60);
        assertThat(bridge.copied()).isEqualTo(60);
        assertThat(bridge.done()).isNotDone();
        bridge.close();
        bridge.close();
        assertThat(bridge.done()).isCompleted();
        assertThat(servers.stored()).isEqualTo(orders(1, 60));
        StoredMessage third = js.stream("ORDERS").message(3);
        assertThat(third.subject()).isEqualTo("orders.old");
        assertThat(third.headers().get("Nats-Msg-Id")).isEqualTo("orders:3");
        assertThat(third.headers().get(ChannelBridge.CHANNEL)).isEqualTo("orders");
        assertThat(third.headers().get(ChannelBridge.SEQUENCE)).isEqualTo("3");
        assertThat(third.headers().get(ChannelBridge.TIMESTAMP)).matches("20\\d\\d-.*Z");
        servers.publish(61, 61);
        assertThat(servers.stored()).hasSize(60);
    }

    @Test
    void goesOnWhereTheLastOneWas() {
        servers.publish(1, 20);
        try (ChannelBridge first = ChannelBridge.start(sc, js, options().build())) {
            until(first, 20);
        }
        servers.publish(21, 30);
        try (ChannelBridge second = ChannelBridge.start(sc, js, options().build())) {
            until(second, 30);
            assertThat(second.copied()).isEqualTo(10);
        }
        assertThat(servers.stored()).isEqualTo(orders(1, 30));
    }

    @Test
    void startsWhereItIsTold() {
        servers.publish(1, 10);
        StanSubscribeOptions fifth =
                StanSubscribeOptions.builder().startAtSequence(5).maxInFlight(2).build();
        try (ChannelBridge bridge =
                ChannelBridge.start(sc, js, options().start(fifth).build())) {
            until(bridge, 10);
        }
        assertThat(servers.stored()).isEqualTo(orders(5, 10));
    }

    /** Both servers are killed under it. */
    @Test
    void survivesTheServers() {
        servers.publish(1, 200);
        StanSubscribeOptions slow = StanSubscribeOptions.builder()
                .deliverAllAvailable()
                .ackWait(Duration.ofSeconds(1))
                .build();
        try (ChannelBridge bridge =
                ChannelBridge.start(sc, js, options().start(slow).build())) {
            until(bridge, 20);
            servers.to.kill();
            servers.to.restart();
            until(bridge, 60);
            servers.from.kill();
            servers.from.restart();
            until(bridge, 200);
        }
        assertThat(servers.stored()).isEqualTo(orders(1, 200));
    }

    /** It waits for the stream, which an event loop must not. */
    @Test
    void anExecutorThatMustNotWaitEndsIt() {
        servers.publish(1, 2);
        StanSubscribeOptions inline = StanSubscribeOptions.builder()
                .deliverAllAvailable()
                .executor(Runnable::run)
                .build();
        try (ChannelBridge bridge =
                ChannelBridge.start(sc, js, options().start(inline).build())) {
            assertThat(bridge.done())
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .havingRootCause()
                    .isInstanceOf(IllegalStateException.class)
                    .withMessageContaining("event loop");
        }
        assertThat(servers.stored()).isEmpty();
    }

    @Test
    void whatTheStreamRefusesEndsIt() throws Exception {
        js.updateStream(StreamConfig.builder("ORDERS")
                .subjects("orders.>")
                .maxMsgs(2)
                .discard(dev.midge.jetstream.DiscardPolicy.NEW)
                .build());
        servers.publish(1, 3);
        try (ChannelBridge bridge = ChannelBridge.start(sc, js, options().build())) {
            assertThatThrownBy(() -> bridge.done().get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(JetStreamApiException.class);
            assertThat(bridge.lastSequence()).isEqualTo(2);
        }
        assertThat(servers.stored()).isEqualTo(orders(1, 2));
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
