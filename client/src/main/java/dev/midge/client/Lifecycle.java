// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Info;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.ServerError;
import dev.midge.transport.ConnectFailedException;
import dev.midge.transport.Endpoint;
import dev.midge.transport.Link;
import dev.midge.transport.OutboundBuffer;
import dev.midge.transport.Outcome;
import dev.midge.transport.WhileSuspended;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The life of a connection: the first server that takes it, those that follow when one is lost, and its end. All ways by
 * which a server is lost lead to {@link #ended}, and all ways to the end of the connection to {@link #finish}.
 */
final class Lifecycle implements Reconnector.Owner {
    /** Long enough for a full executor to work something off. */
    private static final long SOON_MILLIS = 50;

    /** Of no server yet. */
    private static final Info UNKNOWN = Info.parse("{}");

    private final NatsConnection connection;
    private final Options options;
    private final Resources resources;
    private final OutboundBuffer outbound;
    private final Subscriptions subscriptions;
    private final Pongs pongs;
    private final ServerPool pool;
    private final Reconnector reconnector;
    private final Resubscription resubscription;
    private final ReadingPause reading = new ReadingPause(this::onLoop);
    private final Counter bytesReceived = new Counter();
    private final Counter reconnects = new Counter();
    private final Closing closing;

    /** Completes on the event loop, with the first connect. */
    private final CompletableFuture<Void> begun = new CompletableFuture<>();

    private volatile ConnectionStatus status = ConnectionStatus.CONNECTING;
    private volatile Info info = UNKNOWN;
    private volatile Endpoint server;
    private volatile @Nullable Throwable endCause;

    // Of the event loop.
    private @Nullable LinkSession session;
    private @Nullable DisconnectedException lastLoss;
    private @Nullable LameDuckMove move;
    private boolean wasConnected;

    Lifecycle(
            NatsConnection connection,
            Options options,
            Resources resources,
            OutboundBuffer outbound,
            Subscriptions subscriptions,
            Pongs pongs) {
        this.connection = connection;
        this.options = options;
        this.resources = resources;
        this.outbound = outbound;
        this.subscriptions = subscriptions;
        this.pongs = pongs;
        server = options.servers().get(0);
        pool = new ServerPool(
                options, resources.eventLoop().ticker()::nanoTime, new SplittableRandom(), connection::emit);
        reconnector = new Reconnector(options, resources, pool, this);
        resubscription = new Resubscription(subscriptions, this);
        closing = new Closing(options, resources, outbound, pongs);
    }

    ConnectionStatus status() {
        ConnectionStatus now = status;
        boolean open = now != ConnectionStatus.CLOSING && now != ConnectionStatus.CLOSED;
        return open && connection.isDraining() ? ConnectionStatus.DRAINING : now;
    }

    /** Whether its end has begun. */
    boolean isClosing() {
        return closing.hasBegun() || status == ConnectionStatus.CLOSED;
    }

    /** On the event loop: whether it is about to leave one server for another one. */
    boolean isMoving() {
        return move != null;
    }

    Info info() {
        return info;
    }

    String server() {
        return server.toString();
    }

    List<ServerState> servers() {
        return pool.view();
    }

    /** Takes these servers in place of those there are, soon. From any thread. */
    void setServers(List<Endpoint> servers) {
        if (isClosing()) {
            throw closedException();
        }
        onLoop(() -> {
            pool.replace(servers);
            reconnector.poolChanged();
        });
    }

    long bytesReceived() {
        return bytesReceived.get();
    }

    long reconnects() {
        return reconnects.get();
    }

    /** What calls get that come too late. */
    ConnectionClosedException closedException() {
        return new ConnectionClosedException("the connection to " + server() + " is closed", endCause);
    }

    /** What calls get that need a server while there is none. */
    DisconnectedException disconnectedException() {
        return new DisconnectedException(
                "there is no server at present: the connection to " + server() + " is " + status, null);
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
        if (status == ConnectionStatus.CLOSED) {
            return;
        }
        try {
            var unused = resources.eventLoop().schedule(unlessEnded, SOON_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            if (status != ConnectionStatus.CLOSED) { // it may have ended just now
                throw e;
            }
        }
    }

    /**
     * On the event loop: looks for a first server. The future completes there when one has been found, or when the search
     * goes on without anybody waiting for it; it fails when none takes the connection, which then has ended.
     */
    CompletableFuture<Void> begin() {
        suspendOutbound(disconnectedException());
        reconnector.startOnceEach();
        return begun;
    }

    @Override
    public void connected(Link link, Server to, int attempts) {
        LinkSession old = session;
        if (old == null) {
            use(link, to, attempts);
            return;
        }
        LameDuckMove started = new LameDuckMove(old, link, to, attempts, outbound, subscriptions, pongs, this::moved);
        move = started;
        started.start(options);
    }

    private void moved(LameDuckMove done) {
        move = null;
        session = null;
        DisconnectedException cause = disconnectedException();
        if (done.isAnswered()) {
            done.from().link().close();
        } else {
            done.from().link().fail(cause);
        }
        outbound.detach(cause);
        pongs.fail(cause); // none, unless the old server did not answer
        use(done.to(), done.server(), done.attempts());
        Pongs.Unsent unsent = done.unsent();
        if (unsent != null) {
            pongs.resend(unsent);
        }
    }

    private void use(Link link, Server to, int attempts) {
        Completions completions = connection.requests().completions();
        LinkSession next = new LinkSession(this, link, to, options, outbound, subscriptions, completions);
        session = next;
        reading.use(link);
        server = to.endpoint();
        info = link.info();
        connection.publishing().update(info);
        outbound.resume();
        // Before anything is written: a peer that has seen it may look.
        status = ConnectionStatus.CONNECTED;
        reconnects.add(wasConnected ? 1 : 0);
        resubscription.write(link.channel());
        outbound.attach(link.channel());
        if (wasConnected) {
            connection.emit(new ConnectionEvent.Reconnected(server(), info, attempts));
        } else {
            wasConnected = true;
            connection.emit(new ConnectionEvent.Connected(server(), info));
        }
        announced(to, info);
        next.start(connection.inbound());
        begun.complete(null);
        connection.serverChanged();
    }

    @Override
    public void attemptFailed(Server to, int attempt, Throwable cause) {
        if (begun.isDone()) {
            connection.emit(new ConnectionEvent.ReconnectFailed(to.endpoint().toString(), attempt, cause));
        }
    }

    @Override
    public void exhausted(List<ConnectFailedException> failures) {
        if (session != null) {
            return; // there is no other server: the present one is going to close the connection
        }
        Throwable lost = lastLoss;
        NatsException none =
                failures.isEmpty() && lost != null ? new NoServersException(lost) : new NoServersException(failures);
        if (begun.isDone()) {
            finish(pool.expelledForAuthentication() ? EndReason.AUTHENTICATION : EndReason.NO_SERVERS, none);
        } else if (options.reconnect().onFirstConnect() && !pool.view().isEmpty()) {
            status = ConnectionStatus.RECONNECTING;
            begun.complete(null);
            reconnector.startUntilConnected(false);
        } else {
            finish(EndReason.NO_SERVERS, none);
        }
    }

    void onInfo(Info newer) {
        boolean wasLameDuck = info.ldm();
        info = info.updatedBy(newer);
        connection.publishing().update(info);
        LinkSession current = session;
        if (current != null) {
            announced(current.server(), newer);
        }
        if (info.ldm() && !wasLameDuck) {
            connection.emit(new ConnectionEvent.LameDuck(server()));
            if (current != null && options.reconnect().maxAttempts() != 0) {
                reconnector.startBeside(current.server());
            }
        }
    }

    private void announced(Server by, Info said) {
        List<Endpoint> discovered = pool.announced(by, said);
        if (!discovered.isEmpty()) {
            connection.emit(new ConnectionEvent.ServersDiscovered(
                    discovered.stream().map(Endpoint::toString).toList()));
        }
    }

    void onPing() {
        outbound.pong();
    }

    void onPong() {
        pongs.onPong();
    }

    void ping() {
        Outcome unused = pongs.ping(new CompletableFuture<>(), Runnable::run);
    }

    void bytesCame(int bytes) {
        bytesReceived.add(bytes);
    }

    /** The server said what it is going to close the connection for. */
    void onFatalError(ServerError error) {
        if (session != null) {
            session.onFatalError(error);
        }
    }

    /** On the event loop: nothing will come for a subscription any more. */
    void end(NatsSubscription subscription, @Nullable Throwable cause) {
        subscriptions.remove(subscription);
        subscription.end(cause);
        connection.drains().ended(subscription);
    }

    /** On the event loop: as many messages came for a subscription as were asked for. */
    void satisfied(NatsSubscription subscription) {
        if (subscription.isOnLaterServer()) {
            Outcome unused = outbound.unsubscribe(subscription.sid(), 0); // that one may think that more are wanted
        }
        end(subscription, null);
    }

    /** On the event loop: nothing is to be read until this subscription {@linkplain #resumeReading wants to}. */
    void pauseReading(NatsSubscription subscription) {
        if (status == ConnectionStatus.CONNECTED) {
            reading.begin(subscription);
        }
    }

    void resumeReading(NatsSubscription subscription) {
        reading.end(subscription);
    }

    /** Gives the present server up for another one, or for the same once more. From any thread. */
    void forceReconnect() {
        if (isClosing()) {
            throw closedException();
        }
        onLoop(() -> {
            LinkSession current = session;
            if (current != null && status == ConnectionStatus.CONNECTED) {
                current.end(EndReason.FORCED, new DisconnectedException("a reconnect was asked for", null));
            }
        });
    }

    /** Begins to close the connection, unless that has begun. */
    void close() {
        if (closing.begin()) {
            onLoop(this::beginClose);
        }
    }

    /** How it is closed, and who waits for that. */
    Closing closing() {
        return closing;
    }

    private void beginClose() {
        if (status == ConnectionStatus.CLOSED) {
            return;
        }
        LinkSession current = session;
        if (current == null) {
            finish(EndReason.CLOSED_BY_USER, null);
            return;
        }
        status = ConnectionStatus.CLOSING;
        reconnector.stop();
        reading.end(); // the PONG is to be seen
        closing.confirm(current.link(), server());
    }

    /** On the event loop: a server is lost, or the connection to it was closed here. */
    void ended(LinkSession lost, @Nullable Throwable cause) {
        if (lost != session) {
            return; // left behind
        }
        session = null;
        if (closing.hasBegun()) {
            finish(EndReason.CLOSED_BY_USER, null);
            return;
        }
        EndReason reason = lost.endReason(cause);
        Throwable why = lost.why(reason, cause);
        boolean forced = reason == EndReason.FORCED;
        if (options.reconnect().maxAttempts() == 0 && !forced) {
            finish(reason, why);
            return;
        }
        if (!forced) {
            pool.lost(lost.server(), lost.age(), lost.fatalError());
        }
        // What quotes the server may quote a payload, and this text is logged.
        String said = reason == EndReason.PROTOCOL_ERROR ? "" : ": " + why.getMessage();
        DisconnectedException exception =
                new DisconnectedException("the connection to " + server() + " was lost: " + reason + said, why);
        lastLoss = exception;
        status = ConnectionStatus.RECONNECTING;
        reading.use(null);
        suspendOutbound(exception);
        outbound.detach(exception);
        pongs.fail(exception);
        connection.requests().disconnected(exception);
        connection.emit(new ConnectionEvent.Disconnected(server(), reason, why));
        LameDuckMove moving = move;
        if (moving == null) {
            reconnector.startUntilConnected(forced);
            return;
        }
        move = null;
        moving.end();
        if (moving.unsent() != null) {
            pongs.fail(moving.unsent(), exception);
        }
        use(moving.to(), moving.server(), moving.attempts());
    }

    private void suspendOutbound(Throwable cause) {
        Reconnect reconnect = options.reconnect();
        WhileSuspended policy = switch (reconnect.whileDisconnected()) {
            case BUFFER -> WhileSuspended.KEEP;
            case FAIL -> WhileSuspended.REFUSE;
            case DROP_AND_REPORT -> WhileSuspended.DISCARD;
        };
        outbound.suspend(policy, reconnect.bufferSize(), cause);
    }

    /** On the event loop, once: the connection has ended. */
    private void finish(EndReason reason, @Nullable Throwable cause) {
        if (status == ConnectionStatus.CLOSED) {
            return;
        }
        reconnector.stop();
        if (move != null) {
            move.end();
            move.to().close();
        }
        try {
            end(reason, cause);
        } finally {
            closing.ended();
        }
    }

    private void end(EndReason reason, @Nullable Throwable cause) {
        endCause = cause;
        status = ConnectionStatus.CLOSED;
        ConnectionClosedException exception =
                new ConnectionClosedException("the connection to " + server() + " ended: " + reason, cause);
        outbound.discard(exception);
        pongs.fail(exception);
        connection.requests().close(exception);
        boolean byUser = reason == EndReason.CLOSED_BY_USER;
        connection.drains().all().forEach(subscription -> {
            if (byUser) {
                subscription.dropPending();
            }
            subscription.end(byUser ? null : exception);
            subscription.abandonDrain();
        });
        if (begun.isDone()) {
            connection.emit(new ConnectionEvent.Closed(server(), reason, cause));
        }
        begun.completeExceptionally(cause instanceof NoServersException ? cause : exception); // unless it is done
    }
}
