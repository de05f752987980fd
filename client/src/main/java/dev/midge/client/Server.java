// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.ServerError;
import dev.midge.transport.Endpoint;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One server of a {@link ServerPool}, and what became of the attempts to connect to it. On the event loop. */
final class Server {
    private Endpoint endpoint;
    private boolean discovered;

    /** Decides between servers that were not tried yet. */
    final double rank;

    /** When it may be tried, as the pool counts nanoseconds. */
    long notBefore;

    /** When it failed last, counted the same way. */
    long failedAt;

    /** The higher, the later it was tried last; 0 if it was not tried yet. */
    long lastTry;

    /** Attempts that failed, one after the other. */
    int failures;

    /** The same and connections that were lost at once: what the wait depends on. */
    int backoff;

    /** The last time that it refused the credentials: null if it took them since, and kept the connection for some time. */
    @Nullable
    ServerError lastAuthError;

    Server(Endpoint endpoint, boolean discovered, double rank, long now) {
        this.endpoint = endpoint;
        this.discovered = discovered;
        this.rank = rank;
        this.notBefore = now;
    }

    /** The user names it, maybe with another scheme or user. */
    void configure(Endpoint as) {
        endpoint = as;
        discovered = false;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether another server announced it. */
    boolean isDiscovered() {
        return discovered;
    }

    int failures() {
        return failures;
    }

    ServerState state() {
        return new ServerState(endpoint, discovered, failures);
    }

    /** Whether it is where the endpoint says, whoever one is to be there. */
    boolean isAt(Endpoint other) {
        return place(endpoint).equals(place(other));
    }

    /** Two URLs of the same place lead to the same server. */
    static String place(Endpoint endpoint) {
        return endpoint.authority().toLowerCase(Locale.ROOT);
    }

    /** Notes what the server said; answers whether it has refused the credentials in the same way the last time. */
    boolean refusedAgain(@Nullable ServerError error) {
        if (error == null || !error.isAuthError()) {
            return false;
        }
        ServerError last = lastAuthError;
        lastAuthError = error;
        return last != null && kind(last).equals(kind(error));
    }

    private static Object kind(ServerError error) {
        return error instanceof ServerError.Known known ? known.kind() : error.text();
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }
}
