// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** NATS frames to and from bytes: no channel, no thread, no clock. */
@SuppressWarnings("module") // those that it exports to are not there yet when it is compiled
module dev.midge.protocol {
    requires transitive io.netty.buffer;
    requires io.avaje.json;
    requires static transitive org.jspecify;

    exports dev.midge.protocol;
    exports dev.midge.protocol.internal to
            dev.midge.micro,
            dev.midge.jetstream;
}
