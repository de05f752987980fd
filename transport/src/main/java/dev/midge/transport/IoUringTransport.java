// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringSocketChannel;

/** Linux's io_uring, through an optional jar. */
final class IoUringTransport implements IoTransport {
    /** @throws LinkageError if the jars are not there or the library does not load */
    IoUringTransport() {
        IoUring.ensureAvailability();
    }

    @Override
    public IoHandlerFactory handlers() {
        return IoUringIoHandler.newFactory();
    }

    @Override
    public boolean serves(IoEventLoop loop) {
        return loop.isCompatible(IoUringIoHandle.class);
    }

    @Override
    public Channel newSocket() {
        return new IoUringSocketChannel();
    }
}
