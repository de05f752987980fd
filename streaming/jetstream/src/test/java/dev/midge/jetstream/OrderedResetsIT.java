// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Reconnect;
import dev.midge.testkit.Cut;
import dev.midge.testkit.Fault;
import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An ordered consumer whose messages and heartbeats a proxy loses, whose consumers are deleted, and whose connection is cut. */
@NatsServerTest(jetStream = true)
@Timeout(300) // each of the steps has a limit of its own
class OrderedResetsIT extends StreamCase {
    private static final int RESETS = 100;
    private static final int SILENCES = 3;

    private final Queue<Long> got = new ConcurrentLinkedQueue<>();
    private final Queue<ConsumeEvent.Restarted> resets = new ConcurrentLinkedQueue<>();
    private Stream stream;
    private long published;

    OrderedResetsIT(NatsServer server, NatsServerVersion version) {
        super(server, version);
    }

    @BeforeEach
    void makeStream() {
        stream = js.createStream(StreamConfig.builder(name).subjects(name).build());
    }

    @Test
    @DisplayName(
            "R-E5: 100 resets by what is lost, deleted, silent and cut: no gap, no duplicate, two consumers at most")
    void resets() throws Exception {
        try (FrameProxy proxy = FrameProxy.to(server.port());
                Connection proxied = Nats.connect(Patience.options(proxy.url())
                        .reconnect(
                                Reconnect.builder().wait(Duration.ofMillis(10)).build())
                        .build())) {
            Consumption run = read(proxied);
            for (int i = 1; i <= SILENCES; i++) {
                fallSilent(proxy, i);
            }
            while (resets.size() < RESETS) { // each of the three is one; more come where the machine stands still
                lose(proxy);
                behind(this::deleteConsumers);
                behind(() -> proxy.cut(Cut.RST));
                Patience.until("at most 2 consumers", () -> consumers().size() <= 2);
            }
            assertThat(resets.stream().map(ConsumeEvent.Restarted::consumer)).doesNotHaveDuplicates();
            assertThat(resets.stream().map(ConsumeEvent.Restarted::reason).map(OrderedResetsIT::withoutNumbers))
                    .contains(
                            "heartbeats were missed",
                            "delivery # came in place of #",
                            "it was deleted",
                            "connected to another server");
            assertThat(run.isActive()).isTrue();
            run.stop();
            Patience.until("no consumer is left", () -> consumers().isEmpty());
        }
    }

    private static String withoutNumbers(String reason) {
        return reason.replaceAll("\\d+", "#");
    }

    private Consumption read(Connection connection) {
        OrderedOptions options = OrderedOptions.builder()
                .idleHeartbeat(Duration.ofMillis(500))
                .listener(event -> {
                    if (event instanceof ConsumeEvent.Restarted restarted) {
                        resets.add(restarted);
                    }
                })
                .build();
        return Patience.jetStream(connection).stream(name)
                .ordered(options)
                .consume(message -> got.add(message.metadata().streamSequence()));
    }

    /** A message does not get through; those behind it tell, or the heartbeat. */
    private void lose(FrameProxy proxy) throws InterruptedException {
        Fault lost = proxy.toClient().each(Frame.MSG).drop();
        publish(1);
        assertThat(lost.await(Patience.LONG)).isTrue();
        lost.remove();
        publish(2);
        awaitAll();
    }

    private void fallSilent(FrameProxy proxy, int times) throws InterruptedException {
        Fault silence = proxy.toClient().each(Frame.HMSG).drop();
        Patience.until(
                "missed heartbeats",
                () -> resets.stream()
                                .filter(reset -> reset.reason().equals("heartbeats were missed"))
                                .count()
                        >= times);
        assertThat(silence.await(Patience.LONG)).isTrue(); // there were heartbeats
        behind(silence::remove);
    }

    /** What happens between two messages. */
    private void behind(Runnable event) {
        publish(2);
        awaitAll();
        event.run();
        publish(2);
        awaitAll();
    }

    private void deleteConsumers() {
        for (String consumer : consumers()) {
            try {
                stream.deleteConsumer(consumer);
            } catch (JetStreamApiException e) {
                assertThat(e.errCode()).isEqualTo(Api.CONSUMER_NOT_FOUND); // it was left, and deleted, meanwhile
            }
        }
    }

    private List<String> consumers() {
        return stream.consumerNames().toList();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            js.publish(name, String.valueOf(++published));
        }
    }

    private void awaitAll() {
        Patience.until(
                () -> "messages up to " + published + ", there are " + got,
                Patience.LONG,
                () -> got.size() >= published);
        assertThat(got)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, published).boxed().toList());
    }
}
