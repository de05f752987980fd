// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Headers;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.Nuid;
import dev.midge.protocol.ServerError.Operation;
import dev.midge.protocol.ServerError.PermissionsViolation;
import dev.midge.transport.OutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a connection, and their inbox. Each has its place in a {@link PendingIndex}, which is part of the subject
 * that its reply comes on. The event loop looks through their deadlines when the first of them is reached: a request needs
 * neither a task nor a timer of its own.
 */
final class Requests {
    /** How long the event loop lets deadlines come together, at least, before it looks through them again. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final NatsConnection connection;
    private final Resources resources;
    private final OutboundBuffer outbound;
    private final Publishing publishing;
    private final Completions completions;
    private final Counter lateReplies = new Counter();
    private final Runnable arm = this::arm;
    private final Runnable tick = this::tick;
    private final long origin;

    private final PendingIndex<PendingReply<?>> index = new PendingIndex<>();
    private final ReentrantLock inboxLock = new ReentrantLock();

    /** Made by the first request; written with its lock held. */
    private volatile @Nullable RequestInbox inbox;

    /** Of the event loop. */
    private @Nullable ScheduledFuture<?> timer;

    Requests(NatsConnection connection, Resources resources, OutboundBuffer outbound, Publishing publishing) {
        this.connection = connection;
        this.resources = resources;
        this.outbound = outbound;
        this.publishing = publishing;
        completions = new Completions(resources, connection.lifecycle(), outbound);
        origin = resources.eventLoop().ticker().nanoTime();
    }

    /** How many wait. */
    int pending() {
        return index.pending();
    }

    Completions completions() {
        return completions;
    }

    long lateReplies() {
        return lateReplies.get();
    }

    /** Nanoseconds since this was made, on the clock of the event loop. */
    long now() {
        return resources.eventLoop().ticker().nanoTime() - origin;
    }

    /** Sends a request and waits for the reply. */
    Message request(String subject, @Nullable Headers headers, byte[] data, Duration timeout) {
        long nanos = checkTimeout(timeout);
        connection.checkMayBlock("request");
        PendingRequest request = new PendingRequest(this, subject, timeout, true);
        send(request, headers, data, nanos, nanos);
        return request.await(nanos);
    }

