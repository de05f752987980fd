// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * How many messages of 128 B a second a server takes from one Midge connection to another in this JVM, and what 10,000
 * subscriptions do to that: {@code bench/midge routing [--rounds N] [--messages N]}. EmbeddedServer and nats-server,
 * where it is installed, take turns.
 */
public final class Routing {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PAYLOAD = 128;
    private static final int MANY = 10_000;

    private final int rounds;
    private final int messages;
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();
    private final String[] one = {"bench.subject"};
    private final String[] many = new String[MANY];

    private Routing(int rounds, int messages) {
        this.rounds = rounds;
        this.messages = messages;
        Arrays.setAll(many, i -> "bench.many." + i);
    }

    /** The entry point. */
    public static void main(String[] args) throws Exception {
        Map<String, String> options = BenchServer.options("routing", args, "--rounds", "--messages");
        int rounds = Integer.parseInt(options.getOrDefault("--rounds", "3"));
        int messages = Integer.parseInt(options.getOrDefault("--messages", "3000000"));
        new Routing(rounds, messages).run();
    }

    private void run() throws Exception {
        boolean beside = NatsServer.isInstalled(NatsServerVersion.newest());
        for (int round = 0; round <= rounds; round++) {
            if (round == 1) {
                rates.clear(); // the first round was the warm-up
            }
            try (EmbeddedServer server = EmbeddedServer.start()) {
                measure("EmbeddedServer", server.url());
            }
            if (beside) {
                try (NatsServer server = NatsServer.start()) {
                    measure("nats-server", server.url());
                }
            }
        }
        print();
    }

    private void measure(String server, String url) throws Exception {
        measure(server, "1 subject, 1 subscription", url, one, one);
        String[] others = new String[MANY + 1];
        Arrays.setAll(others, i -> i == 0 ? one[0] : "bench.other." + i);
        measure(server, "1 subject, 10,000 other subscriptions", url, one, others);
        measure(server, "10,000 subjects, 1 subscription", url, many, "bench.many.*");
        measure(server, "10,000 subjects, 10,000 subscriptions", url, many, many);
    }

    private void measure(String server, String work, String url, String[] subjects, String... subscriptions)
            throws Exception {
        rates.computeIfAbsent(work + "|" + server, key -> new ArrayList<>()).add(rate(url, subjects, subscriptions));
    }

    private double rate(String url, String[] subjects, String[] subscriptions) throws Exception {
        byte[] payload = new byte[PAYLOAD];
        Arrays.fill(payload, (byte) 'x');
        CountDownLatch done = new CountDownLatch(1);
        long[] received = new long[1];
        Options options = Options.builder().servers(url).build();
        try (Connection from = Nats.connect(options);
                Connection to = Nats.connect(options)) {
            for (String subscription : subscriptions) {
                to.direct().subscribe(subscription, view -> {
                    if (++received[0] == messages) {
                        done.countDown();
                    }
                });
            }
            to.flush(PATIENCE);
            long start = System.nanoTime();
            int subject = 0;
            for (int i = 0; i < messages; i++) {
                from.publish(subjects[subject], payload);
                if (++subject == subjects.length) {
                    subject = 0;
                }
            }
            done.await();
            return messages * 1e9 / (System.nanoTime() - start);
        }
    }

    private void print() {
        System.out.printf("%-40s %-16s %12s%n", "128 B from connection to connection", "", "messages/s");
        rates.forEach((key, values) -> {
            String[] names = key.split("[|]", -1);
            double[] sorted =
                    values.stream().mapToDouble(value -> value).sorted().toArray();
            System.out.printf(
                    "%-40s %-16s %,12.0f   (%,.0f - %,.0f)%n",
                    names[0], names[1], sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
        });
    }
}
