// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that a server is gone although the socket does not say so: pings it when nothing came for a while, and gives
 * it up when nothing comes in answer. Any byte counts as life. On the event loop.
 */
final class KeepAlive {
    private final EventLoop eventLoop;
    private final long intervalNanos;
    private final int maxPingsOut;
    private final BooleanSupplier deaf;
    private final Runnable ping;
    private final Runnable stale;

    private int pingsOut;
    private boolean alive;
    private @Nullable ScheduledFuture<?> timer;

    /**
     * @param intervalNanos 0 for never
     * @param deaf whether nothing is read at present, so that nothing can come
     * @param ping sends a PING
     * @param stale called once
     */
    KeepAlive(
            EventLoop eventLoop,
            long intervalNanos,
            int maxPingsOut,
            BooleanSupplier deaf,
            Runnable ping,
            Runnable stale) {
        this.eventLoop = eventLoop;
        this.intervalNanos = intervalNanos;
        this.maxPingsOut = maxPingsOut;
        this.deaf = deaf;
        this.ping = ping;
        this.stale = stale;
    }

    void start() {
        if (intervalNanos > 0) {
            timer = eventLoop.scheduleWithFixedDelay(this::tick, intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Something came. */
    void alive() {
        alive = true;
    }

    private void tick() {
        if (alive || deaf.getAsBoolean()) {
            alive = false;
            pingsOut = 0;
        } else if (pingsOut >= maxPingsOut) {
            stop();
            stale.run();
        } else {
            pingsOut++;
            ping.run();
        }
    }
}
