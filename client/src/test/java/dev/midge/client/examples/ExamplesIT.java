// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionStatus;
import dev.midge.client.DrainResult;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.ServerChooser;
import dev.midge.client.ServerState;
import dev.midge.client.Subscription;
import dev.midge.testkit.base.NatsCluster;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.transport.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say. */
@NatsServerTest
class ExamplesIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServer server;

    ExamplesIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void first() {
        assertThat(Examples.first(server.url())).isEqualTo("rain, hello sue");
    }

    @Test
    void configured(@TempDir Path folder) throws Exception {
        Path context = Files.writeString(folder.resolve("here.json"), "{\"url\":\"" + server.url() + "\"}");
        Properties properties = new Properties();
        properties.setProperty("midge.connect-timeout", "20s");
        properties.setProperty("midge.name", "billing");
        try (Connection nc = Nats.connect(Examples.configured(context, properties, event -> {}))) {
            nc.flush(LONG);
            assertThat(nc.options().name()).isEqualTo("billing");
            assertThat(nc.options().connectTimeout()).isEqualTo(Duration.ofSeconds(20));
        }
    }

    @Test
    void drained() {
        Queue<String> log = new ConcurrentLinkedQueue<>();
        try (Connection nc = Nats.connect(server.url())) {
            assertThat(Examples.drained(nc, message -> {}, log::add)).isEqualTo(new DrainResult(true, 0, false));
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CLOSED);
        }
        assertThat(log).isEmpty();
    }

    @Test
    void options() throws Exception {
        Queue<String> log = new ConcurrentLinkedQueue<>();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Options options = Examples.options(server.url(), executor, log::add);
        try (Connection nc = Nats.connect(options)) {
            assertThat(nc.server()).isEqualTo(server.url());
            assertThat(nc.options().name()).isEqualTo("billing");
        } finally {
            executor.shutdown();
        }
        assertThat(executor.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(log).containsExactly("connected to " + server.url(), "closed: CLOSED_BY_USER");
    }

    @Test
    void cluster() throws Exception {
        BlockingQueue<String> log = new LinkedBlockingQueue<>();
        try (NatsCluster cluster =
                        NatsCluster.builder().version(server.version()).start();
                Connection nc =
                        Nats.connect(Examples.cluster(log::add, cluster.node(0).url()))) {
            cluster.node(0).kill();
            assertThat(log.poll(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("lost " + cluster.node(0).url() + ": CONNECTION_LOST");
            assertThat(log.poll(LONG.toSeconds(), TimeUnit.SECONDS)).startsWith("back at nats://127.0.0.1:");
            nc.flush(LONG);
        }
    }

    @Test
    void sameZone() {
        ServerState other = new ServerState(Endpoint.parse("nats://a.zone-1"), true, 0);
        ServerState same = new ServerState(Endpoint.parse("nats://b.zone-2"), true, 0);
        ServerChooser chooser = Examples.sameZone("zone-2");
        assertThat(chooser.choose(List.of(other, same), null)).isEqualTo(new ServerChooser.Choice(same.endpoint()));
        assertThat(chooser.choose(List.of(other), null)).isNull();
    }

    @Test
    void worker() throws Exception {
        Queue<String> done = new ConcurrentLinkedQueue<>();
        CountDownLatch ten = new CountDownLatch(10);
        try (Connection nc = Nats.connect(server.url())) {
            Subscription worker = Examples.worker(nc, message -> {
                done.add(message.text());
                ten.countDown();
            });
            for (int i = 0; i < 20; i++) {
                nc.publish("jobs", String.valueOf(i));
            }
            assertThat(ten.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            nc.flush(LONG);
            assertThat(worker.isActive()).isFalse();
        }
        assertThat(done).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void ten() {
        try (Connection nc = Nats.connect(server.url())) {
            assertThat(Examples.ten(nc)).isEqualTo(10);
        }
    }

    @Test
    void requests() {
        try (Connection nc = Nats.connect(server.url())) {
            assertThat(Examples.requests(nc)).isEqualTo("hello joe, hello sue");
        }
    }

    @Test
    void requestMany() {
        try (Connection nc = Nats.connect(server.url())) {
            assertThat(Examples.requestMany(nc)).containsExactly("one", "two", "SENTINEL");
        }
    }

    @Test
    void ticks() throws Exception {
        CompletableFuture<String> got = new CompletableFuture<>();
        try (Connection nc = Nats.connect(server.url())) {
            Examples.ticks(nc).subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(1);
                }

                @Override
                public void onNext(Message message) {
                    got.complete(message.text());
                }

                @Override
                public void onError(Throwable cause) {
                    got.completeExceptionally(cause);
                }

                @Override
                public void onComplete() {}
            });
            nc.publish("ticks", "tick");
            assertThat(got.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo("tick");
        }
    }

    @Test
    void direct() throws Exception {
        CompletableFuture<Long> price = new CompletableFuture<>();
        ByteBuf eight = Unpooled.copyLong(42);
        try (Connection nc = Nats.connect(server.url())) {
            Examples.direct(nc, payload -> price.complete(payload.readLong()), eight);
            assertThat(price.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(42);
        } finally {
            eight.release();
        }
    }

    @Test
    void withoutWaiting() {
        try (Connection nc = Nats.connect(server.url())) {
            assertThat(Examples.withoutWaiting(nc, new byte[1]))
                    .hasSize(2)
                    .allSatisfy(future -> assertThat(future).succeedsWithin(LONG));
            assertThat(nc.statistics().outWritten()).isEqualTo(2);
        }
    }
}
