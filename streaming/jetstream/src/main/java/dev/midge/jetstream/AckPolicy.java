// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** What a consumer expects to be acknowledged. */
public enum AckPolicy {
    /** Nothing. */
    NONE,
    /** A message, and with it all before it. */
    ALL,
    /** Each message. */
    EXPLICIT,
    /** Nothing but flow control messages, which stand for all before them; push consumers of servers from 2.14 on. */
    FLOW_CONTROL,
    /** A value of a newer server. It is kept and written back, but cannot be set. */
    UNKNOWN
}
