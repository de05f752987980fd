// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

/** Is told what an {@link OutboundBuffer} will not write. */
public interface OutboundListener {
    /**
     * Messages were accepted and will not be written, or were written only in part. Called on the event loop, once
     * for all of them, when the buffer has ended.
     *
     * @param messages how many
     * @param bytes how many bytes of theirs, and of frames that are no messages, were not handed to the socket
     * @param cause why
     */
    void discarded(long messages, long bytes, Throwable cause);
}
