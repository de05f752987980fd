// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** Typed events with responses over JetStream. */
module dev.midge.events {
    requires transitive dev.midge.jetstream;
    requires transitive io.avaje.jsonb;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.midge.events;
}
