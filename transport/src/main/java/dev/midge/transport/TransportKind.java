// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

/** How event loops do their I/O. */
public enum TransportKind {
    /** {@link #EPOLL} or {@link #KQUEUE} where its optional jars are there and its library loads, else {@link #NIO}. */
    AUTO,
    /** What the JDK offers: always there. */
    NIO,
    /** Linux, with the optional jars {@code netty-transport-classes-epoll} and {@code netty-transport-native-epoll}. */
    EPOLL,
    /** Linux, with the optional jars {@code netty-transport-classes-io_uring} and {@code netty-transport-native-io_uring}. */
    IO_URING,
    /** macOS and BSD, with the optional jars {@code netty-transport-classes-kqueue} and {@code netty-transport-native-kqueue}. */
    KQUEUE
}
