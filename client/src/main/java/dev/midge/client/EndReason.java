// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/** Why a connection ended, or lost its server. */
public enum EndReason {
    /** {@link Connection#close()} was called. */
    CLOSED_BY_USER,
    /** The socket ended: the server closed it, or the network did. */
    CONNECTION_LOST,
    /** Nothing came from the server, not even an answer to PING. */
    STALE,
    /** The server closed it after an {@code -ERR} that says so. */
    SERVER_ERROR,
    /** The server sent something outside the protocol or over a limit. */
    PROTOCOL_ERROR,
    /** {@link Connection#forceReconnect()} was called. */
    FORCED,
    /** No server took the connection, as often as {@link Reconnect} allows. */
    NO_SERVERS,
    /** The servers refuse the credentials. */
    AUTHENTICATION
}
