// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** Which of the clients of a pull consumer gets messages, ADR-42; servers from 2.11 on. */
public enum PriorityPolicy {
    /** Whichever asks. */
    NONE,
    /** Those that ask for it only while so and so much is pending. */
    OVERFLOW,
    /** One client, until it stops asking. */
    PINNED_CLIENT,
    /** Those of the lowest priority number that ask; servers from 2.12 on. */
    PRIORITIZED,
    /** A value of a newer server. It is kept and written back, but cannot be set. */
    UNKNOWN
}
