// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.EmbeddedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R-D2, R-D4: replies, timeouts, cancellations and cuts at the same time: each request ends, once, and nothing is left. */
class RequestRaceTest {
    private static final int THREADS = 3;
    private static final int EACH = 1500;

    private final EmbeddedServer server = EmbeddedServer.start();

    @AfterEach
    void end() {
        server.close();
    }

    private NatsConnection connect(boolean oldStyle) {
        return (NatsConnection) Nats.connect(Options.builder()
                .servers(server.url())
                .listener(event -> {})
                .oldRequestStyle(oldStyle)
                .reconnect(Reconnect.builder().wait(Duration.ofMillis(1)).build())
                .build());
    }

    @Test
    void eachEndsOnce() throws Exception {
        race(false);
    }

    @Test
    void eachEndsOnceInTheOldStyle() throws Exception {
        race(true);
    }

    private void race(boolean oldStyle) throws Exception {
        AtomicInteger ended = new AtomicInteger();
        List<CompletableFuture<Message>> replies = new ArrayList<>();
        List<Responses> many = new ArrayList<>();
        try (NatsConnection nc = connect(oldStyle);
                Connection responder = connect(false)) {
            SplittableRandom random = new SplittableRandom(7);
            responder.subscribe("a", message -> {
                for (int i = random.nextInt(4); i > 1; i--) { // not at all, once, twice
                    message.respond("x");
                }
            });
            responder.flush(Session.LONG);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                SplittableRandom own = random.split();
                Thread thread = new Thread(() -> {
                    List<CompletableFuture<Message>> mine = new ArrayList<>();
                    List<Responses> mineOfMany = new ArrayList<>();
                    requests(nc, own, ended, mine, mineOfMany);
                    synchronized (replies) {
                        replies.addAll(mine);
                        many.addAll(mineOfMany);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                while (thread.isAlive()) {
                    thread.join(20);
                    nc.forceReconnect();
                }
            }
            assertThat(replies).hasSize(THREADS * EACH);
            for (CompletableFuture<Message> reply : replies) {
                Throwable failure = Waiting.failure(reply);
                assertThat(failure == null
                                || failure instanceof NatsTimeoutException
                                || failure instanceof DisconnectedException
                                || failure instanceof NoRespondersException
                                || reply.isCancelled())
                        .as("%s", failure)
                        .isTrue();
            }
            for (Responses responses : many) {
                assertThat(Waiting.failure(responses.ended().toCompletableFuture()))
                        .isNull();
                assertThat(responses.end()).isNotNull();
            }
            Eventually.isTrue(() -> THREADS * EACH + " ends, not " + ended, () -> ended.get() == THREADS * EACH);
            assertThat(nc.requests().pending()).isZero();
            int left = oldStyle ? 1 : 2; // of the responder, and the inbox for all
            Eventually.isTrue(
                    () -> left + " subscriptions, not " + server.subscriptions(), () -> server.subscriptions() == left);
        }
    }

    private static void requests(
            Connection nc,
            SplittableRandom random,
            AtomicInteger ended,
            List<CompletableFuture<Message>> replies,
            List<Responses> many) {
        for (int i = 0; i < EACH; i++) {
            CompletableFuture<Message> reply =
                    nc.requestAsync("a", "x", Duration.ofNanos(random.nextLong(1, 20_000_000)));
            CompletableFuture<?> unused = reply.whenComplete((message, failure) -> ended.incrementAndGet());
            replies.add(reply);
            int what = random.nextInt(20);
            if (what < 5 && i > 10) {
                replies.get(random.nextInt(i - 10, i)).cancel(false);
            } else if (what == 5) {
                RequestManyOptions options = RequestManyOptions.builder()
                        .maxWait(Duration.ofMillis(random.nextInt(1, 20)))
                        .maxMessages(2)
                        .build();
                Responses responses = nc.requestMany(Message.to("a").build(), options, message -> {});
                many.add(responses);
                if (random.nextBoolean()) {
                    responses.close();
                }
            }
        }
    }
}
