// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import static dev.midge.micro.Asking.LONG;
import static dev.midge.micro.Asking.await;
import static dev.midge.micro.Asking.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** R-F14: of two instances under load one is stopped, its connection closed, and each request is answered once. */
final class WorkersLeave {
    /** How many requests may be under way. */
    private static final int WINDOW = 500;

    /** How many requests the one that leaves has handled before, and at least come after it has left. */
    private static final int SOME = 2000;

    private WorkersLeave() {}

    static void run(String url) throws Exception {
        AtomicInteger answers = new AtomicInteger();
        AtomicInteger errors = new AtomicInteger();
        Semaphore window = new Semaphore(WINDOW);
        AtomicBoolean enough = new AtomicBoolean();
        try (Connection requester = Asking.connect(url);
                Connection leaving = Asking.connect(url);
                Connection staying = Asking.connect(url)) {
            requester.subscribe("answers", answer -> {
                if (answer.hasHeaders()) {
                    errors.incrementAndGet();
                }
                answers.incrementAndGet();
                window.release();
            });
            Service leaves = worker(leaving);
            Service stays = worker(staying);
            leaving.flush(LONG);
            staying.flush(LONG);
            CompletableFuture<Integer> sent = CompletableFuture.supplyAsync(
                    () -> publish(requester, window, enough), task -> new Thread(task, "requester").start());
            try {
                eventually(() -> "requests to be handled: " + leaves.stats(), () -> requests(leaves) >= SOME);
                leaves.stop();
                await(leaves.stopped());
                await(leaving.closeAsync());
                long before = requests(stays);
                eventually(
                        () -> "more requests to be handled: " + stays.stats(), () -> requests(stays) >= before + SOME);
            } finally {
                enough.set(true);
            }
            int all = sent.get(LONG.toSeconds(), TimeUnit.SECONDS);
            eventually(() -> all + " answers, not " + answers, () -> answers.get() >= all);
            requester.flush(LONG);
            assertThat(answers).hasValue(all);
            assertThat(errors).hasValue(0);
            eventually(
                    () -> all + " requests: " + leaves.stats() + stays.stats(),
                    () -> requests(leaves) + requests(stays) == all);
        }
    }

    /** Half of the requests are answered by another thread. */
    private static Service worker(Connection nc) {
        Service service = Service.builder("worker", "1.0.0").start(nc);
        service.addEndpoint("sync", request -> request.respond(request.data()));
        service.addEndpoint(
                "async",
                RequestHandler.async(request -> CompletableFuture.runAsync(() -> request.respond(request.data()))));
        return service;
    }

    private static int publish(Connection requester, Semaphore window, AtomicBoolean enough) {
        int sent = 0;
        while (!enough.get()) {
            try {
                if (!window.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)) {
                    break; // which shows in what is missing
                }
            } catch (InterruptedException e) {
                break;
            }
            requester.publish(Message.to(sent % 2 == 0 ? "sync" : "async")
                    .replyTo("answers")
                    .data("x")
                    .build());
            sent++;
        }
        return sent;
    }

    private static long requests(Service service) {
        return service.stats().endpoints().stream()
                .mapToLong(EndpointStats::numRequests)
                .sum();
    }
}
