// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;
import dev.midge.protocol.ProtocolException;
import dev.midge.protocol.ServerError;
import dev.midge.transport.Link;
import dev.midge.transport.LinkListener;
import dev.midge.transport.OutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has with one server, from the end of the handshake to the end of the socket. All on the event loop.
 */
final class LinkSession implements LinkListener {
    private final Lifecycle lifecycle;
    private final Link link;
    private final Server server;
    private final OutboundBuffer outbound;
    private final Subscriptions subscriptions;
    private final Completions completions;
    private final KeepAlive keepAlive;
    private final long began;

    private @Nullable ServerError fatalError;
    private @Nullable EndReason endReason;

    LinkSession(
            Lifecycle lifecycle,
            Link link,
            Server server,
            Options options,
            OutboundBuffer outbound,
            Subscriptions subscriptions,
            Completions completions) {
        this.lifecycle = lifecycle;
        this.link = link;
        this.server = server;
        this.outbound = outbound;
        this.subscriptions = subscriptions;
        this.completions = completions;
        keepAlive = new KeepAlive(
                link.eventLoop(),
                Checks.nanos(options.pingInterval()),
                options.maxPingsOut(),
                link::readingPaused,
                lifecycle::ping,
                this::stale);
        began = link.eventLoop().ticker().nanoTime();
    }

    Link link() {
        return link;
    }

    Server server() {
        return server;
    }

    /** How long it has lasted, in nanoseconds. */
    long age() {
        return link.eventLoop().ticker().nanoTime() - began;
    }

    void start(Inbound inbound) {
        keepAlive.start();
        link.start(inbound, this);
    }

    /** The server said what it is going to close the connection for. */
    void onFatalError(ServerError error) {
        fatalError = error;
    }

    @Nullable
    ServerError fatalError() {
        return fatalError;
    }

    /** Ends it from this side. */
    void end(EndReason reason, Throwable cause) {
        if (endReason == null) {
            endReason = reason;
        }
        link.fail(cause);
    }

    private void stale() {
        end(EndReason.STALE, new StaleConnectionException(link.endpoint().toString()));
    }

    /** Why it ended. */
    EndReason endReason(@Nullable Throwable cause) {
        if (endReason != null) {
            return endReason;
        }
        if (cause instanceof ProtocolException) {
            return EndReason.PROTOCOL_ERROR;
        }
        return fatalError != null ? EndReason.SERVER_ERROR : EndReason.CONNECTION_LOST;
    }

    /** What made it end for that reason. */
    Throwable why(EndReason reason, @Nullable Throwable cause) {
        ServerError error = fatalError;
        if (reason == EndReason.SERVER_ERROR && error != null) {
            return new ServerErrorException(error);
        }
        Throwable known = cause != null ? cause : outbound.writeFailure();
        return known != null ? known : new NatsException("the server at " + server.endpoint() + " closed the socket");
    }

    @Override
    public void onReadStarted() {
        outbound.readStarted();
        completions.readStarted();
    }

    @Override
    public void onReadComplete(int bytes) {
        lifecycle.bytesCame(bytes);
        subscriptions.flush();
        completions.readComplete();
        outbound.readComplete();
    }

    @Override
    public void onHeard() {
        keepAlive.alive();
    }

    @Override
    public void onWritabilityChanged(boolean writable) {
        if (writable) {
            outbound.channelWritable();
        }
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        keepAlive.stop();
        completions.readComplete();
        lifecycle.ended(this, cause);
    }
}
