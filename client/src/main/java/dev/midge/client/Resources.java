// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.EventLoops;
import dev.midge.transport.SharedExecutor;
import io.netty.channel.EventLoop;
import java.util.concurrent.ForkJoinPool;

/**
 * What a connection has on lease while it lives.
 *
 * @param blocking runs what may block while a connection is made, such as the resolver: not the user's executor, whose
 *     only thread may be the one that waits for the connection, or which may run tasks where they are made
 */
record Resources(
        EventLoops.Lease loops, EventLoop eventLoop, SharedExecutor.Lease executor, SharedExecutor.Lease blocking) {
    /**
     * Runs on the executor what somebody waits for. Where the executor takes no more, be it the user's or that of a
     * connection that has ended, the common pool stands in: it must neither be lost nor run on the event loop.
     */
    @SuppressWarnings("CatchingUnchecked") // the executor may be the user's, and throw what it likes
    void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (Throwable e) {
            ForkJoinPool.commonPool().execute(task);
        }
    }

    /** The connection has ended: the last thing it does. */
    void release() {
        executor.release();
        blocking.release();
        loops.release();
    }
}
