// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import dev.midge.testkit.EmbeddedUser;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an embedded server is started with; see the builder of {@link dev.midge.testkit.EmbeddedServer} for what each
 * means, and for the checks.
 */
public record ServerSettings(
        String host,
        String serverName,
        String version,
        boolean headers,
        List<EmbeddedUser> users,
        @Nullable String token,
        @Nullable String noAuthUser,
        @Nullable TlsSettings tls,
        Limits limits,
        Times times) {

    /** Copies the list. */
    public ServerSettings {
        users = List.copyOf(users);
    }

    /**
     * How much there may be. 0 is no limit where it says so.
     *
     * @param maxPayload bytes of header block and payload of a message
     * @param maxControlLine bytes of the arguments of a control line
     * @param maxPending bytes that wait to be sent to one client
     * @param maxConnections clients
     * @param maxSubscriptions subscriptions of one client
     * @param maxSubjectTokens tokens in the subject of a subscription; 0 for any number
     */
    public record Limits(
            int maxPayload,
            int maxControlLine,
            long maxPending,
            int maxConnections,
            int maxSubscriptions,
            int maxSubjectTokens) {}

    /**
     * How long things take.
     *
     * @param ping between two pings to a client
     * @param maxPingsOut pings that may be unanswered
     * @param auth until CONNECT must have come, where it must
     * @param write until what was sent must have been taken by the client's socket
     * @param lameDuckGrace until the first connection is closed in lame duck mode
     * @param lameDuck until the last one is
     */
    public record Times(
            Duration ping, int maxPingsOut, Duration auth, Duration write, Duration lameDuckGrace, Duration lameDuck) {}

    boolean authRequired() {
        return token != null || !users.isEmpty();
    }
}
