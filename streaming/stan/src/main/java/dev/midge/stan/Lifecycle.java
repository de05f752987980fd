// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.ConnectionListener;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The life of a streaming connection: a session with the server, its loss, another one, the end. All ways to lose it and to end
 * come through here. The state is of the NATS connection's event loop; what other threads may call says so.
 */
final class Lifecycle implements ConnectionListener {
    private enum State {
        CONNECTING,
        LIVE,
        LOST,
        CLOSING,
        CLOSED
    }

    private final NatsSide nats;
    private final boolean own;
    private final Publisher publisher;
    private final Subscriptions subscriptions = new Subscriptions();
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

    private volatile State state = State.CONNECTING;
    private volatile @Nullable Session session;
    private @Nullable Pings pings;

    Lifecycle(Connection connection, boolean own, StanOptions options) {
        this.own = own;
        nats = new NatsSide(connection, options);
        publisher = new Publisher(this);
    }

    /** From any thread, once. The future completes on the event loop. */
    CompletableFuture<Session> connect() {
        CompletableFuture<Session> connected = new CompletableFuture<>();
        nats.connection().addListener(this);
        nats.onLoop(() -> {
            var unused = Registration.start(this).whenComplete((registered, failure) -> {
                if (failure == null && state == State.CONNECTING) {
                    begin(registered);
                    connected.complete(registered);
                } else {
                    Throwable why = failure == null ? endedMeanwhile(registered) : failure;
                    quit(State.CLOSED);
                    leaveConnection();
                    connected.completeExceptionally(why);
                }
            });
        });
        return connected;
    }

    /** From any thread, instead of {@link #connect}: nothing is to come of it. */
    void discard() {
        nats.onLoop(this::leaveConnection);
    }

    /** Nobody waits for it any more: the server is to forget the client. */
    private StanClosedException endedMeanwhile(Session registered) {
        var unused = registered.sayGoodbye(nats);
        return closedException("connect");
    }

    /** There is a session. */
    void begin(Session registered) {
        session = registered;
        state = State.LIVE;
        Pings asking = new Pings(this, registered);
        pings = asking;
        asking.start();
    }

    /** The session is no more, as far as the server is concerned. */
    void lost(Session which, StanEndReason reason, String detail) {
        if (session != which || state != State.LIVE) {
            return;
        }
        quit(State.LOST);
        which.abandon();
        publisher.failAll("the session with the server was lost: " + detail);
        nats.reports().emit(new StanEvent.SessionLost(reason, detail));
        if (nats.options().onSessionLost() == OnSessionLost.CLOSE) {
            finish(reason, new StanException("the session was lost: " + detail, null));
        } else {
            new Reestablishment(this, reason).attempt(1);
        }
    }

    private void quit(State next) {
        state = next;
        session = null;
        if (pings != null) {
            pings.stop();
        }
    }

    /** Whether there is no session, but may be one again. */
    boolean isLost() {
        return state == State.LOST;
    }

    @Override
    public void onEvent(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.Reconnected) {
            nats.onLoop(this::verify);
        } else if (event instanceof ConnectionEvent.Closed last) {
            nats.onLoop(() -> finish(StanEndReason.CONNECTION_CLOSED, last.cause()));
        }
    }

    /** There is reason to doubt that the server knows the session. */
    void verify() {
        if (state == State.LIVE && pings != null) {
            pings.verify();
        }
    }

    /** From any thread: says goodbye to the server, and ends. */
    CompletableFuture<Boolean> close() {
        nats.onLoop(this::sayGoodbye);
        return closed;
    }

    private void sayGoodbye() {
        if (isEnding()) {
            return;
        }
        Session last = session;
        quit(State.CLOSING);
        publisher.failAll("the connection was closed");
        subscriptions.endAll();
        if (last == null) {
            finish(StanEndReason.CLOSED_BY_USER, null);
            return;
        }
        var unused =
                last.sayGoodbye(nats).whenComplete((done, failure) -> finish(StanEndReason.CLOSED_BY_USER, failure));
    }

    /** It is over. */
    void finish(StanEndReason reason, @Nullable Throwable cause) {
        if (state == State.CLOSED) {
            return;
        }
        boolean connecting = state == State.CONNECTING;
        Session last = session;
        quit(State.CLOSED);
        if (last != null) {
            last.abandon();
        }
        publisher.failAll("the connection has ended, " + reason);
        subscriptions.endAll();
        if (!connecting) { // whoever connects is told otherwise
            nats.reports().emit(new StanEvent.Closed(reason, cause));
            leaveConnection();
        }
    }

    private void leaveConnection() {
        nats.connection().removeListener(this);
        publisher.close();
        if (own) {
            var unused = nats.connection().closeAsync().whenComplete((done, never) -> closed.complete(true));
        } else {
            closed.complete(true);
        }
    }

    // From any thread.

    boolean isEnding() {
        return state == State.CLOSING || state == State.CLOSED;
    }

    /** The present session, or null. */
    @Nullable
    Session session() {
        return session;
    }

    /** @throws StanClosedException if there is none */
    Session session(String what) {
        Session present = session;
        if (present == null) {
            throw closedException(what);
        }
        return present;
    }

    StanClosedException closedException(String what) {
        return new StanClosedException(
                "cannot " + what + ": client " + nats.options().clientId() + " has no session with cluster "
                        + nats.options().clusterId()
                        + (state == State.LOST ? ", it was lost and is being established again" : ", it is " + state),
                null);
    }

    NatsSide nats() {
        return nats;
    }

    Publisher publisher() {
        return publisher;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }
}
