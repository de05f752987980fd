// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Requests through a server to a responder on a plain socket: {@code bench/midge requests [--url URL] [--rounds N]
 * [--requests N]}. One at a time, beside a plain socket that plays ping-pong through the same server; and 64 in flight. All take
 * turns in one run; the figures to quote are the ratios. CPU is that of this process without the responder's thread.
 */
public final class RequestRates {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SUBJECT = "bench.requests";
    private static final int SIZE = 128;
    private static final int IN_FLIGHT = 64;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Another client in the same run; found by {@link ServiceLoader}, as in profile {@code peers}. */
    public interface Peer {
        /** What it is called. */
        String name();

        /** Connects. */
        void connect(String url) throws Exception;

        /** Makes a request. */
        CompletableFuture<?> request(String subject, byte[] payload, Duration timeout) throws Exception;

        /** Disconnects. */
        void close() throws Exception;
    }

    private final String url;
    private final int rounds;
    private final int requests;
    private final Ratios ratios = new Ratios("raw");
    private final Ratios flights = new Ratios("midge");
    private final List<String> costs = new ArrayList<>();
    private final Thread responder;

    private RequestRates(String url, int rounds, int requests, Thread responder) {
        this.url = url;
        this.rounds = rounds;
        this.requests = requests;
        this.responder = responder;
    }

    /** The entry point. */
    public static void main(String[] args) throws Exception {
        try (BenchServer server = BenchServer.fromArguments("requests", args, "--rounds", "--requests");
                RawClient socket = RawClient.connect(server.url())) {
            System.out.println("server: " + server.description());
            Thread responder = socket.respond(SUBJECT);
            new RequestRates(server.url(), server.number("--rounds", 5), server.number("--requests", 20_000), responder)
                    .run();
        }
    }

    private void run() throws Exception {
        for (int round = 0; round <= rounds; round++) {
            if (round == 1) {
                ratios.clear(); // the first round was the warm-up
                flights.clear();
                costs.clear();
            }
            ratios.add("one at a time", "raw", raw());
            try (Connection nc = Nats.connect(url)) {
                byte[] payload = new byte[SIZE];
                long start = System.nanoTime();
                for (int i = 0; i < requests; i++) {
                    nc.request(SUBJECT, payload, PATIENCE);
                }
                ratios.add("one at a time", "midge", rate(start, requests));
                inFlight("midge", () -> nc.requestAsync(SUBJECT, payload, PATIENCE));
            }
            for (Peer peer : ServiceLoader.load(Peer.class)) {
                byte[] payload = new byte[SIZE];
                peer.connect(url);
                inFlight(peer.name(), () -> peer.request(SUBJECT, payload, PATIENCE));
                peer.close();
            }
        }
        ratios.print();
        flights.print();
        costs.forEach(System.out::println);
    }

    private double raw() throws IOException {
        try (RawClient client = RawClient.connect(url)) {
            long start = System.nanoTime();
            client.pingPong(SUBJECT, SIZE, requests);
            return rate(start, requests);
        }
    }

    private interface Request {
        CompletableFuture<?> send() throws Exception;
    }

    private void inFlight(String who, Request request) throws Exception {
        Semaphore free = new Semaphore(IN_FLIGHT);
        int count = requests * 10;
        long cpu = cpu();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            free.acquire();
            CompletableFuture<?> unused = request.send().whenComplete((reply, failure) -> {
                if (failure != null) {
                    failure.printStackTrace();
                }
                free.release();
            });
        }
        free.acquire(IN_FLIGHT);
        flights.add(IN_FLIGHT + " in flight", who, rate(start, count));
        costs.add(String.format("%s: %.2f CPU seconds per million", who, (cpu() - cpu) * 1e-9 / count * 1e6));
    }

    private long cpu() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() - THREADS.getThreadCpuTime(responder.getId());
    }

    private static double rate(long start, long count) {
        return count * 1e9 / (System.nanoTime() - start);
    }
}
