// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** Which message a consumer starts with. */
public enum DeliverPolicy {
    /** The first that there is. */
    ALL,
    /** The last that there is. */
    LAST,
    /** The first that comes after the consumer was made. */
    NEW,
    /** That of a sequence number, or the next one that there is. */
    BY_START_SEQUENCE,
    /** The first stored at a time, or later. */
    BY_START_TIME,
    /** The last of each subject; needs a filter. */
    LAST_PER_SUBJECT,
    /** A value of a newer server. It is kept and written back, but cannot be set. */
    UNKNOWN
}
