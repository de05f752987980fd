// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.client.Connection;
import dev.midge.client.DrainResult;
import dev.midge.client.Message;
import dev.midge.client.MessageHandler;
import dev.midge.client.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The subscriptions by which an instance of a service is found and asked: to all, to its name, and to its id. */
final class ControlSubjects {
    static final String PREFIX = "$SRV";

    private final Service service;
    private final String prefix;
    private final List<Subscription> subscriptions = new ArrayList<>();

    ControlSubjects(Service service, String prefix) {
        this.service = service;
        this.prefix = prefix;
    }

    void subscribe(Connection nc) {
        try {
            subscribe(nc, "PING", () -> ServiceJson.toText(service.ping()));
            subscribe(nc, "INFO", () -> ServiceJson.toText(service.info()));
            subscribe(nc, "STATS", () -> ServiceJson.toText(service.stats()));
        } catch (RuntimeException e) {
            subscriptions.forEach(Subscription::unsubscribe);
            throw e;
        }
    }

    private void subscribe(Connection nc, String verb, Supplier<String> json) {
        MessageHandler handler = message -> answer(message, json.get());
        String all = prefix + "." + verb;
        String named = all + "." + service.name();
        for (String subject : new String[] {all, named, named + "." + service.id()}) {
            subscriptions.add(nc.subscribe(subject, handler));
        }
    }

    private void answer(Message message, String json) {
        RuntimeException unsent = Replies.send(message, json.getBytes(UTF_8));
        if (unsent != null) {
            service.report(null, null, unsent);
        }
    }

    CompletableFuture<Void> drain(Duration timeout) {
        List<CompletableFuture<DrainResult>> drains =
                subscriptions.stream().map(sub -> sub.drainAsync(timeout)).toList();
        return Lifetime.all(drains);
    }
}