    /** Sends a request; what is wrong with the request itself is thrown. */
    CompletableFuture<Message> requestAsync(String subject, @Nullable Headers headers, byte[] data, Duration timeout) {
        long nanos = checkTimeout(timeout);
        PendingRequest request = new PendingRequest(this, subject, timeout, false);
        try {
            send(request, headers, data, nanos, 0);
            return request;
        } catch (OutboundFullException | DisconnectedException | ConnectionClosedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Sends a request to many; as {@link #request}, it may wait for room in the outbound buffer. */
    Responses requestMany(Message message, RequestManyOptions options, @Nullable MessageHandler handler) {
        Duration longest = options.maxWait();
        long nanos = Checks.nanos(longest == null ? connection.options().requestTimeout() : longest);
        ManyRequest request = new ManyRequest(this, connection, message.subject(), options, nanos, handler);
        send(request, message.headersOrNull(), message.data(), nanos, nanos);
        return new Responses(request, request.responses());
    }

    private static long checkTimeout(@Nullable Duration timeout) {
        if (timeout == null) {
            throw new IllegalArgumentException("timeout is null: must be above 0");
        }
        return Checks.nanos(Checks.positive("timeout", timeout));
    }

    /**
     * Gives a request its place and sends it; if that throws, nothing was sent.
     *
     * @param nanos until its first deadline
     * @param maxWaitNanos how long to wait for room in the outbound buffer
     */
    void send(PendingReply<?> request, @Nullable Headers headers, byte[] data, long nanos, long maxWaitNanos) {
        add(request, nanos);
        try {
            request.replyTo = replyTo(request);
            publishing.publish(request.subject(), request.replyTo, headers, data, maxWaitNanos, request);
        } catch (RuntimeException | Error e) {
            request.release();
            throw e;
        }
        if (!request.isQueued()) {
            request.fail(connection.lifecycle().disconnectedException()); // the message was dropped instead
        }
    }

    /** As {@link #send}, what was sent before, with the same reply-to subject. */
    void sendAgain(PendingReply<?> request, @Nullable Headers headers, byte[] data, long maxWaitNanos) {
        request.accept(0);
        publishing.publish(request.subject(), request.replyTo, headers, data, maxWaitNanos, request);
        if (!request.isQueued()) {
            throw connection.lifecycle().disconnectedException(); // the message was dropped instead
        }
    }

    /** On the event loop: how many of the messages in the outbound buffer servers were given. */
    long given() {
        return outbound.takenMessages();
    }

    /** So many nanoseconds from now. */
    private long deadline(long nanos) {
        long now = now();
        return now + Math.min(nanos, PendingIndex.NEVER - 1 - now);
    }

    private String replyTo(PendingReply<?> request) {
        Options options = connection.options();
        if (!options.oldRequestStyle()) {
            RequestInbox shared = inbox;
            return (shared == null ? sharedInbox() : shared).subject(request.token());
        }
        String subject = options.inboxPrefix() + '.' + Nuid.next();
        long most = request instanceof PendingRequest ? 1 : 0;
        RequestInbox own = new RequestInbox(connection, this, subject, connection.nextSid(), most, request);
        request.inbox = own;
        connection.register(own);
        if (!index.contains(request)) {
            own.unsubscribe(); // it has ended meanwhile, and whoever ended it may not have seen the inbox
        }
        return subject;
    }

    private RequestInbox sharedInbox() {
        inboxLock.lock();
        try {
            RequestInbox shared = inbox;
            if (shared == null) {
                String subject = connection.options().inboxPrefix() + '.' + Nuid.next() + ".*";
                shared = new RequestInbox(connection, this, subject, connection.nextSid(), 0, null);
                inbox = shared;
                connection.register(shared);
            }
            return shared;
        } finally {
            inboxLock.unlock();
        }
    }

    /** Gives a request its place, until so many nanoseconds from now. */
    void add(PendingReply<?> request, long nanos) {
        if (index.add(request, deadline(nanos), connection.lifecycle()::closedException)) {
            connection.lifecycle().onLoop(arm);
        }
    }

    /** Whether it had a place, which it then has no more. */
    boolean remove(PendingReply<?> request) {
        return index.remove(request);
    }

    /** Sets the deadline of a request to so many nanoseconds from now, unless it has ended. */
    void setDeadline(PendingReply<?> request, long nanos) {
        if (index.setDeadline(request, deadline(nanos))) {
            connection.lifecycle().onLoop(arm);
        }
    }

    /** On the event loop: a reply came, or what looks like one. */
    void onReply(RequestInbox origin, MessageView view) {
        PendingReply<?> request = origin.only();
        String subject = null;
        if (request == null) {
            request = index.find(origin.token(view)); // one that was mapped on the way is the only one's (nats.go)
        }
        if (request != null) {
            subject = view.subjectLength() == request.replyTo.length() ? request.replyTo : view.subject();
        }
        if (request == null || subject == null || !request.onReply(view, subject, origin)) {
            lateReplies.add(1);
        }
    }

    /** Runs on the executor what completes a future. */
    void complete(Runnable completion) {
        completions.add(completion);
    }

    /** On the event loop: sets the timer to the first deadline. */
    private void arm() {
        cancelTimer();
        long at = index.armedFor();
        if (at != PendingIndex.NEVER) {
            timer = resources.eventLoop().schedule(tick, Math.max(0, at - now()), TimeUnit.NANOSECONDS);
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void tick() {
        timer = null;
        List<PendingReply<?>> due = index.due(now(), TICK_NANOS);
        arm();
        for (PendingReply<?> request : due) {
            request.onDeadline();
        }
    }

    /** On the event loop: the server refused something that a request needs. */
    void denied(PermissionsViolation violation) {
        if (violation.operation() != Operation.SUBSCRIBE) {
            boolean ofSubject = violation.operation() == Operation.PUBLISH;
            fail(
                    request -> (ofSubject ? request.subject() : request.replyTo).equals(violation.subject()),
                    new ServerErrorException(violation));
        }
    }

    /** On the event loop: the server refused or withdrew the subscription. The next request tries anew. */
    void inboxFailed(RequestInbox failed, Throwable cause) {
        PendingReply<?> only = failed.only();
        if (only != null) {
            only.fail(cause);
            return;
        }
        inboxLock.lock();
        try {
            if (inbox == failed) {
                inbox = null;
            }
        } finally {
            inboxLock.unlock();
        }
        fail(request -> true, cause);
    }

    /** On the event loop, while the outbound buffer is suspended: the server is lost. */
    void disconnected(Throwable cause) {
        boolean byOption = connection.options().failRequestsOnDisconnect();
        long given = given();
        fail(request -> request.isAmong(given) && request.failsOnDisconnect(byOption), cause);
    }

    /** On the event loop: the connection has ended. */
    void close(Throwable cause) {
        index.close();
        cancelTimer();
        completions.close();
        fail(request -> true, cause);
    }

    private void fail(Predicate<PendingReply<?>> which, Throwable cause) {
        for (PendingReply<?> request : index.all(which)) {
            request.fail(cause);
        }
    }
}
