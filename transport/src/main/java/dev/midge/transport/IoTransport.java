// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * What differs between one way to do I/O and another. Each optional one has a class of its own, so that nothing but
 * {@link IoTransports} meets the LinkageError of a jar that is not there.
 */
interface IoTransport {
    /** Makes the part of an event loop that waits for its sockets. */
    IoHandlerFactory handlers();

    /** Whether sockets of this transport can be registered with that event loop. */
    boolean serves(IoEventLoop loop);

    /** A socket that is not connected yet. */
    Channel newSocket();

    /** The one that is always there. */
    IoTransport NIO = new IoTransport() {
        @Override
        public IoHandlerFactory handlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        public boolean serves(IoEventLoop loop) {
            return loop.isCompatible(NioIoHandle.class);
        }

        @Override
        public Channel newSocket() {
            return new NioSocketChannel();
        }
    };
}
