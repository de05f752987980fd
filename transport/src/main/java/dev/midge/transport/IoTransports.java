// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.NatsException;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the transport that is asked for, or that fits an event loop. */
final class IoTransports {
    private static final Logger LOG = LoggerFactory.getLogger(IoTransports.class);

    private IoTransports() {}

    /** @throws NatsException if an optional jar is missing or its library does not load, naming it */
    static IoTransport of(TransportKind kind) {
        return switch (kind) {
            case AUTO -> best();
            case NIO -> IoTransport.NIO;
            case EPOLL -> optional("epoll", () -> new EpollTransport());
            case IO_URING -> optional("io_uring", () -> new IoUringTransport());
            case KQUEUE -> optional("kqueue", () -> new KQueueTransport());
        };
    }

    /**
     * A socket that is not connected yet and can be registered with that event loop, whoever made the loop.
     *
     * @throws IllegalArgumentException if no transport known here fits
     */
    static Channel newSocket(EventLoop loop) {
        if (loop instanceof IoEventLoop ioLoop) {
            // NIO first: where it fits, the optional classes are not touched.
            for (TransportKind kind : new TransportKind[] {
                TransportKind.NIO, TransportKind.EPOLL, TransportKind.IO_URING, TransportKind.KQUEUE
            }) {
                Channel socket = newSocketIfServed(kind, ioLoop);
                if (socket != null) {
                    return socket;
                }
            }
        }
        throw new IllegalArgumentException("event loop of " + loop.getClass().getName()
                + ": must be one of Netty 4.2 that does I/O by NIO, epoll, io_uring or kqueue");
    }

    private static @Nullable Channel newSocketIfServed(TransportKind kind, IoEventLoop loop) {
        try {
            IoTransport transport = of(kind);
            return transport.serves(loop) ? transport.newSocket() : null;
        } catch (NatsException e) {
            return null; // its classes are not there, so the loop cannot be of that kind
        }
    }

    private static IoTransport best() {
        for (TransportKind kind : new TransportKind[] {TransportKind.EPOLL, TransportKind.KQUEUE}) {
            try {
                return of(kind);
            } catch (NatsException e) {
                LOG.debug("{}", e.getMessage());
            }
        }
        return IoTransport.NIO;
    }

    /** The constructor runs behind a lambda, so that its class is linked in here and not before. */
    private static IoTransport optional(String name, Supplier<IoTransport> constructor) {
        try {
            return constructor.get();
        } catch (LinkageError e) {
            throw new NatsException(
                    "transport " + name + " is not available: it needs the optional jars netty-transport-classes-"
                            + name
                            + " and netty-transport-native-" + name
                            + " of this platform (a classifier such as linux-x86_64) on the class path, and a system"
                            + " that has it: " + e,
                    e);
        }
    }
}
