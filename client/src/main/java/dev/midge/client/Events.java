// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.internal.EventQueue;
import java.util.Set;
import java.util.concurrent.Executor;

/** Tells the listeners of a connection its events. */
final class Events extends EventQueue<ConnectionEvent, ConnectionListener> {
    Events(Options options, Executor executor) {
        super(
                "the connection",
                executor,
                options.eventLimit(),
                Set.of(
                        ConnectionEvent.Connected.class,
                        ConnectionEvent.Disconnected.class,
                        ConnectionEvent.Reconnected.class,
                        ConnectionEvent.Draining.class,
                        ConnectionEvent.Drained.class,
                        ConnectionEvent.Closed.class,
                        ConnectionEvent.LameDuck.class,
                        ConnectionEvent.MessagesDiscarded.class));
        listeners().add(options.listener());
    }

    @Override
    protected void tell(ConnectionListener listener, ConnectionEvent event) {
        listener.onEvent(event);
    }

    @Override
    protected ConnectionEvent dropped(long count) {
        return new ConnectionEvent.EventsDropped(count);
    }

    @Override
    protected ConnectionEvent joined(ConnectionEvent first, ConnectionEvent second) {
        if (first instanceof ConnectionEvent.MessagesDiscarded some
                && second instanceof ConnectionEvent.MessagesDiscarded more) { // so that their sum is always right
            return new ConnectionEvent.MessagesDiscarded(
                    some.messages() + more.messages(), some.bytes() + more.bytes(), more.cause());
        }
        return second;
    }
}
