// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/** What happens to messages of a subscription when as many are pending as its limits allow. */
public enum Overflow {
    /** The message that arrives is dropped and counted: what NATS clients do by default. */
    DROP_NEWEST,
    /** The oldest pending messages are dropped and counted until the one that arrives fits. */
    DROP_OLDEST,
    /**
     * Nothing is dropped: nothing more is read from the socket, for any subscription of the connection, until half of
     * what is pending has been consumed. The message that reaches the byte limit may go over it, and so may the last
     * ones of a server that goes meanwhile. The server disconnects a client that does not read for too long.
     */
    PAUSE_READING
}
