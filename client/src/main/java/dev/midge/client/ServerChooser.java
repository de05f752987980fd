// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Info;
import dev.midge.transport.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the server that is tried next when a connection was lost, in place of the connection itself. The first
 * connect does not ask before each server was tried once.
 */
@FunctionalInterface
public interface ServerChooser {
    /**
     * Chooses one of the servers. Called before each attempt, which waits for it, on a thread that may block. What it throws, and a
     * server that is not in the list, is told by {@link ConnectionEvent.CallbackFailed}, and the connection chooses
     * itself.
     *
     * @param servers all there are, those left out that failed too often; not empty
     * @param info the last that a server said of itself, null before the first
     * @return which, or null to leave it to the connection
     */
    @Nullable
    Choice choose(List<ServerState> servers, @Nullable Info info);

    /**
     * The server to try next.
     *
     * @param server one of the list
     * @param delay how long to wait before, 0 not at all; null as long as {@link Reconnect} says for that server
     */
    record Choice(Endpoint server, @Nullable Duration delay) {
        /** @throws IllegalArgumentException if the delay is negative or over a day */
        public Choice {
            Objects.requireNonNull(server, "server");
            if (delay != null) {
                Reconnect.checkWait("delay", delay);
            }
        }

        /** The server, to be tried when {@link Reconnect} says. */
        public Choice(Endpoint server) {
            this(server, null);
        }
    }
}
