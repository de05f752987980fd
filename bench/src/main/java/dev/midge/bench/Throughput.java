// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * How much of the rate that server and kernel allow a connection reaches: {@code bench/midge throughput [--url URL]
 * [--rounds N] [--messages N]}; with {@code --tls} see {@link TlsThroughput}. The raw programs and Midge take turns in one run, on the same server; the figures to
 * quote are the ratios.
 */
public final class Throughput {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SUBJECT = "bench.subject";

    private final String url;
    private final int rounds;
    private final long messages;
    private final Ratios ratios = new Ratios("raw");

    private Throughput(String url, int rounds, long messages) {
        this.url = url;
        this.rounds = rounds;
        this.messages = messages;
    }

    /** The entry point. */
    public static void main(String[] args) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(args));
        if (arguments.remove("--tls")) {
            String program = "throughput --tls";
            TlsThroughput.main(
                    BenchServer.options(program, arguments.toArray(new String[0]), "--rounds", "--megabytes"));
            return;
        }
        try (BenchServer server = BenchServer.fromArguments("throughput", args, "--rounds", "--messages")) {
            int rounds = server.number("--rounds", 5);
            int messages = server.number("--messages", 3_000_000);
            System.out.println("server: " + server.description());
            new Throughput(server.url(), rounds, messages).run();
        }
    }

    private void run() throws Exception {
        for (int round = 0; round <= rounds; round++) {
            if (round == 1) {
                ratios.clear(); // the first round was the warm-up
            }
            for (int size : new int[] {16, 128}) {
                measure("publish", "raw", size, () -> rawPublish(size));
                measure("publish", "midge", size, () -> publish(size));
                measure("subscribe", "raw", size, () -> rawSubscribe(size));
                measure("subscribe", "midge handler", size, () -> subscribe(size, false));
                measure("subscribe", "midge direct", size, () -> subscribe(size, true));
            }
        }
        ratios.print();
    }

    private interface Work {
        double rate() throws Exception;
    }

    private void measure(String work, String who, int size, Work run) throws Exception {
        ratios.add(work + " " + size + " B", who, run.rate());
    }

    private double rawPublish(int size) throws IOException {
        try (RawClient client = RawClient.connect(url)) {
            long start = System.nanoTime();
            client.publish(SUBJECT, size, messages);
            client.flush();
            return rate(start);
        }
    }

    private double publish(int size) {
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) 'x');
        try (Connection nc = Nats.connect(url)) {
            long start = System.nanoTime();
            for (long i = 0; i < messages; i++) {
                nc.publish(SUBJECT, payload);
            }
            nc.flush(PATIENCE);
            return rate(start);
        }
    }

    private double rawSubscribe(int size) throws Exception {
        try (RawClient client = RawClient.connect(url)) {
            client.write("SUB " + SUBJECT + " 1\r\n");
            client.flush();
            long frame = 0L + ("MSG " + SUBJECT + " 1 " + size + "\r\n").length() + size + 2;
            return publishing(size, () -> client.count(frame * messages));
        }
    }

    private double subscribe(int size, boolean direct) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        long[] received = new long[1];
        Options options = Options.builder()
                .servers(url)
                .pendingLimits(Long.MAX_VALUE, Long.MAX_VALUE)
                .build();
        try (Connection nc = Nats.connect(options)) {
            Runnable counter = () -> {
                if (++received[0] == messages) {
                    done.countDown();
                }
            };
            Subscription sub = direct
                    ? nc.direct().subscribe(SUBJECT, view -> counter.run())
                    : nc.subscribe(SUBJECT, message -> counter.run());
            nc.flush(PATIENCE);
            double rate = publishing(size, done::await);
            sub.unsubscribe();
            return rate;
        }
    }

    private interface Waiting {
        void await() throws Exception;
    }

    /** Lets a raw publisher run on a thread of its own until so many messages have been received. */
    private double publishing(int size, Waiting received) throws Exception {
        Thread publisher = new Thread(
                () -> {
                    try (RawClient client = RawClient.connect(url)) {
                        client.publish(SUBJECT, size, messages);
                        client.flush();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                "raw-publisher");
        long start = System.nanoTime();
        publisher.start();
        received.await();
        double rate = rate(start);
        publisher.join();
        return rate;
    }

    private double rate(long start) {
        return messages * 1e9 / (System.nanoTime() - start);
    }
}
