// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** JetStream: streams and consumers. */
module dev.midge.jetstream {
    requires transitive dev.midge.client;
    requires io.avaje.json;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.midge.jetstream;
}
