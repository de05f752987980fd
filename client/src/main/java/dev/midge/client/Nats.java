// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Connects to NATS servers. */
public final class Nats {
    private Nats() {}

    /**
     * Connects with default options to one server, and waits for it; see {@link #connect(Options)}.
     *
     * @param url {@code nats://host:port}, or without scheme or port
     */
    public static Connection connect(String url) {
        return connect(Options.builder().servers(url).build());
    }

    /**
     * Connects, and waits for it: tries each server once, each for at most {@link Options#connectTimeout()}.
     *
     * @throws NoServersException if none accepted the connection
     * @throws NatsInterruptedException if the thread is interrupted; the attempt is given up
     * @throws IllegalStateException on an event loop
     */
    public static Connection connect(Options options) {
        CompletableFuture<Connection> future = Connecting.start(options, true);
        try {
            return future.get();
        } catch (InterruptedException e) {
            if (!future.cancel(false)) {
                CompletableFuture<?> unused = future.thenCompose(Connection::closeAsync);
            }
            Thread.currentThread().interrupt();
            throw new NatsInterruptedException("interrupted while connecting to " + options.servers(), e);
        } catch (ExecutionException e) {
            throw Failures.rethrown(e.getCause());
        } catch (CancellationException e) {
            throw new AssertionError("nobody else has the future", e);
        }
    }

    /**
     * Connects without waiting. The future completes on the connection's executor; it fails as
     * {@link #connect(Options)} does. Cancelling it gives the attempt up.
     */
    public static CompletableFuture<Connection> connectAsync(Options options) {
        return Connecting.start(options, false);
    }
}
