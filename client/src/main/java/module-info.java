// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** The NATS client: connect, publish, subscribe. */
@SuppressWarnings("module") // those that it exports to are not there yet when it is compiled
module dev.midge.client {
    requires transitive dev.midge.protocol;
    requires transitive dev.midge.transport;
    requires io.avaje.json;
    requires io.netty.common;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.midge.client;
    exports dev.midge.client.auth;
    exports dev.midge.client.internal to
            dev.midge.jetstream,
            dev.midge.events,
            dev.midge.micro,
            dev.midge.stan;
}
