// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import static dev.midge.micro.Asking.LONG;
import static dev.midge.micro.Asking.ask;
import static dev.midge.micro.Asking.await;
import static dev.midge.micro.Asking.error;
import static dev.midge.micro.Asking.eventually;
import static dev.midge.micro.Asking.failed;
import static dev.midge.micro.Asking.handled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Message;
import dev.midge.client.Overflow;
import dev.midge.client.Subscription;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedServerTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which code handles requests, where, and how many of them may wait. */
@EmbeddedServerTest
class HandlingTest extends ServiceCase {
    HandlingTest(EmbeddedServer server) {
        super(server);
    }

    /** Middleware that notes when it is entered and left. */
    private static Middleware noting(String name, java.util.Queue<String> notes) {
        return (request, next) -> {
            notes.add(name + " in");
            return next.proceed()
                    .whenComplete((nothing, failure) ->
                            notes.add(name + (failure == null ? " out" : " out: " + failure.getMessage())));
        };
    }

    private static EndpointOptions.Builder noted(String name, java.util.Queue<String> notes) {
        return EndpointOptions.builder(name)
                .middleware(noting("endpoint 1", notes))
                .middleware(noting("endpoint 2", notes));
    }

    @Test
    void middlewareGoesAroundInOrder() throws Exception {
        ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
        Service service = Service.builder("demo", "1.0.0")
                .middleware(noting("service 1", notes))
                .middleware(noting("service 2", notes))
                .start(nc);
        ServiceGroup group = service.addGroup(
                GroupOptions.builder("g").middleware(noting("group", notes)).build());
        group.addEndpoint(noted("do", notes).build(), request -> {
            notes.add("handler");
            request.respond("done");
        });
        nc.flush(LONG);
        assertThat(ask(requester, "g.do", "x").text()).isEqualTo("done");
        handled(service, 1);
        assertThat(notes)
                .containsExactly(
                        "service 1 in",
                        "service 2 in",
                        "group in",
                        "endpoint 1 in",
                        "endpoint 2 in",
                        "handler",
                        "endpoint 2 out",
                        "endpoint 1 out",
                        "group out",
                        "service 2 out",
                        "service 1 out");
    }

    @Test
    void middlewareSeesWhatHandlersThrowAndWhenTheyEnd() throws Exception {
        ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> later = new CompletableFuture<>();
        CompletableFuture<Void> called = new CompletableFuture<>();
        Service service = Service.builder("demo", "1.0.0")
                .middleware(noting("service", notes))
                .start(nc);
        service.addEndpoint("later", RequestHandler.async(request -> {
            called.complete(null);
            return later;
        }));
        service.addEndpoint("throws", request -> {
            throw new IllegalStateException("broken");
        });
        nc.flush(LONG);
        assertThat(error(ask(requester, "throws", "x"))).isEqualTo("500:broken");
        assertThat(notes).containsExactly("service in", "service out: broken");
        notes.clear();
        requester.publish("later", "x");
        await(called);
        assertThat(notes).containsExactly("service in");
        assertThat(service.stats().endpoints().get(0).numRequests()).isZero();
        later.complete(null);
        handled(service, 1);
        assertThat(notes).containsExactly("service in", "service out");
    }

    @Test
    void middlewareMayAnswerItself() throws Exception {
        BlockingQueue<String> handled = new LinkedBlockingQueue<>();
        Service service = Service.builder("demo", "1.0.0")
                .middleware((request, next) -> {
                    if (request.headers().contains("Token")) {
                        return next.proceed();
                    }
                    request.error(401, "no token");
                    return CompletableFuture.completedStage(null);
                })
                .start(nc);
        service.addEndpoint("do", request -> {
            handled.add(request.text());
            request.respond("done");
        });
        nc.flush(LONG);
        assertThat(error(ask(requester, "do", "without"))).isEqualTo("401:no token");
        assertThat(ask(requester, Message.to("do").header("Token", "1").data("with"))
                        .text())
                .isEqualTo("done");
        assertThat(handled).containsExactly("with");
        assertThat(handled(service, 2).numErrors()).isOne();
    }

    @Test
    void middlewareThatThrowsIs500() throws Exception {
        Service service = Service.builder("demo", "1.0.0")
                .onError(error -> {})
                .middleware((request, next) -> {
                    throw new IllegalStateException("in between");
                })
                .start(nc);
        service.addEndpoint("do", request -> request.respond("never"));
        nc.flush(LONG);
        assertThat(error(ask(requester, "do", "x"))).isEqualTo("500:in between");
    }

