// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.OptionsBuilder;
import dev.midge.client.Subscription;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedTls;
import dev.midge.testkit.base.NatsServer;
import dev.midge.transport.Tls;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What encryption costs: {@code bench/midge throughput --tls [--rounds N] [--megabytes N]}. The same messages go
 * through the same server in plain text, with the TLS of the JDK, and with that of OpenSSL (netty-tcnative), in turns
 * within one run; the figures to quote are the ratios. A plain TLS socket beside them shows what the server allows, and
 * the processor time of nats-server why.
 *
 * <p>There are two servers, as nats-server gives its subscribers records of 512 B: it puts small messages into buffers
 * of that size, and a TLS record is never more than one of them. EmbeddedServer fills its records.
 */
final class TlsThroughput {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SUBJECT = "bench.subject";
    private static final int[] SIZES = {128, 16 << 10};

    private final int port;
    private final TlsFolder folder;
    private final long bytes;
    private final Map<String, @Nullable Tls> ways = new LinkedHashMap<>();
    private final Ratios ratios = new Ratios("plain");
    private final Ratios serverCpu = new Ratios("plain", "ns/message");
    private final @Nullable ProcessHandle server;

    /** @param server whose processor time is to be told, if it is a process of its own */
    private TlsThroughput(int port, TlsFolder folder, long bytes, @Nullable ProcessHandle server) {
        this.port = port;
        this.folder = folder;
        this.bytes = bytes;
        this.server = server;
        ways.put("plain", null);
        ways.put("tls jdk", tls(SslProvider.JDK));
        if (OpenSsl.isAvailable()) {
            ways.put("tls openssl", tls(SslProvider.OPENSSL));
        } else {
            System.out.println("no OpenSSL: " + OpenSsl.unavailabilityCause());
        }
    }

    static void main(Map<String, String> options) throws Exception {
        int rounds = Integer.parseInt(options.getOrDefault("--rounds", "5"));
        int megabytes = Integer.parseInt(options.getOrDefault("--megabytes", "256"));
        System.out.println(megabytes + " MB of payload each, " + rounds + " rounds and one to warm up");
        try (TlsFolder folder = TlsFolder.make()) {
            try (NatsServer server = NatsServer.builder()
                    .config("tls { cert_file: \"" + folder.certificate() + "\", key_file: \"" + folder.key()
                            + "\", timeout: 10 }\nallow_non_tls: true")
                    .start()) {
                System.out.println(server);
                ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
                new TlsThroughput(server.port(), folder, (long) megabytes << 20, process).run(rounds);
            }
            EmbeddedTls tls = EmbeddedTls.of(folder.certificate(), folder.key()).optional();
            try (EmbeddedServer server = EmbeddedServer.builder().tls(tls).start()) {
                System.out.println(server + ", inside this JVM");
                new TlsThroughput(server.port(), folder, (long) megabytes << 20, null).run(rounds);
            }
        }
    }

    private Tls tls(SslProvider provider) {
        Supplier<SslContext> context = () -> {
            try {
                return SslContextBuilder.forClient()
                        .sslProvider(provider)
                        .trustManager(folder.certificate().toFile())
                        .build();
            } catch (SSLException e) {
                throw new UncheckedIOException(e);
            }
        };
        return Tls.builder().nettyContext(context).build();
    }

    private void run(int rounds) throws Exception {
        for (int round = 0; round <= rounds; round++) {
            if (round == 1) {
                ratios.clear(); // the first round was the warm-up
                serverCpu.clear();
            }
            for (int size : SIZES) {
                publish(size);
                subscribe(size);
            }
        }
        ratios.print();
        if (server != null) {
            System.out.println("what the server takes of the processors for it:");
            serverCpu.print();
        }
    }

    private interface Measured {
        /** Gives messages a second. */
        double run() throws Exception;
    }

    private void measure(String work, int size, String who, Measured measured) throws Exception {
        long before = serverNanos();
        ratios.add(work, who, measured.run());
        serverCpu.add(work, who, (serverNanos() - before) * (double) size / bytes);
    }

    private long serverNanos() {
        return server == null
                ? 0
                : server.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    private void publish(int size) throws Exception {
        String work = "publish " + size + " B";
        for (Map.Entry<String, @Nullable Tls> way : ways.entrySet()) {
            measure(work, size, way.getKey(), () -> publish(size, way.getValue()));
        }
        measure(work, size, "raw tls jdk", () -> {
            long messages = bytes / size;
            try (RawTlsClient client = RawTlsClient.connect(port, folder.trusted())) {
                long start = System.nanoTime();
                client.publish(SUBJECT, size, messages);
                client.flush();
                return rate(messages, start);
            }
        });
    }

    private void subscribe(int size) throws Exception {
        String work = "subscribe " + size + " B";
        for (Map.Entry<String, @Nullable Tls> way : ways.entrySet()) {
            measure(work, size, way.getKey(), () -> subscribe(size, way.getValue()));
        }
        long frame = ("MSG " + SUBJECT + " 1 " + size + "\r\n").length() + size + 2L;
        measure(work, size, "raw tls jdk", () -> {
            try (RawTlsClient client = RawTlsClient.connect(port, folder.trusted())) {
                client.write("SUB " + SUBJECT + " 1\r\n");
                client.flush();
                return publishing(size, () -> client.count(frame * (bytes / size)));
            }
        });
    }

    private Connection connect(@Nullable Tls tls) {
        OptionsBuilder options =
                Options.builder().servers("nats://localhost:" + port).pendingLimits(Long.MAX_VALUE, Long.MAX_VALUE);
        return Nats.connect((tls == null ? options : options.tls(tls)).build());
    }

    private double publish(int size, @Nullable Tls tls) {
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) 'x');
        long messages = bytes / size;
        try (Connection nc = connect(tls)) {
            nc.flush(PATIENCE);
            long start = System.nanoTime();
            for (long i = 0; i < messages; i++) {
                nc.publish(SUBJECT, payload);
            }
            nc.flush(PATIENCE);
            return rate(messages, start);
        }
    }

    private double subscribe(int size, @Nullable Tls tls) throws Exception {
        long messages = bytes / size;
        CountDownLatch done = new CountDownLatch(1);
        long[] received = new long[1];
        try (Connection nc = connect(tls)) {
            Subscription sub = nc.subscribe(SUBJECT, message -> {
                if (++received[0] == messages) {
                    done.countDown();
                }
            });
            nc.flush(PATIENCE);
            double rate = publishing(size, done::await);
            sub.unsubscribe();
            return rate;
        }
    }

    private interface Waiting {
        void await() throws Exception;
    }

    /** Lets a plain socket publish on a thread of its own until so many messages have been received. */
    private double publishing(int size, Waiting received) throws Exception {
        long messages = bytes / size;
        try (RawClient publisher = RawClient.connect("nats://127.0.0.1:" + port)) {
            long start = System.nanoTime();
            Thread thread = new Thread(() -> publish(publisher, size, messages), "raw-publisher");
            thread.start();
            received.await();
            double rate = rate(messages, start);
            thread.join();
            return rate;
        }
    }

    private static void publish(RawClient client, int size, long messages) {
        try {
            client.publish(SUBJECT, size, messages);
            client.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double rate(long messages, long start) {
        return messages * 1e9 / (System.nanoTime() - start);
    }
}
