// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.ProtocolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what goes wrong, for those who do not listen themselves. Never logs a payload. */
final class LoggingListener implements ConnectionListener {
    static final LoggingListener INSTANCE = new LoggingListener();

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** Causes may go in a circle. */
    private static final int MAX_CAUSES = 100;

    private LoggingListener() {}

    @Override
    public void onEvent(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.Connected connected) {
            LOG.debug("connected to {}", connected.server());
        } else if (event instanceof ConnectionEvent.Closed closed) {
            if (closed.cause() == null) {
                LOG.debug("connection to {} closed: {}", closed.server(), closed.reason());
            } else {
                warn("ended", closed.server(), closed.reason(), closed.cause(), "Closed");
            }
        } else if (event instanceof ConnectionEvent.Disconnected lost) {
            if (lost.reason() == EndReason.FORCED) {
                LOG.info("connection to {} given up, as was asked for", lost.server());
            } else {
                warn("lost", lost.server(), lost.reason(), lost.cause(), "Disconnected");
            }
        } else if (event instanceof ConnectionEvent.ReconnectFailed failed) {
            LOG.debug("attempt {} to reconnect failed: {}", failed.attempt(), failed.server()); // there may be many
        } else if (event instanceof ConnectionEvent.Reconnected reconnected) {
            LOG.info("reconnected to {}, attempts: {}", reconnected.server(), reconnected.attempts());
        } else if (event instanceof ConnectionEvent.Draining draining) {
            LOG.debug("draining the connection to {}", draining.server());
        } else if (event instanceof ConnectionEvent.Drained over
                && over.result().drained()) {
            LOG.debug("{}", event);
        } else if (event instanceof ConnectionEvent.ServersDiscovered discovered) {
            LOG.debug("servers discovered: {}", discovered.servers());
        } else if (event instanceof ConnectionEvent.HandlerFailed failed) {
            handlerFailed(failed);
        } else if (event instanceof ConnectionEvent.SlowConsumerRecovered
                || event instanceof ConnectionEvent.EventsDropped // the warning was when it began
                || event instanceof ConnectionEvent.LameDuck) {
            LOG.info("{}", event);
        } else {
            LOG.warn("{}", event);
        }
    }

    private static void warn(String what, String server, EndReason reason, Throwable cause, String event) {
        if (cause instanceof ProtocolException) { // its text quotes what came: it may be a payload
            LOG.warn(
                    "connection to {} {}: {}: what the server sent is in the cause of the event {}",
                    server,
                    what,
                    reason,
                    event);
        } else {
            LOG.warn("connection to {} {}: {}: {}", server, what, reason, cause.getMessage());
        }
    }

    private static void handlerFailed(ConnectionEvent.HandlerFailed failed) {
        if (quotesTheServer(failed.cause())) { // as of headers, which are not read before the handler asks for them
            LOG.warn(
                    "the handler of {} threw {}: what the server sent is in the cause of the event HandlerFailed",
                    failed.subscription(),
                    failed.cause().getClass().getName());
        } else {
            LOG.warn("the handler of {} threw", failed.subscription(), failed.cause());
        }
    }

    private static boolean quotesTheServer(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof ProtocolException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
