// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** PINGs that somebody wants to see answered. */
final class RoundTrips {
    private final NatsConnection connection;
    private final Lifecycle lifecycle;
    private final Pongs pongs;

    RoundTrips(NatsConnection connection, Lifecycle lifecycle, Pongs pongs) {
        this.connection = connection;
        this.lifecycle = lifecycle;
        this.pongs = pongs;
    }

    /** Sends a PING; the future completes with how long the PONG took, on that executor. */
    CompletableFuture<Duration> start(Executor executor) {
        CompletableFuture<Duration> pong = new CompletableFuture<>();
        return switch (pongs.ping(pong, executor)) {
            case CLOSED -> CompletableFuture.failedFuture(lifecycle.closedException());
            case SUSPENDED -> CompletableFuture.failedFuture(lifecycle.disconnectedException());
            default -> pong;
        };
    }

    /** As {@link #start}, and waits for it. */
    Duration await(Duration timeout, String what) {
        Checks.positive("timeout", timeout);
        connection.checkMayBlock(what);
        CompletableFuture<Duration> pong = start(Runnable::run);
        try {
            return pong.get(Checks.nanos(timeout), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new NatsTimeoutException(what + ": " + lifecycle.server() + " did not answer PING within " + timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NatsInterruptedException(
                    what + ": interrupted while waiting for PONG of " + lifecycle.server(), e);
        } catch (ExecutionException e) {
            throw Failures.rethrown(e.getCause());
        }
    }
}
