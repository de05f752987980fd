// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** Where a stream keeps its messages. */
public enum StorageType {
    /** In files. */
    FILE,
    /** In memory. */
    MEMORY,
    /** A value of a newer server. It is kept and written back, but cannot be set. */
    UNKNOWN
}
