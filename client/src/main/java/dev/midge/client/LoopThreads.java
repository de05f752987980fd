// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.EventLoops;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;

/** Keeps calls that wait off event loops, where they would wait for themselves or hold up other connections. */
final class LoopThreads {
    private LoopThreads() {}

    /** Whether the calling thread is this event loop, another one of its group, or one of those that Midge made. */
    static boolean isLoop(EventLoop eventLoop) {
        if (eventLoop.inEventLoop() || EventLoops.isEventLoopThread()) {
            return true;
        }
        EventLoopGroup group = eventLoop.parent();
        if (group != null) {
            for (EventExecutor other : group) {
                if (other.inEventLoop()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** @throws IllegalStateException if the calling thread {@linkplain #isLoop is an event loop} */
    static void checkMayBlock(EventLoop eventLoop, String what) {
        if (isLoop(eventLoop)) {
            throw new IllegalStateException(
                    what + " waits, which an event loop must not: call the asynchronous form, or on another thread");
        }
    }
}
