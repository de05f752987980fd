// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.NoRespondersException;
import dev.midge.client.RequestManyOptions;
import dev.midge.client.Responses;
import dev.midge.client.SubscribeOptions;
import dev.midge.client.Subscription;
import dev.midge.client.SubscriptionClosedException;
import dev.midge.micro.Discovery;
import dev.midge.micro.EndpointStats;
import dev.midge.micro.Service;
import dev.midge.micro.ServiceInfo;
import dev.midge.protocol.NatsException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * What Midge does, shown on a server and verified step by step: {@code bench/midge demo [--url URL]}. Exits with 1
 * if anything is missing.
 */
public final class Demo {
    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int BURST = 1_000_000;

    private final Connection nc;
    private final PrintStream out;

    private Demo(Connection nc, PrintStream out) {
        this.nc = nc;
        this.out = out;
    }

    /** The entry point. */
    public static void main(String[] args) throws Exception {
        try (BenchServer server = BenchServer.fromArguments("demo", args);
                Connection nc = Nats.connect(server.url())) {
            System.out.println("server: " + server.description());
            new Demo(nc, System.out).run();
        } catch (DemoFailure | NatsException e) {
            System.out.println("  MISSING  " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() throws InterruptedException {
        out.printf(
                "connected to %s: version %s, client id %d%n",
                nc.server(), nc.serverInfo().version(), nc.clientId());
        publishSubscribe();
        queueGroup();
        wildcard();
        headers();
        autoUnsubscribe();
        request();
        requestMany();
        service();
        if (nc.serverInfo().jetstream()) {
            DemoStreams streams = new DemoStreams(nc);
            step("stream, consumer", streams.streamAndConsumer());
            step("typed request", streams.typedRequest());
        } else {
            step("JetStream", "left out, as this server has none");
        }
        burst();
        out.println("all of it arrived");
    }

    private void publishSubscribe() {
        try (Subscription sub = nc.subscribe("demo.news")) {
            nc.publish("demo.news", "rain");
            Message news = sub.next(PATIENCE);
            verify(news.text().equals("rain"), "the text is 'rain', not " + news.text());
        }
        step("publish, subscribe", "'rain' on demo.news");
    }

    private void queueGroup() throws InterruptedException {
        int jobs = 100;
        AtomicInteger[] done = {new AtomicInteger(), new AtomicInteger()};
        CountDownLatch all = new CountDownLatch(jobs);
        SubscribeOptions workers = SubscribeOptions.builder().queue("workers").build();
        Subscription[] subs = new Subscription[2];
        for (int i = 0; i < 2; i++) {
            AtomicInteger mine = done[i];
            subs[i] = nc.subscribe("demo.jobs", workers, job -> {
                mine.incrementAndGet();
                all.countDown();
            });
        }
        for (int i = 0; i < jobs; i++) {
            nc.publish("demo.jobs", "job " + i);
        }
        boolean complete = all.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        nc.flush(PATIENCE);
        int sum = done[0].get() + done[1].get();
        verify(complete && sum == jobs, "each of " + jobs + " jobs is done once, not " + sum);
        for (Subscription sub : subs) {
            sub.unsubscribe();
        }
        step(
                "queue group",
                jobs + " jobs, each done once: " + done[0] + " by one worker, " + done[1] + " by the other");
    }

    private void wildcard() {
        try (Subscription all = nc.subscribe("demo.weather.>");
                Subscription today = nc.subscribe("demo.weather.*.today")) {
            nc.publish("demo.weather.paris.today", "sun");
            nc.publish("demo.weather.oslo.tomorrow", "snow");
            verify(all.next(PATIENCE).subject().equals("demo.weather.paris.today"), "> sees the first subject");
            verify(all.next(PATIENCE).subject().equals("demo.weather.oslo.tomorrow"), "> sees the second subject");
            verify(today.next(PATIENCE).text().equals("sun"), "* sees the subject that matches");
            nc.flush(PATIENCE);
            verify(today.pendingMessages() == 0, "* does not see the other");
        }
        step("wildcards", "> and * see what matches them");
    }

    private void headers() {
        try (Subscription sub = nc.subscribe("demo.traced")) {
            nc.publish(Message.to("demo.traced")
                    .header("Trace", "1")
                    .header("Trace", "2")
                    .data("x")
                    .build());
            Message traced = sub.next(PATIENCE);
            verify(traced.headers().all("Trace").toString().equals("[1, 2]"), "both values of Trace arrive");
            verify(traced.text().equals("x"), "the payload arrives beside the headers");
        }
        step("headers", "Trace: 1, Trace: 2");
    }

    private void autoUnsubscribe() {
        Subscription sub = nc.subscribe("demo.few");
        sub.unsubscribeAfter(3);
        for (int i = 0; i < 5; i++) {
            nc.publish("demo.few", "message " + i);
        }
        for (int i = 0; i < 3; i++) {
            verify(sub.next(PATIENCE).text().equals("message " + i), "message " + i + " arrives");
        }
        try {
            sub.next(PATIENCE);
            verify(false, "there is no fourth message");
        } catch (SubscriptionClosedException expected) {
            step("auto-unsubscribe", "3 of 5 messages, then the end");
        } catch (NatsTimeoutException e) {
            verify(false, "the subscription ends after 3 messages");
        }
    }

    private void request() {
        Subscription greeter = nc.subscribe("demo.greet.*", message -> message.respond("hello " + message.text()));
        String reply = nc.request("demo.greet.joe", "joe", PATIENCE).text();
        verify(reply.equals("hello joe"), "the reply is 'hello joe', not " + reply);
        greeter.unsubscribe();
        try {
            nc.request("demo.greet.joe", "joe", PATIENCE);
            verify(false, "nobody replies any more");
        } catch (NoRespondersException expected) {
            step("request", "'" + reply + "', and at once that nobody is there");
        }
    }

    private void requestMany() {
        Subscription parts = nc.subscribe("demo.parts", message -> {
            message.respond("one");
            message.respond("two");
            message.respond(""); // the sentinel: no more
        });
        RequestManyOptions options = RequestManyOptions.builder()
                .maxWait(PATIENCE)
                .standardSentinel()
                .build();
        try (Responses responses = nc.requestMany("demo.parts", new byte[0], options)) {
            String all = String.join(", ", responses.stream().map(Message::text).toList());
            verify(all.equals("one, two"), "the parts are one and two, not " + all);
            verify(responses.end() == Responses.End.SENTINEL, "the sentinel is the end, not " + responses.end());
            step("request-many", "'" + all + "', until the sentinel");
        }
        parts.unsubscribe();
    }

    private void service() throws InterruptedException {
        Service service =
                Service.builder("demo", "1.0.0").description("Adds numbers").start(nc);
        service.addGroup("demo.math").addEndpoint("sum", request -> {
            try {
                int sum = Stream.of(request.text().split(" ", -1))
                        .mapToInt(Integer::parseInt)
                        .sum();
                request.respond(Integer.toString(sum));
            } catch (NumberFormatException e) {
                request.error(400, "not numbers");
            }
        });
        ServiceInfo found = Discovery.of(nc).info("demo", service.id());
        verify(found != null && found.endpoints().size() == 1, "the service is found, with its endpoint");
        String subject = service.info().endpoints().get(0).subject();
        verify(nc.request(subject, "1 2 3", PATIENCE).text().equals("6"), "the sum of 1 2 3 is 6");
        String error = nc.request(subject, "one", PATIENCE).headers().get("Nats-Service-Error");
        verify("not numbers".equals(error), "'one' gets the error 'not numbers', not " + error);
        service.stop();
        try {
            service.stopped().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            verify(false, "the service stops: " + e);
        }
        EndpointStats stats = service.stats().endpoints().get(0);
        verify(stats.numRequests() == 2 && stats.numErrors() == 1, "2 requests and 1 error are counted: " + stats);
        verify(Discovery.of(nc).ping("demo", service.id()) == null, "it is not found any more");
        step("service", "found, asked for " + subject + ": 6, an error answered and counted, stopped");
    }

    private void burst() throws InterruptedException {
        AtomicLong received = new AtomicLong();
        AtomicLong sum = new AtomicLong();
        CountDownLatch all = new CountDownLatch(1);
        Subscription sub = nc.subscribe("demo.burst", message -> {
            sum.addAndGet(Long.parseLong(message.text()));
            if (received.incrementAndGet() == BURST) {
                all.countDown();
            }
        });
        nc.flush(PATIENCE);
        long start = System.nanoTime();
        for (int i = 0; i < BURST; i++) {
            nc.publish("demo.burst", Integer.toString(i).getBytes(UTF_8));
        }
        boolean complete = all.await(60, TimeUnit.SECONDS);
        double seconds = (System.nanoTime() - start) / 1e9;
        verify(complete, "of " + BURST + " messages " + received + " arrive, " + sub.droppedMessages() + " dropped");
        long expected = (long) BURST * (BURST - 1) / 2;
        verify(sum.get() == expected, "their numbers add up to " + expected + ", not " + sum);
        sub.unsubscribe();
        step(
                "burst",
                String.format("%,d messages out and back in %.2f s: %,.0f a second", BURST, seconds, BURST / seconds));
    }

    private void step(String what, String detail) {
        out.printf("  ok  %-20s %s%n", what, detail);
    }

    static void verify(boolean condition, String claim) {
        if (!condition) {
            throw new DemoFailure("expected that " + claim);
        }
    }

    private static final class DemoFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DemoFailure(String message) {
            super(message);
        }
    }
}
