// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.Nuid;
import dev.midge.stan.Stan;
import dev.midge.stan.StanConnection;
import dev.midge.stan.StanMessage;
import dev.midge.stan.StanMessageHandler;
import dev.midge.stan.StanSubscribeOptions;
import dev.midge.stan.StanSubscription;
import dev.midge.testkit.base.NatsStreamingServer;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What Midge does with NATS Streaming, shown on a server and verified step by step: {@code bench/midge demo --stan [--url URL]}.
 * Exits with 1 if anything is missing.
 */
public final class StanDemo {
    private static final int BURST = 20_000;

    private final StanConnection sc;
    private final PrintStream out;
    private final String channel = "demo." + Nuid.next();

    private StanDemo(StanConnection sc, PrintStream out) {
        this.sc = sc;
        this.out = out;
    }

    /** The entry point. */
    public static void main(String[] args) throws Exception {
        Map<String, String> options = BenchServer.options("demo --stan", args);
        String url = options.get("--url");
        try (NatsStreamingServer server =
                        url == null ? NatsStreamingServer.builder().fileStore().start() : null;
                Connection nc = Nats.connect(server == null ? Objects.requireNonNull(url) : server.url());
                StanConnection sc = Stan.connect(nc, "test-cluster", "demo-" + Nuid.next())) {
            System.out.println("server: " + (server == null ? "the one at " + url : server + ", started for this"));
            new StanDemo(sc, System.out).run();
        } catch (IllegalStateException | NatsException e) {
            System.out.println("  MISSING  " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() throws InterruptedException {
        String guid = sc.publish(channel, "rain");
        sc.publish(channel, "sun");
        step("publish", "'rain' and 'sun' on " + channel + ", the first has guid " + guid);
        startPositions();
        durable();
        manualAcks();
        burst();
        out.println("all of it arrived");
    }

    private static StanSubscribeOptions.Builder how() {
        return StanSubscribeOptions.builder();
    }

    private void startPositions() throws InterruptedException {
        expect("all available", how().deliverAllAvailable(), "rain", "sun");
        expect("last received", how().startWithLastReceived(), "sun");
        expect("from number 2", how().startAtSequence(2), "sun");
        step("subscribe", "all available, the last, and from number 2 on");
    }

    private void expect(String what, StanSubscribeOptions.Builder from, String... texts) throws InterruptedException {
        Mailbox mailbox = new Mailbox();
        try (StanSubscription sub = sc.subscribe(channel, from.build(), mailbox)) {
            for (String text : texts) {
                String got = mailbox.next().text();
                verify(got.equals(text), what + " has " + text + ", not " + got + " on " + sub.subject());
            }
        }
    }

    private void durable() throws InterruptedException {
        StanSubscribeOptions durable =
                how().durable("demo").deliverAllAvailable().build();
        Mailbox first = new Mailbox();
        try (StanSubscription sub = sc.subscribe(channel, durable, first)) {
            first.next();
            first.next();
            sc.publish(channel, "wind");
            StanMessage wind = first.next();
            while (!wind.isAcknowledged()) {
                Thread.onSpinWait();
            }
            verify(sub.isActive(), "it is active");
        }
        sc.publish(channel, "snow");
        Mailbox second = new Mailbox();
        StanSubscription again = sc.subscribe(channel, durable, second);
        String next = second.next().text();
        verify(next.equals("snow"), "the durable goes on with 'snow', not " + next);
        again.unsubscribe();
        step("durable", "went on with 'snow' where it was closed");
    }

    private void manualAcks() throws InterruptedException {
        Mailbox mailbox = new Mailbox();
        String other = channel + ".acks";
        try (StanSubscription sub = sc.subscribe(
                other,
                how().manualAcks().ackWait(java.time.Duration.ofSeconds(1)).build(),
                mailbox)) {
            sc.publish(other, "work");
            verify(!mailbox.next().isRedelivered(), "it comes for the first time on " + sub.subject());
            StanMessage again = mailbox.next();
            verify(again.isRedelivered(), "without an ack it comes again");
            again.ack();
        }
        step("acks", "without one it came again behind a second");
    }

    private void burst() throws InterruptedException {
        Mailbox mailbox = new Mailbox();
        String other = channel + ".burst";
        sc.subscribe(other, mailbox);
        long start = System.nanoTime();
        CompletableFuture<?>[] acks = new CompletableFuture<?>[BURST];
        for (int i = 0; i < BURST; i++) {
            acks[i] = sc.publishAsync(other, Integer.toString(i));
        }
        CompletableFuture.allOf(acks).join();
        for (int i = 0; i < BURST; i++) {
            String text = mailbox.next().text();
            verify(text.equals(Integer.toString(i)), "number " + i + " is next, not " + text);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        step(
                "burst",
                String.format(
                        "%,d stored, delivered in order and acknowledged in %.2f s: %,.0f a second",
                        BURST, seconds, BURST / seconds));
    }

    private void step(String what, String detail) {
        out.printf("  ok  %-20s %s%n", what, detail);
    }

    private static void verify(boolean condition, String claim) {
        if (!condition) {
            throw new IllegalStateException("expected that " + claim);
        }
    }

    /** Keeps what it is given. */
    private static final class Mailbox implements StanMessageHandler {
        private final BlockingQueue<StanMessage> messages = new LinkedBlockingQueue<>();

        @Override
        public void onMessage(StanMessage message) {
            messages.add(message);
        }

        StanMessage next() throws InterruptedException {
            StanMessage next = messages.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new IllegalStateException("expected that a message comes");
            }
            return next;
        }
    }
}
