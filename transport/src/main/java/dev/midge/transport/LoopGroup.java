// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Event loops handed out in turn, each made when its turn first comes.
 *
 * <p>Not Netty's MultiThreadIoEventLoopGroup: that listens to the end of its loops, which starts Netty's
 * GlobalEventExecutor, whose thread is no daemon and lives on for a second. Loops without a group end alone.
 */
final class LoopGroup {
    /** A loop that is told to end runs the tasks it has; this bounds how long those may add more. */
    private static final long SHUTDOWN_SECONDS = 1;

    private final IoHandlerFactory handlers;
    private final int size;
    private final ThreadFactory threads = new DefaultThreadFactory("nats-io", true) {
        @Override
        protected Thread newThread(Runnable task, String name) {
            return new LoopThread(task, name);
        }
    };
    private final ReentrantLock lock = new ReentrantLock();
    private final List<EventLoop> loops = new ArrayList<>();
    private int turn;

    private static final class LoopThread extends FastThreadLocalThread {
        LoopThread(Runnable task, String name) {
            super(null, task, name);
        }
    }

    /** Whether the caller is on a loop of any of these groups, where nothing must wait. */
    static boolean isOnLoop() {
        return Thread.currentThread() instanceof LoopThread;
    }

    LoopGroup(IoHandlerFactory handlers, int size) {
        this.handlers = handlers;
        this.size = size;
    }

    EventLoop next() {
        lock.lock();
        try {
            int index = turn;
            turn = (turn + 1) % size;
            if (index == loops.size()) {
                loops.add(new SingleThreadIoEventLoop(null, threads, handlers));
            }
            return loops.get(index);
        } finally {
            lock.unlock();
        }
    }

    /** Lets the loops run what they have been given and end, their sockets closed. Does not wait for it. */
    void shutdown() {
        lock.lock();
        try {
            for (EventLoop loop : loops) {
                // The future is not listened to, see above.
                var unused = loop.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            lock.unlock();
        }
    }
}
