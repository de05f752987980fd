// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** How the files of a stream are compressed. */
public enum StoreCompression {
    /** Not at all. */
    NONE,
    /** With S2, block by block. */
    S2,
    /** A value of a newer server. It is kept and written back, but cannot be set. */
    UNKNOWN
}
