// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.OutboundBuffer;
import dev.midge.transport.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The drain of a connection: that of all its subscriptions, then what they have published is written and confirmed, then
 * it is closed.
 */
final class ConnectionDrain {
    private final NatsConnection connection;
    private final Lifecycle lifecycle;
    private final Drains drains;
    private final OutboundBuffer outbound;
    private final Pongs pongs;
    private final AtomicBoolean begun = new AtomicBoolean();

    /** Completes on the event loop, when the connection has ended. */
    private final CompletableFuture<DrainResult> result = new CompletableFuture<>();

    /** How it went, on the event loop, before the connection is closed for that. */
    private final CompletableFuture<DrainResult> outcome = new CompletableFuture<>();

    // Of the event loop.
    private List<SubscriptionDrain> subscriptions = List.of();
    private boolean flushing;
    private boolean pinged;

    ConnectionDrain(
            NatsConnection connection, Lifecycle lifecycle, Drains drains, OutboundBuffer outbound, Pongs pongs) {
        this.connection = connection;
        this.lifecycle = lifecycle;
        this.drains = drains;
        this.outbound = outbound;
        this.pongs = pongs;
    }

    /** From any thread: whether it has begun, so that no subscription is taken any more. */
    boolean hasBegun() {
        return begun.get();
    }

    /** From any thread. Completes on the event loop; of a connection that has ended already, at once. */
    CompletableFuture<DrainResult> drain(Duration timeout) {
        if (begun.compareAndSet(false, true)) {
            CompletableFuture<?> unused = lifecycle.closing().endedOnLoop().thenRun(this::connectionEnded);
            lifecycle.onLoop(() -> begin(timeout));
        }
        return result;
    }

    private void begin(Duration timeout) {
        if (lifecycle.isClosing()) {
            return;
        }
        connection.emit(new ConnectionEvent.Draining(lifecycle.server()));
        CompletableFuture<?> unused = outcome.thenAccept(this::close);
        drains.within(timeout, outcome, () -> new DrainResult(false, remaining(), !lifecycle.isClosing()));
        subscriptions = drains.drainAll();
        CompletableFuture<?> ignored = CompletableFuture.allOf(
                        subscriptions.stream().map(SubscriptionDrain::over).toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> lifecycle.onLoop(this::flush));
    }

    /** The subscriptions are done. */
    private void flush() {
        if (outcome.isDone() || lifecycle.isClosing() || pinged) {
            return;
        }
        flushing = true;
        CompletableFuture<Duration> pong = new CompletableFuture<>();
        if (pongs.ping(pong, Runnable::run) == Outcome.ACCEPTED) {
            pinged = true;
            CompletableFuture<?> unused = pong.whenComplete((rtt, failure) -> lifecycle.onLoop(() -> flushed(failure)));
        } else if (!lifecycle.isMoving() && outbound.queuedMessages() == 0) {
            done(true); // there is no server, and nothing that one should be told
        }
    }

    private void flushed(@Nullable Throwable failure) {
        pinged = false;
        if (failure == null) {
            done(true);
        } else if (outbound.queuedMessages() == 0) {
            done(false); // all was written, but nobody knows what became of it
        }
    }

    /** On the event loop: another server has the connection now. */
    void serverChanged() {
        if (flushing) {
            flush();
        }
    }

    private void done(boolean flushed) {
        boolean drained =
                subscriptions.stream().allMatch(drain -> drain.over().join().drained());
        outcome.complete(new DrainResult(flushed && drained, remaining(), false));
    }

    private void close(DrainResult how) {
        if (!lifecycle.isClosing()) {
            connection.emit(new ConnectionEvent.Drained(how));
            lifecycle.close();
        }
    }

    /** Of those that are over, what they ended with: it may have been dropped since. */
    private long remaining() {
        return subscriptions.stream()
                .mapToLong(drain -> drain.over().isDone() ? drain.over().join().remaining() : drain.remaining())
                .sum();
    }

    private void connectionEnded() {
        outcome.complete(new DrainResult(false, remaining(), false)); // unless it is why the connection ended
        result.complete(outcome.join());
    }
}
