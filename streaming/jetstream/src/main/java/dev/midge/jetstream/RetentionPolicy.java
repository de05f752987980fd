// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** Until when a stream keeps messages, its limits apart. */
public enum RetentionPolicy {
    /** Until a limit is reached. */
    LIMITS,
    /** Until every consumer there is has acknowledged. */
    INTEREST,
    /** Until one consumer has acknowledged; each subject has one consumer at most. */
    WORKQUEUE,
    /** A value of a newer server. It is kept and written back, but cannot be set. */
    UNKNOWN
}
