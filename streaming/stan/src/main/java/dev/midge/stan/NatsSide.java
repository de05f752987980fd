// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Connection;
import dev.midge.client.internal.Exchanges;
import dev.midge.protocol.Nuid;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** What a streaming connection has of the NATS connection: its event loop, its executor, requests, inboxes. From any thread. */
final class NatsSide {
    private final Connection connection;
    private final StanOptions options;
    private final Exchanges exchanges;
    private final LoopTasks loop;
    private final Reports reports;

    NatsSide(Connection connection, StanOptions options) {
        this.connection = connection;
        this.options = options;
        exchanges = Exchanges.of(connection);
        loop = new LoopTasks(connection.direct().eventLoop());
        reports = new Reports(connection, options);
    }

    Connection connection() {
        return connection;
    }

    StanOptions options() {
        return options;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    Reports reports() {
        return reports;
    }

    /** Never refuses: where the user's takes no more, the caller's thread has to do. */
    Executor executor() {
        return connection.direct().executor();
    }

    void checkMayBlock(String what) {
        if (!exchanges.mayBlock()) {
            throw new IllegalStateException(
                    what
                            + " waits for the server, which an event loop must not: call the asynchronous form, or on another thread");
        }
    }

    void onLoop(Runnable task) {
        loop.run(task);
    }

    /** On the event loop; null if there is none any more: then the task never runs. */
    @Nullable
    ScheduledFuture<?> schedule(Runnable task, long nanos) {
        return loop.schedule(task, nanos);
    }

    /** A request of the protocol, answered within the connect timeout; see {@link Ask#send}. */
    <T> CompletableFuture<T> ask(String what, String subject, byte[] request, Ask.Reader<T> reader) {
        return Ask.send(exchanges, what, subject, request, options.connectTimeout(), reader);
    }

    String newInbox() {
        return connection.options().inboxPrefix() + '.' + Nuid.next();
    }
}
