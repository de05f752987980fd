// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Where and when handlers are called, on a real server. */
class HandlerIT extends OnServer {
    /** A handler may publish and subscribe, on an executor of one thread too: nothing waits for that thread. */
    @Test
    void aHandlerMayWaitForTheServer() throws Exception {
        Inbox answers = new Inbox();
        CountDownLatch done = new CountDownLatch(1);
        sc.subscribe(subject, how().executor(Runnable::run).build(), answers);
        String relay = subject + ".relay";
        sc.subscribe(relay, message -> {
            sc.publish(subject, "relayed " + message.text());
            sc.subscribe(relay + ".more", answers).unsubscribe();
            done.countDown();
        });
        sc.publish(relay, "x");
        assertThat(answers.next().text()).isEqualTo("relayed x");
        assertThat(done.await(Patience.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** One message at a time, by threads of the executor, in the order of the channel. */
    @Test
    void inOrderOnTheExecutor() throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Inbox inbox = new Inbox();
        ExecutorService executor = Executors.newFixedThreadPool(4, task -> new Thread(task, "handlers"));
        try {
            StanSubscription sub =
                    sc.subscribe(subject, how().executor(executor).build(), message -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        threads.add(Thread.currentThread().getName());
                        inbox.onMessage(message);
                        running.decrementAndGet();
                    });
            List<String> all = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                all.add("m" + i);
                var unused = sc.publishAsync(subject, "m" + i);
            }
            assertThat(inbox.texts(2000)).isEqualTo(all);
            Patience.until("the count", () -> sub.deliveredMessages() == 2000 && sub.pendingMessages() == 0);
            Patience.until("all acks", () -> sc.pendingAcks() == 0);
            assertThat(most).hasValue(1);
            assertThat(threads).containsExactly("handlers");
            sub.close();
        } finally {
            executor.shutdown();
            assertThat(executor.awaitTermination(Patience.LONG.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    /** Not on the event loop, which it may not hold up. */
    @Test
    void onTheExecutorOfTheConnection() throws Exception {
        CompletableFuture<String> name = new CompletableFuture<>();
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "of-the-connection"));
        try (Connection own = Nats.connect(
                        Patience.options(server.url()).executor(executor).build());
                StanConnection one = Patience.connect(own, "executor")) {
            one.subscribe(subject, message -> {
                one.publish(subject + ".other", "waits for its ack");
                name.complete(Thread.currentThread().getName());
            });
            one.publish(subject, "x");
            assertThat(Patience.get(name)).isEqualTo("of-the-connection");
        } finally {
            executor.shutdown();
            assertThat(executor.awaitTermination(Patience.LONG.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    /** Not acknowledged, so it comes again; and what comes behind it is delivered. */
    @Test
    void aHandlerThatThrows() throws Exception {
        Events events = new Events();
        Inbox inbox = new Inbox();
        try (StanConnection other =
                Stan.connect(nc, Patience.stan("thrower").listener(events).build())) {
            StanSubscription sub = other.subscribe(
                    subject, how().ackWait(Duration.ofSeconds(1)).build(), message -> {
                        inbox.onMessage(message);
                        if (message.text().equals("bad") && !message.isRedelivered()) {
                            throw new AssertionError("no");
                        }
                    });
            publish("bad");
            assertThat(inbox.next().isRedelivered()).isFalse();
            StanEvent.HandlerFailed failed = events.next(StanEvent.HandlerFailed.class);
            assertThat(failed.subscription()).isSameAs(sub);
            assertThat(failed.message().text()).isEqualTo("bad");
            assertThat(failed.message().isAcknowledged()).isFalse();
            assertThat(failed.cause()).hasMessage("no");
            StanMessage again = inbox.next();
            assertThat(again.text()).isEqualTo("bad");
            assertThat(again.isRedelivered()).isTrue();
            Patience.until("the ack", again::isAcknowledged);
            publish("good");
            assertThat(nextNot(inbox, "bad").text()).isEqualTo("good");
        }
    }

    @Test
    void saysThatItHasEnded() throws Exception {
        StanConnection other = Patience.connect(nc, "ender");
        StanSubscription closed = other.subscribe(subject, new Inbox());
        StanSubscription left = other.subscribe(subject, new Inbox());
        CompletableFuture<Void> early = closed.ended();
        assertThat(early).isNotDone();
        closed.close();
        Patience.get(early);
        Patience.get(closed.ended());
        assertThat(left.ended()).isNotDone();
        other.close();
        Patience.get(left.ended());
        assertThat(left.isActive()).isFalse();
    }
}
