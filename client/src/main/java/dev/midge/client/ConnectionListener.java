// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/**
 * Is told what happens to a connection. Events come one at a time, in order, on the connection's executor; what it
 * throws is logged. Nobody waits for it: of one that blocks, {@link Options#eventLimit()} events wait.
 */
@FunctionalInterface
public interface ConnectionListener {
    /** Something happened; switch over the sealed {@link ConnectionEvent}. */
    void onEvent(ConnectionEvent event);
}
