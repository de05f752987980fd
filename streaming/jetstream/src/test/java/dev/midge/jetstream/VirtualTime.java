// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

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
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** An event loop that does real I/O, and whose time stands still until a test turns it on. */
final class VirtualTime implements AutoCloseable {
    private final MockTicker ticker = Ticker.newMockTicker();
    private final MultiThreadIoEventLoopGroup group = group(ticker);

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

    EventLoops eventLoops() {
        return EventLoops.of(group);
    }

    /** Lets time pass, and returns when the event loop has done what is due. */
    void advance(Duration by) throws Exception {
        settle(); // what was asked for before counts from before
        ticker.advance(by.toNanos(), TimeUnit.NANOSECONDS);
        settle();
    }

    /** Returns when the event loop has done what it was told before. */
    void settle() throws Exception {
        EventLoop loop = group.next();
        for (int i = 0; i < 2; i++) { // and what comes of that
            CompletableFuture<Void> done = new CompletableFuture<>();
            // Scheduled on the loop, it comes behind all that is due; from outside it could come before.
            loop.execute(() -> {
                var unused = loop.schedule(() -> done.complete(null), 0, TimeUnit.NANOSECONDS);
            });
            done.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        Future<?> terminated = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        while (!terminated.awaitUninterruptibly(1)) { // it ends when some time has passed
            ticker.advance(1, TimeUnit.SECONDS);
        }
    }
}
