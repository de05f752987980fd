// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.NatsInterruptedException;
import dev.midge.client.Options;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Connects to NATS Streaming.
 *
 * <pre>{@code
 * StanConnection sc = Stan.connect(nc, "test-cluster", "client-123");
 * sc.publish("hi", "hello");
 * sc.subscribe("hi", StanSubscribeOptions.builder().durable("bar").deliverAllAvailable().build(), m -> use(m));
 * }</pre>
 *
 * <p>NATS Streaming is no longer maintained since June 2023: this is for systems that are about to leave it.
 */
public final class Stan {
    private Stan() {}

    /** Connects on a NATS connection, with everything else at its default; see {@link #connect(Connection, StanOptions)}. */
    public static StanConnection connect(Connection connection, String clusterId, String clientId) {
        return connect(connection, StanOptions.builder(clusterId, clientId).build());
    }

    /**
     * Connects on a NATS connection, which stays open when the streaming connection is closed. Blocks for at most {@link
     * StanOptions#connectTimeout}; where nobody is subscribed to the discover subject, it asks again until then.
     *
     * @throws StanConnectTimeoutException if no server of the cluster answers in time
     * @throws StanServerException if the server refuses: {@link StanError#CLIENT_ID_IN_USE} for instance
     * @throws StanException if what answers is no NATS Streaming server
     * @throws IllegalArgumentException if the connection was not made by {@link Nats}
     * @throws IllegalStateException on an event loop
     * @throws dev.midge.client.ConnectionClosedException if the NATS connection has ended
     * @throws dev.midge.client.DisconnectedException if there is no server, and messages are refused meanwhile
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted
     */
    public static StanConnection connect(Connection connection, StanOptions options) {
        return await(new Lifecycle(Objects.requireNonNull(connection, "connection"), false, options));
    }

    /** As {@link #connect(Connection, StanOptions)}, without waiting: the future completes on the executor of the connection. */
    public static CompletableFuture<StanConnection> connectAsync(Connection connection, StanOptions options) {
        Lifecycle lifecycle = new Lifecycle(Objects.requireNonNull(connection, "connection"), false, options);
        return Waiting.onExecutor(
                lifecycle.connect().thenApply(session -> new StanConnection(lifecycle)),
                connection.direct().executor());
    }

    /**
     * Connects on a NATS connection of its own, which is closed with it, or if this fails; its options may well have the client
     * id for a name. What {@link Nats#connect(Options)} throws is thrown by this too, and otherwise as {@link
     * #connect(Connection, StanOptions)}.
     */
    public static StanConnection connect(Options nats, StanOptions options) {
        Objects.requireNonNull(options, "options");
        return await(new Lifecycle(Nats.connect(nats), true, options));
    }

    private static StanConnection await(Lifecycle lifecycle) {
        try {
            lifecycle.nats().checkMayBlock("connect");
        } catch (IllegalStateException e) {
            lifecycle.discard();
            throw e;
        }
        StanOptions options = lifecycle.nats().options();
        try {
            Waiting.await(
                    lifecycle.connect(), "connect client " + options.clientId() + " to cluster " + options.clusterId());
        } catch (NatsInterruptedException e) {
            var unused = lifecycle.close();
            throw e;
        }
        return new StanConnection(lifecycle);
    }
}
