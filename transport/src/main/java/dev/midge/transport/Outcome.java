// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

/** What became of a frame offered to an {@link OutboundBuffer}. */
public enum Outcome {
    /** It is in the buffer: it will be written or reported. */
    ACCEPTED,
    /** The buffer is at its limit and stayed so for as long as the caller would wait; nothing was taken. */
    FULL,
    /** The buffer is suspended and takes nothing until it goes on; nothing was taken. */
    SUSPENDED,
    /** The buffer takes nothing any more; nothing was taken. */
    CLOSED
}
