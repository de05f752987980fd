// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.FrameSink;
import dev.midge.protocol.Info;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.ProtocolException;
import dev.midge.protocol.ServerError;
import dev.midge.transport.Link;
import dev.midge.transport.LinkListener;
import dev.midge.transport.OutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The life of a connection after its handshake: what its socket tells, what its server says of it, and its end. All
 * ways to the end lead to {@link #onClosed}.
 */
final class Lifecycle implements LinkListener {
    /** Long enough for a full executor to work something off. */
    private static final long SOON_MILLIS = 50;

    private final NatsConnection connection;
    private final Resources resources;
    private final Link link;
    private final OutboundBuffer outbound;
    private final Subscriptions subscriptions;
    private final Pongs pongs;
    private final Counter bytesReceived = new Counter();
    private final AtomicBoolean closing = new AtomicBoolean();

    /** Completes on the event loop, for threads that wait: the executor may have none left but those that do. */
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Completes on the executor, for the users. */
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile ConnectionStatus status = ConnectionStatus.CONNECTING;
    private volatile Info info;
    private volatile @Nullable Throwable endCause;
    private volatile boolean readingPaused;

    // Of the event loop.
    private final Set<NatsSubscription> pausing = new HashSet<>();
    private @Nullable ServerError fatalError;
    private @Nullable ScheduledFuture<?> closeTimer;

    Lifecycle(
            NatsConnection connection,
            Resources resources,
            Link link,
            OutboundBuffer outbound,
            Subscriptions subscriptions,
            Pongs pongs) {
        this.connection = connection;
        this.resources = resources;
        this.link = link;
        this.outbound = outbound;
        this.subscriptions = subscriptions;
        this.pongs = pongs;
        info = link.info();
    }

    ConnectionStatus status() {
        return status;
    }

    Info info() {
        return info;
    }

    String server() {
        return link.endpoint().toString();
    }

    long bytesReceived() {
        return bytesReceived.get();
    }

    /** What calls get that come too late. */
    ConnectionClosedException closedException() {
        return new ConnectionClosedException("the connection to " + server() + " is closed", endCause);
    }

    /** Runs something on the event loop, unless that has ended with the connection. */
    void onLoop(Runnable action) {
        if (resources.eventLoop().inEventLoop()) {
            action.run();
            return;
        }
        try {
            resources.eventLoop().execute(action);
        } catch (RejectedExecutionException e) {
            if (status != ConnectionStatus.CLOSED) {
                throw e;
            }
        }
    }

    /** Runs something on the event loop a little later, unless the connection has ended then. */
    void soon(Runnable action) {
        Runnable unlessEnded = () -> {
            if (status != ConnectionStatus.CLOSED) {
                action.run();
            }
        };
        if (status != ConnectionStatus.CLOSED) {
            var unused = resources.eventLoop().schedule(unlessEnded, SOON_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    void begin(FrameSink inbound) {
        connection.publishing().update(info);
        status = ConnectionStatus.CONNECTED;
        connection.emit(new ConnectionEvent.Connected(server(), info));
        outbound.attach(link.channel());
        link.start(inbound, this);
    }

    void onInfo(Info newer) {
        boolean wasLameDuck = info.ldm();
        info = info.updatedBy(newer);
        connection.publishing().update(info);
        if (info.ldm() && !wasLameDuck) {
            connection.emit(new ConnectionEvent.LameDuck(server()));
        }
    }

    void onPing() {
        outbound.pong();
    }

    void onPong() {
        pongs.onPong();
    }

    void onError(ServerError error) {
        if (error.closesConnection()) {
            fatalError = error;
        }
        if (error instanceof ServerError.PermissionsViolation violation) {
            NatsSubscription subscription = subscriptions.denied(violation);
            if (subscription != null) {
                end(subscription, new ServerErrorException(error));
            }
            connection.emit(new ConnectionEvent.PermissionDenied(violation, subscription));
        } else {
            connection.emit(new ConnectionEvent.ServerError(error));
        }
    }

    /** On the event loop: nothing will come for a subscription any more. */
    void end(NatsSubscription subscription, @Nullable Throwable cause) {
        subscriptions.remove(subscription);
        subscription.end(cause);
    }

    /** On the event loop: nothing is to be read until this subscription {@linkplain #resumeReading wants to}. */
    void pauseReading(NatsSubscription subscription) {
        if (status == ConnectionStatus.CONNECTED) {
            pausing.add(subscription);
            readingPaused = true;
            link.pauseReading();
        }
    }

    void resumeReading(NatsSubscription subscription) {
        if (readingPaused) {
            onLoop(() -> {
                if (pausing.remove(subscription) && pausing.isEmpty()) {
                    readingPaused = false;
                    link.resumeReading();
                }
            });
        }
    }

    /** Begins to close the connection, unless that has begun. */
    void close() {
        if (closing.compareAndSet(false, true)) {
            onLoop(this::beginClose);
        }
    }

    /** Waits for the end; not on an event loop. */
    void awaitEnd() {
        ended.join(); // not interruptible: whoever closes wants it closed; bounded by closeTimeout
    }

    /** Completes on the executor when it has ended. */
    CompletableFuture<Void> closed() {
        return closed.copy();
    }

    /** What was accepted before is written; the PONG tells that the server has it. */
    private void beginClose() {
        if (status == ConnectionStatus.CLOSED) {
            return;
        }
        status = ConnectionStatus.CLOSING;
        pausing.clear();
        readingPaused = false;
        link.resumeReading(); // the PONG is to be seen
        CompletableFuture<?> confirmed = pongs.ping(Runnable::run);
        outbound.refuse(new ConnectionClosedException("the connection to " + server() + " was closed", null));
        long timeout = Checks.nanos(connection.options().closeTimeout());
        if (confirmed == null || timeout == 0) {
            link.close();
            return;
        }
        closeTimer = resources.eventLoop().schedule(link::close, timeout, TimeUnit.NANOSECONDS);
        CompletableFuture<?> unused = confirmed.whenComplete((rtt, failure) -> link.close());
    }

    @Override
    public void onReadStarted() {
        outbound.readStarted();
    }

    @Override
    public void onReadComplete(int bytes) {
        bytesReceived.add(bytes);
        subscriptions.flush();
        outbound.readComplete();
    }

    @Override
    public void onWritabilityChanged(boolean writable) {
        if (writable) {
            outbound.channelWritable();
        }
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        if (closeTimer != null) {
            closeTimer.cancel(false);
        }
        try {
            end(cause);
        } finally {
            resources.run(() -> closed.complete(null));
            resources.release();
            ended.complete(null);
        }
    }

    private void end(@Nullable Throwable cause) {
        ConnectionEvent.Closed event = closedEvent(cause);
        endCause = event.cause();
        status = ConnectionStatus.CLOSED;
        ConnectionClosedException exception =
                new ConnectionClosedException("the connection to " + server() + " ended: " + event.reason(), endCause);
        outbound.discard(exception);
        pongs.fail(exception);
        boolean byUser = event.reason() == ConnectionEvent.CloseReason.CLOSED_BY_USER;
        subscriptions.forEach(subscription -> {
            if (byUser) {
                subscription.dropPending();
            }
            subscription.end(byUser ? null : exception);
        });
        connection.emit(event);
    }

    private ConnectionEvent.Closed closedEvent(@Nullable Throwable cause) {
        if (closing.get()) {
            return new ConnectionEvent.Closed(server(), ConnectionEvent.CloseReason.CLOSED_BY_USER, null);
        }
        if (cause instanceof ProtocolException) {
            return new ConnectionEvent.Closed(server(), ConnectionEvent.CloseReason.PROTOCOL_ERROR, cause);
        }
        if (fatalError != null) {
            Throwable error = new ServerErrorException(fatalError);
            return new ConnectionEvent.Closed(server(), ConnectionEvent.CloseReason.SERVER_ERROR, error);
        }
        Throwable lost = cause != null ? cause : new NatsException("the server at " + server() + " closed the socket");
        return new ConnectionEvent.Closed(server(), ConnectionEvent.CloseReason.CONNECTION_LOST, lost);
    }
}
