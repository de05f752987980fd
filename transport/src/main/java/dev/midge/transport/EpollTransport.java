// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;

/** Linux's epoll, through an optional jar. */
final class EpollTransport implements IoTransport {
    /** @throws LinkageError if the jars are not there or the library does not load */
    EpollTransport() {
        Epoll.ensureAvailability();
    }

    @Override
    public IoHandlerFactory handlers() {
        return EpollIoHandler.newFactory();
    }

    @Override
    public boolean serves(IoEventLoop loop) {
        return loop.isCompatible(EpollIoHandle.class);
    }

    @Override
    public Channel newSocket() {
        return new EpollSocketChannel();
    }
}
