// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** Servers and instruments to test code that uses NATS. */
module dev.midge.testkit {
    requires transitive dev.midge.testkit.base;
    requires dev.midge.protocol;
    requires transitive dev.midge.transport;
    requires io.avaje.json;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.transport;
    requires transitive io.netty.handler;
    requires static transitive org.jspecify;

    exports dev.midge.testkit;
    exports dev.midge.testkit.conformance;
}
