// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;
import dev.midge.transport.EventLoops;
import dev.midge.transport.SharedExecutor;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Makes a connection, and gives it to its user once it has a server. */
final class Connecting {
    private final Resources resources;
    private final NatsConnection connection;
    private final Executor completion;
    private final CompletableFuture<Connection> result = new CompletableFuture<>();

    private Connecting(Options options, Resources resources, Executor completion) {
        this.resources = resources;
        this.completion = completion;
        this.connection = new NatsConnection(options, resources);
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
        Resources resources = new Resources(
                loops, eventLoop, executor.acquire(), SharedExecutor.shared().acquire());
        // A thread that waits is told at once: it may be the only one of the executor.
        Connecting connecting = new Connecting(options, resources, blocking ? Runnable::run : resources::run);
        connecting.begin(options);
        return connecting.result;
    }

    private void begin(Options options) {
        try {
            resources.eventLoop().execute(() -> {
                CompletableFuture<?> unused = connection.lifecycle().begin().whenComplete(this::begun);
            });
        } catch (RejectedExecutionException e) {
            NatsException failure =
                    new NatsException("cannot connect to " + options.servers() + ": the event loop ended", e);
            completion.execute(() -> result.completeExceptionally(failure));
            resources.release();
            return;
        }
        CompletableFuture<?> unused = result.whenComplete((nc, failure) -> {
            if (result.isCancelled()) {
                connection.lifecycle().close();
            }
        });
    }

    private void begun(@Nullable Void nothing, @Nullable Throwable failure) {
        completion.execute(() -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (!result.complete(connection)) {
                var unused = connection.closeAsync();
            }
        });
    }
}
