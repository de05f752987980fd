// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import dev.midge.transport.EventLoops;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An event loop that does real I/O, and whose time stands still until a test turns it on: for timeouts, heartbeats and
 * back-offs of connections that were given {@link #eventLoops()}.
 *
 * <pre>{@code
 * try (VirtualTime time = new VirtualTime();
 *         Connection nc = Nats.connect(Options.builder().eventLoops(time.eventLoops()).build())) {
 *     var reply = nc.requestAsync("nobody.answers", "x", Duration.ofHours(1));
 *     time.advance(Duration.ofMinutes(61));
 * }
 * }</pre>
 *
 * For one thread at a time. Close the connections first.
 */
public final class VirtualTime implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final MultiThreadIoEventLoopGroup group = group(ticker);

    /** Its time begins to stand still now. */
    public VirtualTime() {}

    private static MultiThreadIoEventLoopGroup group(Ticker ticker) {
        return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()) {
            @Override
            protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... args) {
                return new SingleThreadIoEventLoop(this, executor, handlers) {
                    @Override
                    public Ticker ticker() {
                        return ticker;
                    }
                };
            }
        };
    }

    /** The event loop, for the options of connections. */
    public EventLoops eventLoops() {
        return EventLoops.of(group);
    }

    /**
     * Lets time pass, and returns when the event loop has done what is due.
     *
     * @throws InterruptedException if the thread is interrupted
     * @throws IllegalStateException if the event loop does not get to that within 30 s
     */
    public void advance(Duration by) throws InterruptedException {
        settle(); // what was asked for before counts from before
        ticker.advance(by.toNanos(), TimeUnit.NANOSECONDS);
        settle();
    }

    /** Lets time pass, and does not wait for what comes of it: on the event loop itself. */
    public void pass(Duration by) {
        ticker.advance(by.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns when the event loop has done what it was told before; throws as {@link #advance} does. */
    public void settle() throws InterruptedException {
        EventLoop loop = group.next();
        for (int i = 0; i < 2; i++) { // and what comes of that
            CompletableFuture<Void> done = new CompletableFuture<>();
            // Scheduled on the loop, it comes behind all that is due; from outside it could come before.
            loop.execute(() -> {
                var unused = loop.schedule(() -> done.complete(null), 0, TimeUnit.NANOSECONDS);
            });
            try {
                done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("the event loop did not do what is due", e);
            }
        }
    }

    /** Ends the event loop. */
    @Override
    public void close() {
        Future<?> terminated = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        while (!terminated.awaitUninterruptibly(1)) { // it ends when some time has passed
            ticker.advance(1, TimeUnit.SECONDS);
        }
    }
}
