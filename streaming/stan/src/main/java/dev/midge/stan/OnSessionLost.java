// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

/** What happens when the server does not know the session any more. */
public enum OnSessionLost {
    /** The streaming connection ends. */
    CLOSE,
    /** It registers anew with the same client id, and subscribes anew as it was asked to: durables go on where they were. */
    REESTABLISH
}
