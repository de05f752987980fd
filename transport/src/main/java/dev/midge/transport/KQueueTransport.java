// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandle;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueSocketChannel;

/** The kqueue of macOS and BSD, through an optional jar. */
final class KQueueTransport implements IoTransport {
    /** @throws LinkageError if the jars are not there or the library does not load */
    KQueueTransport() {
        KQueue.ensureAvailability();
    }

    @Override
    public IoHandlerFactory handlers() {
        return KQueueIoHandler.newFactory();
    }

    @Override
    public boolean serves(IoEventLoop loop) {
        return loop.isCompatible(KQueueIoHandle.class);
    }

    @Override
    public Channel newSocket() {
        return new KQueueSocketChannel();
    }
}
