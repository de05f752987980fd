// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.jetstream.Consumer;
import dev.midge.jetstream.ConsumerConfig;
import dev.midge.jetstream.Consumption;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamMessage;
import dev.midge.jetstream.StreamConfig;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The program of docs/consumers.md, with more time to wait. */
@NatsServerTest(jetStream = true)
class ConsumersExampleIT {
    private final Queue<String> replayed = new ConcurrentLinkedQueue<>();
    private final CountDownLatch done = new CountDownLatch(1);

    private void replay(JetStreamMessage message) {
        replayed.add(message.text());
        if (replayed.size() == 4) {
            done.countDown();
        }
    }

    @Test
    void consumers(NatsServer server) throws Exception {
        Duration wait = Duration.ofSeconds(30);
        try (Connection nc = Nats.connect(server.url())) {
            JetStream js = JetStream.of(nc);
            js.createStream(StreamConfig.builder("ORDERS").subjects("orders.>").build());
            for (int i = 0; i < 4; i++) {
                nc.request("orders.new", String.valueOf(i), wait);
            }
            Consumer c = js.stream("ORDERS")
                    .createConsumer(ConsumerConfig.builder().durable("w").build());
            for (JetStreamMessage m : c.fetch(2, wait)) {
                m.ack();
            }
            JetStreamMessage one = c.next(wait);
            assertThat(one.text()).isEqualTo("2");
            one.ackSync(wait);
            CountDownLatch last = new CountDownLatch(1);
            try (Consumption run = c.consume(m -> {
                m.ack();
                last.countDown();
            })) {
                assertThat(last.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(run.failure()).isNull();
            }
            try (Consumption all = js.stream("ORDERS").ordered().consume(m -> replay(m))) {
                assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(all.failure()).isNull();
            }
            assertThat(replayed).containsExactly("0", "1", "2", "3");
            js.deleteStream("ORDERS");
        }
    }
}
