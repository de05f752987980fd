// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.SubscribeOptions;
import dev.midge.micro.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What an endpoint of a service costs beside a plain subscription that answers: {@code bench/midge services [--rounds N]
 * [--warm-up SECONDS]}. Requests come over loopback from a peer that stands in for the server, 64 at a time, and 1000,
 * where system calls cost next to nothing; the two take turns of a tenth of a second in one JVM. CPU is that of this process
 * without the peer's thread: decoding, handing over, handling and answering.
 */
public final class ServiceCosts {
    private static final int[] BATCHES = {64, 1000};
    private static final int SIZE = 128;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Ratios COSTS = new Ratios("subscription", "CPU s/million", 3);
    private static final Ratios RATES = new Ratios("subscription", "answers/s", 0);

    private ServiceCosts() {}

    /** Somebody who answers. */
    private record Side(String name, int batch, LoopbackPeer requester, Connection nc) implements AutoCloseable {
        static Side open(String name, int batch) throws Exception {
            LoopbackPeer requester = LoopbackPeer.requester("bench", SIZE, batch);
            Connection nc = Nats.connect(Options.builder()
                    .servers(requester.url())
                    .pingInterval(Duration.ofDays(1)) // it takes answers only
                    .closeTimeout(Duration.ZERO)
                    .build());
            return new Side(name, batch, requester, nc);
        }

        /** Answers for so long. */
        void turn(long nanos, boolean counts) {
            ProcessCpu cpu = new ProcessCpu(requester.thread());
            long cpuBefore = cpu.nanos();
            long start = System.nanoTime();
            long count = 0;
            while (System.nanoTime() - start < nanos) {
                requester.send();
                requester.awaitAnswers();
                count += batch;
            }
            double seconds = (System.nanoTime() - start) * 1e-9;
            if (!counts) {
                return;
            }
            RATES.add(batch + " at a time", name, count / seconds);
            COSTS.add(batch + " at a time", name, (cpu.nanos() - cpuBefore) * 1e-3 / count);
        }

        @Override
        public void close() throws IOException {
            nc.close();
            requester.close();
        }
    }

    /** The entry point. */
    public static void main(String[] args) throws Exception {
        Map<String, String> options = BenchServer.options("services", args, "--rounds", "--warm-up");
        int rounds = Integer.parseInt(options.getOrDefault("--rounds", "100"));
        int warmUp = Integer.parseInt(options.getOrDefault("--warm-up", "10"));
        for (int batch : BATCHES) {
            compare(batch, rounds, warmUp);
        }
        RATES.print();
        COSTS.print();
    }

    private static void compare(int batch, int rounds, int warmUp) throws Exception {
        try (Side subscription = Side.open("subscription", batch);
                Side endpoint = Side.open("endpoint", batch)) {
            subscription
                    .nc()
                    .subscribe(
                            "bench",
                            SubscribeOptions.builder().queue("q").build(),
                            message -> message.respond(message.data()));
            Service.builder("bench", "1.0.0")
                    .start(endpoint.nc())
                    .addEndpoint("bench", request -> request.respond(request.data()));
            for (int turn = 0; turn < warmUp * 5; turn++) {
                subscription.turn(TURN_NANOS, false);
                endpoint.turn(TURN_NANOS, false);
            }
            for (int round = 0; round < rounds; round++) {
                subscription.turn(TURN_NANOS, true);
                endpoint.turn(TURN_NANOS, true);
            }
        }
    }
}
