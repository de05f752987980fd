// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.jetstream;

import static dev.midge.stan.jetstream.Servers.LONG;
import static dev.midge.stan.jetstream.Servers.options;
import static dev.midge.stan.jetstream.Servers.orders;
import static dev.midge.stan.jetstream.Servers.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.stan.OnSessionLost;
import dev.midge.stan.StanConnection;
import dev.midge.stan.StanException;
import dev.midge.stan.StanSubscribeOptions;
import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.RecordedFrame;
import dev.midge.testkit.Recording;
import dev.midge.testkit.base.NatsStreamingServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Numbers that do not come in a row: expired, lost on their way, or of a channel that began anew. */
class BridgeGapIT {
    /** The newest ten of a channel are kept. */
    private static NatsStreamingServer.Builder small() {
        return NatsStreamingServer.builder().flags("--max_msgs", "10");
    }

    /** Nothing but what a test has caused comes to a client. */
    private static NatsStreamingServer.Builder quiet() {
        return NatsStreamingServer.builder().flags("--hb_interval", "1h");
    }

    private static List<String> both(List<String> first, List<String> second) {
        List<String> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    @Test
    void whatExpiredWhileNoBridgeRanIsLeftOut() {
        try (Servers servers = new Servers(small())) {
            servers.publish(1, 5);
            try (ChannelBridge bridge =
                    ChannelBridge.start(servers.sc, servers.js, options().build())) {
                until(bridge, 5);
            }
            servers.publish(6, 30);
            try (ChannelBridge bridge =
                    ChannelBridge.start(servers.sc, servers.js, options().build())) {
                until(bridge, 30);
                assertThat(bridge.copied()).isEqualTo(10);
            }
            assertThat(servers.stored()).isEqualTo(both(orders(1, 5), orders(21, 30)));
        }
    }

    /** The stream takes nothing while the channel goes on. */
    @Test
    void whatExpiresUnderItIsLeftOut() {
        try (Servers servers = new Servers(small())) {
            servers.publish(1, 5);
            StanSubscribeOptions one = StanSubscribeOptions.builder()
                    .deliverAllAvailable()
                    .maxInFlight(1)
                    .build();
            try (ChannelBridge bridge = ChannelBridge.start(
                    servers.sc, servers.js, options().start(one).build())) {
                until(bridge, 5);
                servers.to.kill();
                servers.publish(6, 40);
                servers.to.restart();
                until(bridge, 40);
            }
            // the sixth was on its way when the stream went, or had not left the streaming server
            int before = servers.stored().contains("order 6") ? 6 : 5;
            assertThat(servers.stored()).isEqualTo(both(orders(1, before), orders(31, 40)));
        }
    }

    @Test
    void aDeliveryThatIsLostIsAskedForAgain() {
        try (Servers servers = new Servers(quiet());
                FrameProxy proxy = FrameProxy.to(port(servers))) {
            Recording recording = proxy.toClient().record();
            try (Connection through = servers.connect(proxy.url());
                    StanConnection lossy = servers.stan("lossy", through, OnSessionLost.CLOSE)) {
                servers.publish(1, 5);
                try (ChannelBridge bridge =
                        ChannelBridge.start(lossy, servers.js, options().build())) {
                    until(bridge, 5);
                    // The last delivery is there, and the empty answer to the close of what looked for the first: all
                    // is still.
                    await(recording, "order 5");
                    await(recording, " 0\r\n\r\n");
                    long next = messages(recording).count() + 1;
                    var fault = proxy.toClient().at(Frame.MSG, next).drop();
                    servers.publish(6, 7);
                    until(bridge, 7);
                    assertThat(fault.times()).isEqualTo(1);
                    assertThat(bridge.copied()).isEqualTo(7);
                }
            }
            assertThat(servers.stored()).isEqualTo(orders(1, 7));
        }
    }

    private static Stream<String> messages(Recording recording) {
        return recording.frames().stream()
                .filter(frame -> frame.kind() == Frame.MSG)
                .map(RecordedFrame::text);
    }

    private static void await(Recording recording, String text) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (messages(recording).noneMatch(frame -> frame.contains(text))) {
            assertThat(System.nanoTime() - deadline).as("waits for " + text).isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Those behind it do not take its place. */
    @Test
    void theFirstDeliveryIsLost() throws Exception {
        StanSubscribeOptions impatient = StanSubscribeOptions.builder()
                .deliverAllAvailable()
                .ackWait(Duration.ofSeconds(1))
                .build();
        try (Servers servers = new Servers(quiet());
                FrameProxy proxy = FrameProxy.to(port(servers))) {
            var fault = proxy.toClient().at(Frame.MSG, 3).drop(); // connected, subscribed, and this
            try (Connection through = servers.connect(proxy.url());
                    StanConnection lossy = servers.stan("lossy", through, OnSessionLost.CLOSE)) {
                servers.publish(1, 5);
                try (ChannelBridge bridge = ChannelBridge.start(
                        lossy, servers.js, options().start(impatient).build())) {
                    until(bridge, 5);
                    assertThat(fault.times()).isEqualTo(1);
                }
                assertThat(servers.stored()).isEqualTo(orders(1, 5));
            }
        }
    }

    private static int port(Servers servers) {
        String url = servers.from.url();
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }

    /** The server has lost its store, and the channel has the numbers of the copied messages again. */
    @Test
    void aChannelThatBeganAnewEndsIt() throws Exception {
        try (Servers servers = new Servers(NatsStreamingServer.builder())) {
            servers.publish(1, 5);
            try (ChannelBridge bridge =
                    ChannelBridge.start(servers.sc, servers.js, options().build())) {
                until(bridge, 5);
            }
            servers.from.restart();
            try (Connection nc = servers.connect(servers.from.url());
                    StanConnection anew = servers.stan("anew", nc, OnSessionLost.CLOSE)) {
                for (int i = 1; i <= 8; i++) {
                    anew.publish("orders", "another " + i);
                }
                try (ChannelBridge bridge =
                        ChannelBridge.start(anew, servers.js, options().build())) {
                    assertThatThrownBy(() -> bridge.done().get(LONG.toSeconds(), TimeUnit.SECONDS))
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isInstanceOf(StanException.class)
                            .hasMessage("cannot copy channel orders to stream ORDERS: the channel began anew,"
                                    + " its message 5 is newer than message 5 that was copied");
                    assertThat(bridge.copied()).isZero();
                }
            }
            assertThat(servers.stored()).as("nothing is mixed up").isEqualTo(orders(1, 5));
        }
    }

    /** Under a bridge whose streaming connection registers anew. */
    @Test
    void aChannelThatBeginsAnewEndsIt() throws Exception {
        try (Servers servers = new Servers(NatsStreamingServer.builder());
                Connection nc = servers.connect(servers.from.url());
                StanConnection lasting = servers.stan("lasting", nc, OnSessionLost.REESTABLISH)) {
            servers.publish(1, 5);
            try (ChannelBridge bridge =
                    ChannelBridge.start(lasting, servers.js, options().build())) {
                until(bridge, 5);
                servers.from.restart();
                try (Connection other = servers.connect(servers.from.url());
                        StanConnection publisher = servers.stan("publisher", other, OnSessionLost.CLOSE)) {
                    while (!bridge.done().isDone()) { // what is there when it registers does not come: that is new only
                        publisher.publish("orders", "another");
                    }
                }
                assertThatThrownBy(() -> bridge.done().get(LONG.toSeconds(), TimeUnit.SECONDS))
                        .hasMessageContaining("the channel began anew, its message ");
                assertThat(bridge.lastSequence()).isEqualTo(5);
            }
        }
    }

    /** Whoever waits for its end is told. */
    @Test
    void theEndOfTheStreamingConnectionEndsIt() throws Exception {
        try (Servers servers = new Servers(NatsStreamingServer.builder());
                ChannelBridge bridge =
                        ChannelBridge.start(servers.sc, servers.js, options().build())) {
            assertThat(bridge.done()).isNotDone();
            servers.sc.close();
            assertThatThrownBy(() -> bridge.done().get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(StanException.class)
                    .hasMessage("cannot copy channel orders to stream ORDERS: the streaming connection has ended");
        }
    }
}