    @Test
    void executors() throws Exception {
        ExecutorService first = Executors.newSingleThreadExecutor(task -> new Thread(task, "first"));
        ExecutorService second = Executors.newSingleThreadExecutor(task -> new Thread(task, "second"));
        try {
            Service service = Service.builder("demo", "1.0.0").executor(first).start(nc);
            service.addEndpoint("one", request -> request.respond(thread()));
            EndpointOptions other =
                    EndpointOptions.builder("two").executor(second).build();
            service.addEndpoint(other, request -> request.respond(thread()));
            nc.flush(LONG);
            assertThat(ask(requester, "one", "").text()).isEqualTo("first");
            assertThat(ask(requester, "two", "").text()).isEqualTo("second");
            Service byDefault = Service.builder("demo", "1.0.0").start(nc);
            byDefault.addEndpoint("three", request -> request.respond(thread()));
            nc.flush(LONG);
            assertThat(ask(requester, "three", "").text()).startsWith("nats-handler-");
        } finally {
            first.shutdown();
            second.shutdown();
            assertThat(first.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            assertThat(second.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String thread() {
        return Thread.currentThread().getName();
    }

    /** A handler that does not return keeps nobody from asking how the service does. */
    @Test
    void discoveryDoesNotNeedTheExecutorOfTheService() throws Exception {
        ConcurrentLinkedQueue<Runnable> never = new ConcurrentLinkedQueue<>();
        Executor stuck = never::add;
        Service service = Service.builder("demo", "1.0.0").executor(stuck).start(nc);
        service.addEndpoint("do", request -> {});
        nc.flush(LONG);
        assertThat(Asking.askJson(requester, "$SRV.STATS.demo")).containsEntry("id", service.id());
    }

    /** What comes beyond the limits is not handled; that counts. */
    @Test
    void limits() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        Service service = Service.builder("demo", "1.0.0").start(nc);
        EndpointOptions few = EndpointOptions.builder("few")
                .pendingLimits(2, 1 << 20)
                .overflow(Overflow.DROP_NEWEST)
                .build();
        service.addEndpoint(few, request -> {
            entered.countDown();
            assertThat(open.await(30, TimeUnit.SECONDS)).isTrue();
            request.respond(request.text());
        });
        nc.flush(LONG);
        try (Subscription inbox = requester.subscribe("inbox")) {
            requester.publish(Message.to("few").replyTo("inbox").data("0").build());
            assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
            for (int i = 1; i <= 5; i++) {
                requester.publish(
                        Message.to("few").replyTo("inbox").data("" + i).build());
            }
            assertThat(failed(service, 1).lastError()).isEqualTo("slow consumer: 2 requests are waiting");
            eventually(
                    () -> "3 dropped of " + nc.statistics(),
                    () -> nc.statistics().droppedMessages() == 3);
            open.countDown();
            for (String expected : List.of("0", "1", "2")) {
                assertThat(inbox.next(LONG).text()).isEqualTo(expected);
            }
            assertThat(handled(service, 3).numErrors()).isOne();
        }
    }

    /** One endpoint handles one request at a time, in order, unless its handlers are asynchronous. */
    @Test
    void asynchronousHandlersOverlap() throws Exception {
        BlockingQueue<Request> waiting = new LinkedBlockingQueue<>();
        BlockingQueue<CompletableFuture<Void>> stages = new LinkedBlockingQueue<>();
        Service service = Service.builder("demo", "1.0.0").start(nc);
        service.addEndpoint("do", RequestHandler.async(request -> {
            CompletableFuture<Void> stage = new CompletableFuture<>();
            stages.add(stage);
            waiting.add(request);
            return stage;
        }));
        nc.flush(LONG);
        try (Subscription inbox = requester.subscribe("inbox")) {
            for (int i = 0; i < 3; i++) {
                requester.publish(Message.to("do").replyTo("inbox").data("" + i).build());
            }
            eventually(() -> "three requests, not " + waiting, () -> waiting.size() == 3);
            for (Request request : List.copyOf(waiting).subList(1, 3)) {
                request.respond(request.text());
            }
            stages.forEach(stage -> stage.complete(null));
            assertThat(inbox.next(LONG).text()).isEqualTo("1");
            assertThat(inbox.next(LONG).text()).isEqualTo("2");
            EndpointStats stats = handled(service, 3);
            assertThat(stats.averageProcessingTime())
                    .isEqualTo(Duration.ofNanos(stats.processingTime().toNanos() / 3));
        }
    }

    /** ADR-32: the time in handlers; that of those which follow one another, too, and never that in between. */
    @Test
    void processingTime() throws Exception {
        AtomicLong inside = new AtomicLong();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        Service service = Service.builder("demo", "1.0.0").start(nc);
        service.addEndpoint("do", request -> {
            long start = System.nanoTime();
            entered.countDown();
            assertThat(open.await(30, TimeUnit.SECONDS)).isTrue();
            spin(Duration.ofMillis(1));
            inside.addAndGet(System.nanoTime() - start);
        });
        nc.flush(LONG);
        long outside = 0;
        long begin = System.nanoTime();
        for (int burst = 1; burst <= 3; burst++) {
            for (int i = 0; i < 10; i++) {
                requester.publish("do", "x");
            }
            if (burst == 1) {
                assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
                requester.flush(LONG);
                open.countDown();
            }
            handled(service, burst * 10L);
            long idle = System.nanoTime();
            spin(Duration.ofMillis(20));
            outside += System.nanoTime() - idle;
        }
        long most = System.nanoTime() - begin - outside;
        assertThat(handled(service, 30).processingTime().toNanos()).isBetween(inside.get(), most);
    }

    private static void spin(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            Thread.onSpinWait();
        }
    }
}
