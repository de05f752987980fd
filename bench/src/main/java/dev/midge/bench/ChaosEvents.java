// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.ConnectionEvent;
import dev.midge.client.ConnectionListener;
import java.util.ArrayList;
import java.util.List;

/** What one connection was told of in a run: one event after the other, on any thread. */
final class ChaosEvents implements ConnectionListener {
    /** How long it took to be back, and how many attempts. */
    record Return(long nanos, int attempts) {}

    private final List<Return> returns = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private long discarded;
    private int failedAttempts;
    private long lostAt;
    private boolean closed;

    @Override
    public synchronized void onEvent(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.Disconnected) {
            lostAt = System.nanoTime();
        } else if (event instanceof ConnectionEvent.Reconnected reconnected) {
            returns.add(new Return(System.nanoTime() - lostAt, reconnected.attempts()));
        } else if (event instanceof ConnectionEvent.ReconnectFailed) {
            failedAttempts++;
        } else if (event instanceof ConnectionEvent.MessagesDiscarded messages) {
            discarded += messages.messages();
        } else if (event instanceof ConnectionEvent.Closed end && end.cause() == null) {
            closed = true;
        } else if (!(event instanceof ConnectionEvent.Connected)
                && !(event instanceof ConnectionEvent.ServersDiscovered)) {
            unexpected.add(event.toString());
        }
    }

    synchronized List<Return> returns() {
        return List.copyOf(returns);
    }

    /** Events that are none of a run in which servers are killed. */
    synchronized List<String> unexpected() {
        return List.copyOf(unexpected);
    }

    synchronized long discarded() {
        return discarded;
    }

    /** Whether it was closed, by the run. */
    synchronized boolean closed() {
        return closed;
    }

    synchronized int failedAttempts() {
        return failedAttempts;
    }
}
