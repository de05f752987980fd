// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** NATS Streaming. */
module dev.midge.stan {
    requires transitive dev.midge.client;
    requires us.hebi.quickbuf.runtime;
    requires io.netty.buffer;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.midge.stan;
}
