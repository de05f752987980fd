// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** NATS services (ADR-32). */
module dev.midge.micro {
    requires transitive dev.midge.client;
    requires io.avaje.json;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.midge.micro;
}
