// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** Servers and instruments to test code that uses NATS. */
module dev.midge.testkit {
    requires transitive dev.midge.testkit.base;
    requires static transitive org.jspecify;

    exports dev.midge.testkit;
}
