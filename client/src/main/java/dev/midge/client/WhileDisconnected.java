// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/** What publishing does while there is no connection to a server, but one is tried for. */
public enum WhileDisconnected {
    /** Frames are kept in order, up to {@link Reconnect#bufferSize()}, and written to the next server. */
    BUFFER,
    /** Publishing fails at once. */
    FAIL,
    /** Messages are dropped: publishing succeeds, and {@link ConnectionEvent.MessagesDiscarded} tells how many. */
    DROP_AND_REPORT
}
