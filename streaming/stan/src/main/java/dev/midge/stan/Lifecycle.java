// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.ConnectionListener;
import dev.midge.client.internal.Exchanges;
import dev.midge.protocol.Nuid;
import dev.midge.stan.pb.CloseRequest;
import dev.midge.stan.pb.CloseResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
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

    private final Connection connection;
    private final boolean own;
    private final StanOptions options;
    private final Exchanges exchanges;
    private final LoopTasks loop;
    private final Reports reports;
    private final Publisher publisher;
    private final Subscriptions subscriptions = new Subscriptions();
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

    private volatile State state = State.CONNECTING;
    private volatile @Nullable Session session;
    private @Nullable Pings pings;

    Lifecycle(Connection connection, boolean own, StanOptions options) {
        this.connection = connection;
        this.own = own;
        this.options = options;
        exchanges = Exchanges.of(connection);
        loop = new LoopTasks(connection.direct().eventLoop());
        reports = new Reports(
                "client " + options.clientId() + " of cluster " + options.clusterId(),
                connection.direct().executor(),
                options.listener());
        publisher = new Publisher(this);
    }

    /** From any thread, once. The future completes on the event loop. */
    CompletableFuture<Session> connect() {
        CompletableFuture<Session> connected = new CompletableFuture<>();
        connection.addListener(this);
        onLoop(() -> {
            var unused = Registration.start(this).whenComplete((registered, failure) -> {
                if (failure == null && state == State.CONNECTING) {
                    begin(registered);
                    connected.complete(registered);
                } else {
                    Throwable why = failure == null ? closedException("connect") : failure;
                    quit(State.CLOSED);
                    leaveConnection();
                    connected.completeExceptionally(why);
                }
            });
        });
        return connected;
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
        reports.tell(new StanEvent.SessionLost(reason, detail));
        if (options.onSessionLost() == OnSessionLost.CLOSE) {
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
            onLoop(this::verify);
        } else if (event instanceof ConnectionEvent.Closed last) {
            onLoop(() -> finish(StanEndReason.CONNECTION_CLOSED, last.cause()));
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
        onLoop(this::sayGoodbye);
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
        String what = "cannot say goodbye to cluster " + options.clusterId() + " as " + options.clientId();
        byte[] request =
                CloseRequest.newInstance().setClientID(options.clientId()).toByteArray();
        var unused = ask(what, last.subjects().getCloseRequests(), request, reply -> {
                    Ask.check(what, CloseResponse.parseFrom(reply).getError());
                    return true;
                })
                .whenComplete((done, failure) -> onLoop(() -> {
                    last.abandon();
                    finish(StanEndReason.CLOSED_BY_USER, failure);
                }));
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
            reports.tell(new StanEvent.Closed(reason, cause));
            leaveConnection();
        }
    }

    private void leaveConnection() {
        connection.removeListener(this);
        publisher.close();
        if (own) {
            var unused = connection.closeAsync().whenComplete((done, never) -> closed.complete(true));
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
                "cannot " + what + ": client " + options.clientId() + " has no session with cluster "
                        + options.clusterId()
                        + (state == State.LOST ? ", it was lost and is being established again" : ", it is " + state),
                null);
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

    @Nullable
    ScheduledFuture<?> schedule(Runnable task, long nanos) {
        return loop.schedule(task, nanos);
    }

    <T> CompletableFuture<T> ask(String what, String subject, byte[] request, Ask.Reader<T> reader) {
        return Ask.send(exchanges, what, subject, request, options.connectTimeout(), reader);
    }

    String newInbox() {
        return connection.options().inboxPrefix() + '.' + Nuid.next();
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

    Publisher publisher() {
        return publisher;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }
}
