// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Opens connections to servers: one attempt, to one server, for each call. Owns nothing, so need not be closed. */
public final class Connector {
    private final HostResolver resolver;
    private final Executor blocking;

    /**
     * @param resolver finds the addresses of hosts
     * @param blocking runs the resolver
     */
    public Connector(HostResolver resolver, Executor blocking) {
        this.resolver = Objects.requireNonNull(resolver, "resolver");
        this.blocking = Objects.requireNonNull(blocking, "blocking");
    }

    /**
     * Starts one attempt and returns at once. The attempt tries the addresses of the host, one after the other or some at
     * once, until one takes the TCP connection, and then does the handshake on that one. All of it ends within the request's timeout.
     *
     * @param loop where all of the connection will happen, and where the future completes
     * @return the link, to be {@linkplain Link#start started} or closed; fails with {@link ConnectFailedException};
     *     {@code cancel} ends the attempt, unless it answers false as there is a result
     */
    public Future<Link> connect(EventLoop loop, ConnectRequest request) {
        ConnectAttempt attempt = new ConnectAttempt(resolver, blocking, loop, request);
        try {
            loop.execute(attempt::start);
        } catch (RejectedExecutionException e) {
            return loop.newFailedFuture(new ConnectFailedException(
                    request.endpoint(), null, Phase.RESOLVE, Reason.FAILED, "the event loop has ended", e));
        }
        return attempt.promise();
    }
}
