// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.ConnectFailedException;
import dev.midge.transport.ConnectRequest;
import dev.midge.transport.Connector;
import dev.midge.transport.Link;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds a server that takes the connection: at first, and again whenever it is lost. One attempt at a time, each with a
 * deadline of its own, when and where the pool says. All on the event loop.
 */
final class Reconnector {
    /** Is told what comes of it, on the event loop. */
    interface Owner {
        /** Ends the search. */
        void connected(Link link, Server server, int attempts);

        /** The search goes on, unless it is stopped here. */
        void attemptFailed(Server server, int attempt, Throwable cause);

        /**
         * Ends the search: no server is left, or each has been tried once and no more was asked for.
         *
         * @param failures the last one of each server
         */
        void exhausted(List<ConnectFailedException> failures);
    }

    private final Options options;
    private final EventLoop eventLoop;
    private final ServerPool pool;
    private final Owner owner;
    private final Connector connector;
    private final Greeting greeting;
    private final Executor blocking;

    private final Set<Server> tried = new HashSet<>();
    private final Map<Server, ConnectFailedException> failures = new LinkedHashMap<>();
    private @Nullable Server avoided;
    private boolean searching;

    /** Counts the searches. */
    private int search;

    private boolean onceEach;
    private boolean atOnce;
    private int attempts;
    private @Nullable Future<?> timer;
    private @Nullable Future<Link> attempt;

    Reconnector(Options options, Resources resources, ServerPool pool, Owner owner) {
        this.options = options;
        this.eventLoop = resources.eventLoop();
        this.pool = pool;
        this.owner = owner;
        this.connector = new Connector(options.resolver(), resources.blocking());
        this.blocking = resources.blocking();
        this.greeting = new Greeting(options, resources.blocking());
    }

    /** Tries each server once, at once. */
    void startOnceEach() {
        tried.clear();
        start(true, true);
    }

    /**
     * Tries until one takes the connection or none is left.
     *
     * @param firstAtOnce without the wait before the first attempt
     */
    void startUntilConnected(boolean firstAtOnce) {
        start(false, firstAtOnce);
    }

    /** As {@link #startUntilConnected}, at any other server, while there still is a connection to this one. */
    void startBeside(Server present) {
        stop();
        avoided = present;
        begin(false, false);
    }

    private void start(boolean once, boolean firstAtOnce) {
        stop();
        avoided = null;
        begin(once, firstAtOnce);
    }

    private void begin(boolean once, boolean firstAtOnce) {
        searching = true;
        search++;
        onceEach = once;
        atOnce = firstAtOnce;
        attempts = 0;
        failures.clear();
        next();
    }

    /** Gives up what is under way. */
    void stop() {
        searching = false;
        cancelTimer();
        Future<Link> current = attempt;
        if (current != null) {
            attempt = null;
            current.cancel(false);
        }
    }

    /** The pool has other servers now: a wait may be for one that is gone. */
    void poolChanged() {
        if (searching && timer != null) {
            cancelTimer();
            next();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** Asks the user first, off the event loop, if there is something to ask. */
    private void next() {
        Advice advice = pool.advice();
        if (advice == null) {
            proceed();
            return;
        }
        int of = search;
        var unused = CompletableFuture.supplyAsync(advice::ask, blocking)
                .thenAcceptAsync(
                        asked -> {
                            if (searching && search == of) {
                                pool.take(asked);
                                proceed();
                            }
                        },
                        eventLoop);
    }

    private void proceed() {
        Server server = pool.next(avoided);
        if (server == null || (onceEach && !tried.add(server))) {
            searching = false;
            owner.exhausted(new ArrayList<>(failures.values()));
            return;
        }
        long wait = onceEach || atOnce ? 0 : pool.delayNanos(server);
        atOnce = false;
        if (wait <= 0) {
            attempt(server);
        } else {
            timer = eventLoop.schedule(
                    () -> {
                        timer = null;
                        attempt(server);
                    },
                    wait,
                    TimeUnit.NANOSECONDS);
        }
    }

    private void attempt(Server server) {
        attempts++;
        ConnectRequest request = ConnectRequest.to(server.endpoint())
                .timeout(Duration.ofNanos(Checks.nanos(options.connectTimeout())))
                .limits(options.limits())
                .tls(options.tls())
                .racingDelay(options.connectionRacing())
                .shuffleAddresses(options.randomizeServers())
                .webSocket(options.webSocket())
                .proxy(options.proxy())
                .build(info -> greeting.connect(server.endpoint(), info));
        Future<Link> current = connector.connect(eventLoop, request);
        attempt = current;
        Future<?> unused = current.addListener(future -> {
            if (attempt != current) {
                return; // stopped
            }
            attempt = null;
            if (future.isSuccess()) {
                searching = false;
                pool.connected(server);
                owner.connected(current.getNow(), server, attempts);
            } else {
                failed(server, future.cause());
            }
        });
    }

    private void failed(Server server, Throwable cause) {
        pool.failed(server, cause);
        if (cause instanceof ConnectFailedException failure) {
            failures.put(server, failure);
        }
        owner.attemptFailed(server, attempts, cause);
        if (searching) {
            next();
        }
    }
}
