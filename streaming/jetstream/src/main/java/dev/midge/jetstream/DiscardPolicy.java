// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** What a stream does with a message that is over its limits. */
public enum DiscardPolicy {
    /** Drops the oldest messages for it. */
    OLD,
    /** Refuses it. */
    NEW,
    /** A value of a newer server. It is kept and written back, but cannot be set. */
    UNKNOWN
}
