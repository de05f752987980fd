// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.examples;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.ConnectionListener;
import dev.midge.client.DrainResult;
import dev.midge.client.Message;
import dev.midge.client.MessageHandler;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.Overflow;
import dev.midge.client.Reconnect;
import dev.midge.client.RequestManyOptions;
import dev.midge.client.Responses;
import dev.midge.client.ServerChooser;
import dev.midge.client.ServerState;
import dev.midge.client.SubscribeOptions;
import dev.midge.client.Subscription;
import io.netty.buffer.ByteBuf;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * The contract of the API by example. Rename nothing in it without a better name that the field uses.
 */
final class Examples {
    private Examples() {}

    /** Connect, subscribe with a handler and by pulling, publish, respond, flush. */
    static String first(String url) {
        try (Connection nc = Nats.connect(url)) { // or Nats.connect(Options) / Nats.connectAsync(Options)
            nc.subscribe("greet.*", msg -> msg.respond("hello " + msg.text())); // handler on the executor
            Subscription sub = nc.subscribe("news.>"); // pull
            nc.publish("news.today", "rain");
            Message news = sub.next(Duration.ofSeconds(10)); // NatsTimeoutException when none comes
            nc.publish(Message.to("greet.sue")
                    .replyTo("news.answers")
                    .header("trace", "1")
                    .data("sue")
                    .build());
            Message answer = sub.next(Duration.ofSeconds(10));
            nc.flush(Duration.ofSeconds(10));
            return news.text() + ", " + answer.text();
        }
    }

    /** What can be chosen for a connection, and how to be told of what happens to it. */
    static Options options(String url, Executor executor, Consumer<String> log) {
        return Options.builder()
                .servers("nats://127.0.0.1:1", url)
                .name("billing")
                .connectTimeout(Duration.ofSeconds(10))
                .writeTimeout(Duration.ofSeconds(1))
                .outboundLimit(8 << 20)
                .executor(executor)
                .listener(
                        event -> { // sealed: with Java 21, a switch over its types
                            if (event instanceof ConnectionEvent.Connected connected) {
                                log.accept("connected to " + connected.server());
                            } else if (event instanceof ConnectionEvent.SlowConsumer slow) {
                                log.accept(slow.subscription() + " has dropped " + slow.dropped());
                            } else if (event instanceof ConnectionEvent.Closed closed) {
                                log.accept("closed: " + closed.reason());
                            }
                        })
                .build();
    }

    /** What is called later goes before what was called earlier. */
    static Options configured(Path context, Properties properties, ConnectionListener listener) {
        return Options.builder()
                .context(context) // of the nats CLI: servers, credentials, TLS; also by name, as context("prod")
                .properties(properties) // midge.connect-timeout=5s ...
                .environment() // MIDGE_CONNECT_TIMEOUT=5s ...
                .listener(listener) // what only code can say
                .build();
    }

    /** A cluster: one of its servers is enough to find the others. */
    static Options cluster(Consumer<String> log, String... urls) {
        return Options.builder()
                .servers(urls) // "nats://a:4222", "nats://b:4222", or both in one text with a comma
                .connectionRacing(Duration.ofMillis(250)) // a dead address of a name costs no more
                .reconnect(Reconnect.builder()
                        .wait(Duration.ofMillis(100)) // then twice as long after each failure ...
                        .maxWait(Duration.ofSeconds(5)) // ... up to this
                        .jitter(0.5)
                        .maxAttempts(60) // of one server in a row; -1 for any number
                        .build())
                .listener(event -> {
                    if (event instanceof ConnectionEvent.Disconnected lost) {
                        log.accept("lost " + lost.server() + ": " + lost.reason());
                    } else if (event instanceof ConnectionEvent.Reconnected back) {
                        log.accept("back at " + back.server());
                    } else if (event instanceof ConnectionEvent.ServersDiscovered more) {
                        log.accept("may also go to " + more.servers());
                    }
                })
                .build();
    }

