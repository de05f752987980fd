// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** One physical connection to a NATS server. */
module dev.midge.transport {
    requires transitive dev.midge.protocol;
    requires transitive io.netty.transport;
    requires transitive io.netty.common;
    requires transitive io.netty.handler;
    requires static io.netty.codec;
    requires static io.netty.codec.http;
    requires static io.netty.handler.proxy;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static io.netty.transport.classes.kqueue;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.midge.transport;
}
