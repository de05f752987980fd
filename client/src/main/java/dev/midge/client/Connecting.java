// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

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
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The first connect: tries the servers one after the other, each once. */
final class Connecting {
    private final Options options;
    private final Resources resources;
    private final Connector connector;
    private final Iterator<Endpoint> servers;
    private final List<ConnectFailedException> failures = new ArrayList<>();
    private final CompletableFuture<Connection> result = new CompletableFuture<>();
    private volatile @Nullable Future<Link> attempt;

    private Connecting(Options options, Resources resources) {
        this.options = options;
        this.resources = resources;
        this.connector = new Connector(options.resolver(), resources.executor());
        this.servers = options.servers().iterator();
    }

    /** Begins; the future can be cancelled. */
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
        Connecting connecting = new Connecting(options, new Resources(loops, eventLoop, executor.acquire()));
        CompletableFuture<?> unused =
                connecting.result.whenComplete((connection, failure) -> connecting.cancelAttempt());
        eventLoop.execute(connecting::tryNext);
        return connecting.result;
    }

    /** Does nothing unless the result was cancelled: else there is no attempt any more. */
    private void cancelAttempt() {
        Future<Link> current = attempt;
        if (current != null) {
            current.cancel(false);
        }
    }

    private void tryNext() {
        if (servers.hasNext() && !result.isCancelled()) {
            tryServer(servers.next());
        } else {
            end(new NoServersException(failures));
        }
    }

    /** There is no connection. */
    private void end(NatsException failure) {
        resources.executor().execute(() -> result.completeExceptionally(failure));
        resources.release();
    }

    private void tryServer(Endpoint server) {
        ConnectRequest request = new ConnectRequest(
                server,
                options.connectTimeout(),
                options.limits(),
                info -> CompletableFuture.completedFuture(connect(info, server.userInfo())));
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
        if (result.isCancelled()) {
            current.cancel(false);
        }
    }

    private void established(Link link) {
        NatsConnection connection = new NatsConnection(options, resources, link);
        connection.begin();
        resources.executor().execute(() -> {
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

    private Connect connect(Info info, @Nullable UserInfo userInfo) {
        Connect.Builder builder = Connect.builder()
                .verbose(options.verbose())
                .pedantic(options.pedantic())
                .echo(options.echo())
                .headers(info.headers())
                .noResponders(info.headers())
                .name(options.name());
        if (userInfo instanceof UserInfo.UserPassword user) {
            builder.user(user.user()).pass(user.password());
        } else if (userInfo instanceof UserInfo.Token token) {
            builder.authToken(token.token());
        }
        return builder.build();
    }
}
