// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.ConnectionListener;
import dev.midge.client.ConnectionStatus;
import dev.midge.client.DrainResult;
import dev.midge.client.Subscription;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.ServerError.PermissionsViolation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a service has subscribed to, from its start to its end: by its user's wish, or with its connection. */
final class Lifetime {
    private final Service service;
    private final Connection nc;
    private final Duration drainTimeout;
    private final ControlSubjects control;
    private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
    private final Unfinished unfinished = new Unfinished();
    private final ConnectionListener listener = this::onEvent;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as is the adding of endpoints. */
    private boolean stopping;

    Lifetime(Service service, Connection nc, String controlPrefix, Duration drainTimeout) {
        this.service = service;
        this.nc = nc;
        this.drainTimeout = drainTimeout;
        this.control = new ControlSubjects(service, controlPrefix);
    }

    void start() {
        nc.addListener(listener);
        try {
            control.subscribe(nc);
        } catch (RuntimeException e) {
            nc.removeListener(listener);
            throw e;
        }
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    CompletableFuture<Void> stopped() {
        return stopped;
    }

    /** @param scope with the subject of the endpoint as its prefix */
    EndpointInfo add(EndpointOptions options, Scope scope, RequestHandler handler) {
        lock.lock();
        try {
            if (stopping) {
                throw new IllegalStateException(
                        "cannot add endpoint " + options.name() + ": " + service + " is being stopped, or has been");
            }
            Endpoint endpoint = new Endpoint(service, unfinished, nc, options, scope, handler);
            endpoints.add(endpoint);
            return endpoint.info();
        } finally {
            lock.unlock();
        }
    }

    /** Those there are, none being added meanwhile. */
    private List<Endpoint> endpoints(Predicate<Endpoint> condition) {
        lock.lock();
        try {
            return endpoints.stream().filter(condition).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Drains the endpoints, waits for asynchronous handlers, drains the control subjects: in that order. */
    void stop() {
        if (!beginsToStop()) {
            return;
        }
        long deadline = System.nanoTime() + drainTimeout.toNanos();
        List<CompletableFuture<DrainResult>> drains =
                endpoints.stream().map(endpoint -> endpoint.drain(drainTimeout)).toList();
        CompletableFuture<?> unused = all(drains)
                .thenCompose(nothing -> finished(deadline))
                .thenCompose(nothing -> control.drain(drainTimeout))
                .thenRun(() -> {
                    if (nc.status() != ConnectionStatus.CLOSED) { // else the event tells more
                        end(unanswered(drains));
                    }
                });
    }

    private boolean beginsToStop() {
        lock.lock();
        try {
            boolean begins = !stopping;
            stopping = true;
            return begins;
        } finally {
            lock.unlock();
        }
    }

    static CompletableFuture<Void> all(List<CompletableFuture<DrainResult>> drains) {
        return CompletableFuture.allOf(drains.toArray(CompletableFuture<?>[]::new));
    }

    /** Completes when the asynchronous handlers have ended too, or the time is over. */
    private CompletableFuture<?> finished(long deadline) {
        CompletableFuture<Void> none = unfinished.none();
        if (none.isDone()) {
            return none;
        }
        // Not on the thread of the JDK's timer, nor on that which the last handler has to itself.
        return none.orTimeout(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                .handleAsync((nothing, late) -> null, ForkJoinPool.commonPool());
    }

    private @Nullable Throwable unanswered(List<CompletableFuture<DrainResult>> drains) {
        long waiting =
                drains.stream().mapToLong(drain -> drain.join().remaining()).sum();
        long left = waiting + unfinished.count();
        return left == 0
                ? null
                : new NatsException(
                        service + " was stopped, but " + left + " requests were not handled within " + drainTimeout);
    }

    private void end(@Nullable Throwable cause) {
        nc.removeListener(listener);
        if (cause == null) {
            stopped.complete(null);
        } else {
            stopped.completeExceptionally(cause);
        }
    }

    private void onEvent(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.Closed closed) {
            stop();
            end(closed.cause());
        } else if (event instanceof ConnectionEvent.Draining) {
            stop();
        } else if (event instanceof ConnectionEvent.SlowConsumer slow) {
            endpoints(endpoint -> endpoint.has(slow.subscription()))
                    .forEach(endpoint -> endpoint.counts()
                            .failed("slow consumer: " + slow.pendingMessages() + " requests are waiting"));
        } else if (event instanceof ConnectionEvent.PermissionDenied denied) {
            refused(denied.error(), denied.subscription());
        }
    }

    /** A server refused an answer, or what an endpoint subscribes to. */
    private void refused(PermissionsViolation error, @Nullable Subscription subscription) {
        endpoints(endpoint -> subscription == null ? endpoint.repliedTo(error.subject()) : endpoint.has(subscription))
                .stream()
                .findFirst()
                .ifPresent(endpoint -> endpoint.counts().failed(error.text()));
    }
}
