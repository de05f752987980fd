// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/** Where a connection is in its life. */
public enum ConnectionStatus {
    /** It has not been established yet. */
    CONNECTING,
    /** It is established. */
    CONNECTED,
    /** It has lost its server and looks for another one, or for the same again. */
    RECONNECTING,
    /** {@link Connection#drain} is under way: no subscription is taken any more. */
    DRAINING,
    /** {@link Connection#close()} is under way: what is queued is still being written. */
    CLOSING,
    /** It has ended. */
    CLOSED
}
