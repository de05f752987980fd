// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.auth.Auth;
import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import dev.midge.protocol.NatsException;
import dev.midge.transport.ConnectFailedException;
import dev.midge.transport.ConnectRequest;
import dev.midge.transport.Connector;
import dev.midge.transport.Endpoint;
import dev.midge.transport.EventLoops;
import dev.midge.transport.Link;
import dev.midge.transport.SharedExecutor;
import dev.midge.transport.UserInfo;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The first connect: tries the servers one after the other, each once. All on the event loop. */
final class Connecting {
    private final Options options;
    private final Resources resources;
    private final Executor completion;

    /**
     * Runs the resolver, which may block: not on the user's executor, whose only thread may be the one that waits for
     * the connection, or which may run tasks where they are made.
     */
    private final SharedExecutor.Lease resolving = SharedExecutor.shared().acquire();

    private final Connector connector;
    private final Iterator<Endpoint> servers;
    private final List<ConnectFailedException> failures = new ArrayList<>();
    private final CompletableFuture<Connection> result = new CompletableFuture<>();
    private volatile @Nullable Future<Link> attempt;

    private Connecting(Options options, Resources resources, Executor completion) {
        this.options = options;
        this.resources = resources;
        this.completion = completion;
        this.connector = new Connector(options.resolver(), resolving);
        this.servers = options.servers().iterator();
    }

    /**
     * Begins; the future can be cancelled.
     *
     * @param blocking the caller is going to wait for the future, and nobody else gets it
     */
    static CompletableFuture<Connection> start(Options options, boolean blocking) {
        EventLoops.Lease loops = options.eventLoops().acquire();
        EventLoop eventLoop = loops.next();
        try {
            if (blocking) {
                LoopThreads.checkMayBlock(eventLoop, "connect");
            }
        } catch (IllegalStateException e) {
            loops.release();
            throw e;
        }
        SharedExecutor executor =
                options.executor() == null ? SharedExecutor.shared() : SharedExecutor.of(options.executor());
        Resources resources = new Resources(loops, eventLoop, executor.acquire());
        // A thread that waits is told at once: it may be the only one of the executor.
        Connecting connecting = new Connecting(options, resources, blocking ? Runnable::run : resources::run);
        CompletableFuture<?> unused =
                connecting.result.whenComplete((connection, failure) -> connecting.cancelAttempt());
        try {
            eventLoop.execute(connecting::tryNext);
        } catch (RejectedExecutionException e) {
            connecting.end(new NatsException("cannot connect to " + options.servers() + ": the event loop ended", e));
        }
        return connecting.result;
    }

    /** Does nothing unless somebody else completed the result, as by cancelling: else there is no attempt any more. */
    private void cancelAttempt() {
        Future<Link> current = attempt;
        if (current != null) {
            current.cancel(false);
        }
    }

    private void tryNext() {
        if (servers.hasNext() && !result.isDone()) {
            tryServer(servers.next());
        } else {
            end(new NoServersException(failures));
        }
    }

    /** There is no connection. */
    private void end(NatsException failure) {
        completion.execute(() -> result.completeExceptionally(failure));
        resolving.release();
        resources.release();
    }

    private void tryServer(Endpoint server) {
        ConnectRequest request = ConnectRequest.to(server)
                .timeout(Duration.ofNanos(Checks.nanos(options.connectTimeout())))
                .limits(options.limits())
                .tls(options.tls())
                .racingDelay(options.connectionRacing())
                .shuffleAddresses(options.randomizeServers())
                .webSocket(options.webSocket())
                .build(info -> connect(server, info));
        Future<Link> current = connector.connect(resources.eventLoop(), request);
        attempt = current;
        Future<?> unused = current.addListener(future -> {
            attempt = null;
            if (future.isSuccess()) {
                established(current.getNow());
            } else {
                failed(server, future.cause());
            }
        });
        if (result.isDone()) {
            current.cancel(false);
        }
    }

    private void established(Link link) {
        NatsConnection connection = new NatsConnection(options, resources, link);
        connection.begin();
        resolving.release();
        completion.execute(() -> {
            if (!result.complete(connection)) {
                var unused = connection.closeAsync();
            }
        });
    }

    private void failed(Endpoint server, Throwable cause) {
        if (cause instanceof ConnectFailedException failure) {
            failures.add(failure);
            tryNext();
        } else {
            end(new NatsException("the attempt to connect to " + server + " failed unexpectedly", cause));
        }
    }

    private CompletableFuture<Connect> connect(Endpoint server, Info info) {
        Connect.Builder builder = Connect.builder()
                .verbose(options.verbose())
                .pedantic(options.pedantic())
                .echo(options.echo())
                .tlsRequired(options.tls() != null
                        || server.scheme() == Endpoint.Scheme.TLS
                        || server.scheme() == Endpoint.Scheme.WSS
                        || info.tlsRequired())
                .headers(info.headers())
                .noResponders(info.headers())
                .name(options.name());
        if (server.userInfo() instanceof UserInfo.UserPassword user) {
            builder.user(user.user()).pass(user.password());
        } else if (server.userInfo() instanceof UserInfo.Token token) {
            builder.authToken(token.token());
        } else if (options.auth() != null) {
            Auth auth = options.auth();
            return CompletableFuture.supplyAsync(() -> authenticate(auth, info, builder), resolving);
        }
        return CompletableFuture.completedFuture(builder.build());
    }

    /** May block: a file is read, or somebody asked. */
    private static Connect authenticate(Auth auth, Info info, Connect.Builder builder) {
        try {
            auth.apply(info, builder);
            return builder.build();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
