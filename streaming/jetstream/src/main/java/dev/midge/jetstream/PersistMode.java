// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** When a stream acknowledges, ADR-56. */
public enum PersistMode {
    /** When the message has been written. */
    DEFAULT,
    /** Before: a crash of the server may lose what it has acknowledged. Of one replica, in files. */
    ASYNC,
    /** A value of a newer server. It is kept and written back, but cannot be set. */
    UNKNOWN
}