    /** The next server is one of the same zone, if there is one. */
    static ServerChooser sameZone(String zone) {
        return (servers, info) -> servers.stream()
                .map(ServerState::endpoint)
                .filter(server -> server.host().endsWith("." + zone))
                .findAny()
                .map(ServerChooser.Choice::new)
                .orElse(null); // whichever the connection takes
    }

    /** Ten messages for one of the workers, and no more. */
    static Subscription worker(Connection nc, Consumer<Message> work) {
        return nc.subscribe(
                "jobs",
                SubscribeOptions.builder()
                        .queue("workers")
                        .maxMessages(10)
                        .pendingLimits(10_000, 64 << 20)
                        .overflow(Overflow.DROP_OLDEST)
                        .build(),
                msg -> work.accept(msg));
    }

    /** Auto-unsubscribe: the iteration ends behind the tenth. */
    static int ten(Connection nc) {
        Subscription sub = nc.subscribe("ten");
        sub.unsubscribeAfter(10);
        for (int i = 0; i < 20; i++) {
            nc.publish("ten", "x");
        }
        int count = 0;
        for (Message message : sub) {
            count += message.size();
        }
        return count;
    }

    /** Nothing that came is lost. */
    static DrainResult drained(Connection nc, MessageHandler work, Consumer<String> log) {
        Subscription jobs = nc.subscribe("jobs", msg -> work.onMessage(msg));
        DrainResult one = jobs.drain(Duration.ofSeconds(20)); // this subscription
        DrainResult all = nc.drain(Duration.ofSeconds(20)); // all of them, then what they published, then close
        if (!all.drained()) {
            log.accept(all.remaining() + " messages were not handled" + (all.timedOut() ? " in time" : ""));
        }
        return one;
    }

    /** One question, one answer. */
    static String requests(Connection nc) {
        nc.subscribe("greet.*", msg -> msg.respond("hello " + msg.text()));
        Message reply =
                nc.request("greet.joe", "joe", Duration.ofSeconds(20)); // NatsTimeoutException, NoRespondersException
        CompletableFuture<Message> later = nc.requestAsync(
                Message.to("greet.sue").header("trace", "1").data("sue").build(), Duration.ofSeconds(20));
        return reply.text() + ", " + later.join().text();
    }

    /** One question, any number of answers. */
    static List<String> requestMany(Connection nc) {
        nc.subscribe("parts", msg -> {
            msg.respond("one");
            msg.respond("two");
            msg.respond(""); // no more
        });
        List<String> parts = new ArrayList<>();
        RequestManyOptions options = RequestManyOptions.builder()
                .maxWait(Duration.ofSeconds(20)) // for all of them
                .maxMessages(10)
                .stall(Duration.ofSeconds(10)) // from one to the next
                .sentinel(msg -> msg.size() == 0) // this was the last
                .build();
        try (Responses rs = nc.requestMany("parts", new byte[0], options)) {
            for (Message m : rs) { // also rs.toList(), rs.stream(), rs.publisher(), or a handler
                parts.add(m.text());
            }
            parts.add(String.valueOf(rs.end())); // SENTINEL
        }
        return parts;
    }

    /** As many messages as are demanded. */
    static Flow.Publisher<Message> ticks(Connection nc) {
        Flow.Publisher<Message> flow = nc.subscribe("ticks").publisher();
        return flow;
    }

    /** On the event loop, from the receive buffer and to the outbound buffer. */
    static void direct(Connection nc, Consumer<ByteBuf> book, ByteBuf byteBuf) {
        nc.direct().subscribe("prices.>", view -> book.accept(view.payload())); // event loop, borrowed ByteBuf
        nc.direct().publish("prices.eur", byteBuf);
    }

    /** Publishing without waiting. */
    static List<CompletableFuture<Void>> withoutWaiting(Connection nc, byte[] data) {
        boolean taken = nc.tryPublish("any", data); // false if the outbound buffer is full
        return taken ? List.of(nc.publishAsync("any", data), nc.flushAsync()) : List.of();
    }
}
