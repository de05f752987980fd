// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** What a stored message takes the place of: header {@code Nats-Rollup}. */
public enum Rollup {
    /** Of all earlier messages of its subject. */
    SUBJECT("sub"),
    /** Of all earlier messages of the stream. */
    ALL("all");

    private final String value;

    Rollup(String value) {
        this.value = value;
    }

    /** As it stands in the header. */
    String value() {
        return value;
    }
}
