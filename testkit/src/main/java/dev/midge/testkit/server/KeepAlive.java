// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pings a client, and finds out that it does not answer: processPingTimer of nats-server's client.go. */
final class KeepAlive {
    /** firstClientPingInterval in nats-server's server.go: soon after CONNECT, to measure the round trip. */
    private static final Duration FIRST = Duration.ofSeconds(2);

    /** DEFAULT_RTT_MEASUREMENT_INTERVAL in nats-server's const.go. */
    private static final long MEASURE_NANOS = TimeUnit.HOURS.toNanos(1);

    private final EventLoop loop;
    private final long intervalNanos;
    private final int maxOut;
    private final Runnable ping;
    private final Runnable stale;

    private int out;
    private boolean measured;
    private long lastPing;
    private boolean active;
    private long lastActive;
    private @Nullable Future<?> timer;

    KeepAlive(EventLoop loop, Duration interval, int maxOut, Runnable ping, Runnable stale) {
        this.loop = loop;
        this.intervalNanos = interval.toNanos();
        this.maxOut = maxOut;
        this.ping = ping;
        this.stale = stale;
    }

    /** The client has come. */
    void start() {
        schedule(intervalNanos);
    }

    /** The client has sent CONNECT. */
    void connected() {
        long first = Math.min(intervalNanos, FIRST.toNanos());
        schedule(first + ThreadLocalRandom.current().nextLong(Math.max(1, first / 5)));
    }

    /** The client has sent something that shows it is there: anything but PONG. */
    void active() {
        active = true;
    }

    void pong() {
        out = 0;
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void schedule(long nanos) {
        stop();
        timer = loop.schedule(this::tick, nanos, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        timer = null;
        long now = System.nanoTime();
        if (active) {
            active = false;
            lastActive = now;
        }
        boolean quiet = lastActive == 0 || now - lastActive >= intervalNanos;
        if (quiet || !measured || now - lastPing > MEASURE_NANOS) {
            if (out + 1 > maxOut) {
                stale.run();
                return;
            }
            out++;
            measured = true;
            lastPing = now;
            ping.run();
        }
        schedule(intervalNanos);
    }
}
