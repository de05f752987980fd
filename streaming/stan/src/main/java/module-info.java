// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** NATS Streaming. */
module dev.midge.stan {
    requires transitive dev.midge.client;
    requires static transitive org.jspecify;
}
