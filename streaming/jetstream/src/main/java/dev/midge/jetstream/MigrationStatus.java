// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** What a group waits for on its way to other peers. */
public enum MigrationStatus {
    /** The meta leader must record or advance the desired state. */
    META,
    /** A change of members must be committed. */
    MEMBERSHIP,
    /** A snapshot must be installed. */
    SNAPSHOT,
    /** Peers must catch up. */
    CATCHUP,
    /** More peers must come online. */
    QUORUM,
    /** A stream or consumer must move first. */
    BLOCKED,
    /** Nothing can be done: the server stops, or the assignment is gone. */
    UNAVAILABLE,
    /** A value of a newer server. It is kept and written back, but cannot be set. */
    UNKNOWN
}
