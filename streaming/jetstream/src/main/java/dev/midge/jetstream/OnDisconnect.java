// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** What becomes of messages whose ack is outstanding when the server that was given them is lost. */
public enum OnDisconnect {
    /** They fail at once with {@link PublishOutcomeUnknownException}. */
    FAIL,
    /**
     * They are published again when there is a server, until their time is over, behind what was published meanwhile. The
     * stream tells them from others by their message id, for as long as its duplicate window goes back: those that have none
     * are given one, a NUID.
     */
    RETRY
}
