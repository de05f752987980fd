// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** From NATS Streaming to JetStream. */
module dev.midge.stan.jetstream {
    requires transitive dev.midge.stan;
    requires transitive dev.midge.jetstream;
    requires static transitive org.jspecify;

    exports dev.midge.stan.jetstream;
}
