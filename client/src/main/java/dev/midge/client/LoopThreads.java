// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.EventLoops;
import io.netty.channel.EventLoop;

/** Keeps calls that wait off event loops, where they would wait for themselves or hold up other connections. */
final class LoopThreads {
    private LoopThreads() {}

    /** Whether the calling thread is this event loop, or one of those that Midge made. */
    static boolean isLoop(EventLoop eventLoop) {
        return eventLoop.inEventLoop() || EventLoops.isEventLoopThread();
    }

    /** @throws IllegalStateException if the calling thread {@linkplain #isLoop is an event loop} */
    static void checkMayBlock(EventLoop eventLoop, String what) {
        if (isLoop(eventLoop)) {
            throw new IllegalStateException(
                    what + " waits, which an event loop must not: call the asynchronous form, or on another thread");
        }
    }
}
