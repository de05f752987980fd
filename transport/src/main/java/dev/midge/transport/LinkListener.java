// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import org.jspecify.annotations.Nullable;

/** Is told what happens to a {@link Link}, on its event loop. An exception thrown here ends the link. */
public interface LinkListener {
    /** Frames are about to be delivered: those of one burst of reads, or those held while reading was paused. */
    void onReadStarted();

    /**
     * A burst of reads is over, and what frames it had were delivered, unless reading is paused. Not called when the link
     * ended meanwhile.
     *
     * @param bytes how many bytes to decode came since the last call, frames that are not complete yet and those of the
     *     handshake included
     */
    void onReadComplete(int bytes);

    /**
     * Bytes came from the socket, be they but a part of what TLS or WebSocket wraps around frames, or a ping of WebSocket:
     * the server is alive.
     */
    void onHeard();

    /** The channel's outbound buffer became full, or has room again. */
    void onWritabilityChanged(boolean writable);

    /**
     * The link has ended and its socket is closed or being closed. Called exactly once, and nothing is called after
     * it. Frames that had been received whole are delivered before, even if reading was paused, unless this side ended
     * the link.
     *
     * @param cause a ProtocolException if the server broke the protocol; an IOException if the connection broke; what
     *     the sink or this listener threw; what was given to {@link Link#fail}; null if the server closed the
     *     connection, or {@link Link#close} was called
     */
    void onClosed(@Nullable Throwable cause);
}
