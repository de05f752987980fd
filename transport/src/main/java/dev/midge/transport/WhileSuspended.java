// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

/** What a {@linkplain OutboundBuffer#suspend suspended} buffer does with messages. */
public enum WhileSuspended {
    /** Keeps them for the next channel, up to a limit. */
    KEEP,
    /** Refuses them: {@link Outcome#SUSPENDED}. */
    REFUSE,
    /** Accepts them, and reports them as discarded. */
    DISCARD
}
