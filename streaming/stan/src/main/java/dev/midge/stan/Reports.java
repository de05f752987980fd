// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Connection;
import dev.midge.client.internal.EventQueue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listener of events, or the log: on the executor. */
final class Reports extends EventQueue<StanEvent, StanListener> {
    private static final Logger LOG = LoggerFactory.getLogger(StanConnection.class);

    private final String who;

    Reports(Connection connection, StanOptions options) {
        this("client " + options.clientId() + " of cluster " + options.clusterId(), connection, options);
    }

    private Reports(String who, Connection connection, StanOptions options) {
        super(
                who,
                connection.direct().executor(),
                connection.options().eventLimit(),
                Set.of(
                        StanEvent.SessionLost.class,
                        StanEvent.Reestablished.class,
                        StanEvent.SubscriptionLost.class,
                        StanEvent.Closed.class));
        this.who = who;
        StanListener listener = options.listener();
        listeners().add(listener == null ? this::log : listener);
    }

    @Override
    protected void tell(StanListener listener, StanEvent event) {
        listener.onEvent(event);
    }

    @Override
    protected StanEvent dropped(long count) {
        return new StanEvent.EventsDropped(count);
    }

    private void log(StanEvent event) {
        if (event instanceof StanEvent.Reestablished
                || (event instanceof StanEvent.Closed closed && closed.cause() == null)
                || (event instanceof StanEvent.ReestablishFailed failed && failed.attempt() > 1)) {
            LOG.debug("{}: {}", who, event);
        } else {
            LOG.warn("{}: {}", who, event);
        }
    }
}
