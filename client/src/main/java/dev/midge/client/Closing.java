// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.Link;
import dev.midge.transport.OutboundBuffer;
import dev.midge.transport.Outcome;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** How a connection is closed by its user, and who waits for its end, however that comes. */
final class Closing {
    private final Options options;
    private final Resources resources;
    private final OutboundBuffer outbound;
    private final Pongs pongs;
    private final AtomicBoolean begun = new AtomicBoolean();

    /** Completes on the event loop, for threads that wait: the executor may have none left but those that do. */
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Completes on the executor, for the users. */
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Of the event loop. */
    private @Nullable ScheduledFuture<?> timer;

    Closing(Options options, Resources resources, OutboundBuffer outbound, Pongs pongs) {
        this.options = options;
        this.resources = resources;
        this.outbound = outbound;
        this.pongs = pongs;
    }

    /** The user wants it closed; false if that is known. From any thread. */
    boolean begin() {
        return begun.compareAndSet(false, true);
    }

    /** Whether the user wants it closed. */
    boolean hasBegun() {
        return begun.get();
    }

    /** On the event loop: what was accepted before is written, and the link ends when the PONG tells that the server has it. */
    void confirm(Link link, String server) {
        CompletableFuture<Duration> confirmed = new CompletableFuture<>();
        boolean asked = pongs.ping(confirmed, Runnable::run) == Outcome.ACCEPTED;
        outbound.refuse();
        long timeout = Checks.nanos(options.closeTimeout());
        if (!asked || timeout == 0) {
            link.close();
            return;
        }
        Runnable unconfirmed = () ->
                link.fail(new NatsTimeoutException(server + " did not confirm within closeTimeout what was published"));
        timer = resources.eventLoop().schedule(unconfirmed, timeout, TimeUnit.NANOSECONDS);
        CompletableFuture<?> unused = confirmed.whenComplete((rtt, failure) -> link.close());
    }

    /** On the event loop: it has ended. What it had on lease is given back. */
    void ended() {
        if (timer != null) {
            timer.cancel(false);
        }
        resources.run(() -> closed.complete(null));
        resources.release();
        ended.complete(null);
    }

    /** Waits for the end; not on an event loop. */
    void await() {
        ended.join(); // not interruptible: whoever closes wants it closed; bounded by closeTimeout
    }

    /** Completes on the event loop when it has ended. */
    CompletableFuture<Void> endedOnLoop() {
        return ended;
    }

    /** Completes on the executor when it has ended. */
    CompletableFuture<Void> endedOnExecutor() {
        return closed.copy();
    }
}
