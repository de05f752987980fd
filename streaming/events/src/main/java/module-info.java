// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** Typed events with responses over JetStream. */
module dev.midge.events {
    requires transitive dev.midge.jetstream;
    requires static transitive org.jspecify;
}
