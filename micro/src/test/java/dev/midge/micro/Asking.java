// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.OptionsBuilder;
import dev.midge.client.Subscription;
import dev.midge.protocol.Nuid;
import dev.midge.protocol.internal.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks services, and waits for what is bound to happen, with deadlines far beyond the time it takes. */
final class Asking {
    static final Duration LONG = Duration.ofSeconds(30);

    private Asking() {}

    /** Options by which a machine that stops a thread or the server for some seconds ends nothing. */
    static OptionsBuilder patient() {
        return Options.builder().connectTimeout(LONG).writeTimeout(LONG).closeTimeout(LONG);
    }

    static Connection connect(String url) {
        return Nats.connect(patient().servers(url).build());
    }

    /** The first answer. */
    static Message ask(Connection nc, String subject, String data) {
        return ask(nc, Message.to(subject).data(data));
    }

    static Message ask(Connection nc, Message.Builder request) {
        try (Subscription inbox = nc.subscribe("answers." + Nuid.next())) {
            nc.publish(request.replyTo(inbox.subject()).build());
            return inbox.next(LONG);
        }
    }

    /** What is answered, as JSON. */
    static Map<String, @Nullable Object> askJson(Connection nc, String subject) {
        return Json.parse(ask(nc, subject, "").data());
    }

    /** {@code code:description}, as it is in the headers of an answer without payload. */
    static String error(Message answer) {
        if (answer.size() != 0) {
            throw new AssertionError("no error, but " + answer + ": " + answer.text());
        }
        return answer.headers().get("Nats-Service-Error-Code") + ":"
                + answer.headers().get("Nats-Service-Error");
    }

    /** What INFO and STATS have of an endpoint, with the fields that only one of them has: name, value, and so on. */
    static Map<String, Object> endpointJson(String name, String subject, String queueGroup, Object... more) {
        Map<String, Object> json = new HashMap<>(Map.of("name", name, "subject", subject, "queue_group", queueGroup));
        for (int i = 0; i < more.length; i += 2) {
            json.put((String) more[i], more[i + 1]);
        }
        return json;
    }

    static void await(CompletionStage<?> stage) throws Exception {
        stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** Waits until the condition holds; fails with the description, taken then, if it does not. */
    static void eventually(Supplier<String> description, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + LONG + " in vain for " + description.get());
            }
            LockSupport.parkNanos(500_000);
        }
    }

    /** The counts of the first endpoint, once it has handled so many requests. */
    static EndpointStats handled(Service service, long requests) throws Exception {
        eventually(
                () -> requests + " requests: " + service.stats(),
                () -> service.stats().endpoints().get(0).numRequests() >= requests);
        return service.stats().endpoints().get(0);
    }

    /** The counts of the first endpoint, once it has counted so many errors. */
    static EndpointStats failed(Service service, long errors) throws Exception {
        eventually(
                () -> errors + " errors: " + service.stats(),
                () -> service.stats().endpoints().get(0).numErrors() >= errors);
        return service.stats().endpoints().get(0);
    }
}
