// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** The part of the testkit that knows nothing of Midge. */
module dev.midge.testkit.base {
    requires transitive org.junit.jupiter.api;
    requires static org.junit.platform.launcher;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires jdk.management;
    requires static transitive org.jspecify;

    exports dev.midge.testkit.base;

    provides org.junit.jupiter.api.extension.Extension with
            dev.midge.testkit.base.LeakCheck;
}
