// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Requests through a server to a responder on a plain socket: {@code bench/midge requests [--url URL] [--rounds N] [--warm-up
 * SECONDS]}. One at a time, beside a plain socket that plays ping-pong through the same server; and 64 in flight, each of
 * which makes the next one when its reply has come. All take turns of a second in one run, when each has been at work for
 * the warm-up; the figures to quote are the ratios. CPU is that of this process without the responder's thread. {@code midge
 * inline} is a connection whose executor runs tasks where they are made, on the event loop, as is done where nothing blocks.
 */
public final class RequestRates {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SUBJECT = "bench.requests";
    private static final int SIZE = 128;
    private static final int IN_FLIGHT = 64;

    /** One at a time take turns that short, as what else the machine does changes from one to the next. */
    private static final int PING_PONGS = 500;

    /** How many of those turns each has in a round. */
    private static final int SLICES = 10;

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

    private record Client(String name, Flight.Requester requester) {}

    private final byte[] payload = new byte[SIZE];
    private final Ratios roundTrips = new Ratios("raw", "us", 0);
    private final Ratios rates = new Ratios("jnats", "requests/s", 0);
    private final Ratios costs = new Ratios("jnats", "CPU s/million", 2);
    private final ProcessCpu cpu;

    private RequestRates(Thread responder) {
        cpu = new ProcessCpu(responder);
    }

    /** The entry point. */
    public static void main(String[] args) throws Exception {
        try (BenchServer server = BenchServer.fromArguments("requests", args, "--rounds", "--warm-up");
                RawClient socket = RawClient.connect(server.url());
                Connection nc = Nats.connect(server.url());
                Connection inline = Nats.connect(Options.builder()
                        .servers(server.url())
                        .executor(Runnable::run)
                        .build())) {
            System.out.println("server: " + server.description());
            RequestRates rates = new RequestRates(socket.respond(SUBJECT));
            rates.run(server, nc, inline);
        }
    }

    private void run(BenchServer server, Connection nc, Connection inline) throws Exception {
        int rounds = server.number("--rounds", 10);
        long warmUp = TimeUnit.SECONDS.toNanos(server.number("--warm-up", 10));
        List<Client> clients = new ArrayList<>();
        clients.add(new Client("midge", () -> nc.requestAsync(SUBJECT, payload, PATIENCE)));
        clients.add(new Client("midge inline", () -> inline.requestAsync(SUBJECT, payload, PATIENCE)));
        List<Peer> peers = new ArrayList<>();
        for (Peer peer : ServiceLoader.load(Peer.class)) {
            peer.connect(server.url());
            peers.add(peer);
            clients.add(new Client(peer.name(), () -> peer.request(SUBJECT, payload, PATIENCE)));
        }
        for (Client client : clients) {
            inFlight(client, warmUp);
        }
        for (int slice = 0; slice < 2 * SLICES; slice++) {
            oneAtATime(server.url(), nc);
        }
        rates.clear();
        costs.clear();
        roundTrips.clear();
        for (int round = 0; round < rounds; round++) {
            for (Client client : clients) {
                inFlight(client, TimeUnit.SECONDS.toNanos(1));
            }
            for (int slice = 0; slice < SLICES; slice++) {
                oneAtATime(server.url(), nc);
            }
        }
        for (Peer peer : peers) {
            peer.close();
        }
        roundTrips.print();
        rates.print();
        costs.print();
    }

    private void oneAtATime(String url, Connection nc) throws Exception {
        try (RawClient raw = RawClient.connect(url)) { // anew, as it does not expect the PING of a server
            RawClient.PingPong pingPong = raw.pingPong(SUBJECT, SIZE);
            long start = System.nanoTime();
            pingPong.play(PING_PONGS);
            roundTrips.add("one at a time", "raw", micros(start));
        }
        long start = System.nanoTime();
        for (int i = 0; i < PING_PONGS; i++) {
            nc.request(SUBJECT, payload, PATIENCE);
        }
        roundTrips.add("one at a time", "midge", micros(start));
    }

    private static double micros(long start) {
        return (System.nanoTime() - start) * 1e-3 / PING_PONGS;
    }

    private void inFlight(Client client, long nanos) throws Exception {
        long cpuBefore = cpu.nanos();
        long start = System.nanoTime();
        long count = Flight.fly(client.requester(), IN_FLIGHT, nanos);
        double seconds = (System.nanoTime() - start) * 1e-9;
        rates.add(IN_FLIGHT + " in flight", client.name(), count / seconds);
        costs.add(IN_FLIGHT + " in flight", client.name(), (cpu.nanos() - cpuBefore) * 1e-3 / count);
    }
}
