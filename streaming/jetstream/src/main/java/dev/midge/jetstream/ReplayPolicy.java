// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** How fast a consumer gets what has been stored. */
public enum ReplayPolicy {
    /** As fast as it can. */
    INSTANT,
    /** At the pace that it was stored at. */
    ORIGINAL,
    /** A value of a newer server. It is kept and written back, but cannot be set. */
    UNKNOWN
}
