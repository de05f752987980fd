// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.EventLoops;
import dev.midge.transport.SharedExecutor;
import io.netty.channel.EventLoop;

/** What a connection has on lease while it lives. */
record Resources(EventLoops.Lease loops, EventLoop eventLoop, SharedExecutor.Lease executor) {
    /** The connection has ended: the last thing it does. */
    void release() {
        executor.release();
        loops.release();
    }
}
