// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Headers;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.Nuid;
import dev.midge.protocol.ServerError.Operation;
import dev.midge.protocol.ServerError.PermissionsViolation;
import dev.midge.transport.OutboundBuffer;
import dev.midge.transport.ShortLock;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a connection that wait, and their inbox. Each has a place in an array, which is part of the subject that
 * its reply comes on, so that the reply finds it without a look-up. Their deadlines lie side by side in an array of
 * their own; the event loop looks through it when the first of them is reached: a request needs neither a task nor a
 * timer of its own.
 */
final class Requests {
    /** Of a token, the lower bits are the place; those above, 40, a sequence number. */
    private static final int PLACE_BITS = 20;

    /** How many requests can wait at a time. */
    static final int MAX_PENDING = 1 << PLACE_BITS;

    private static final long MAX_SEQUENCE = (1L << 40) - 1;
    private static final int INITIAL_CAPACITY = 64;

    /** Larger arrays, in places, are not kept when no request waits. */
    private static final int KEPT_CAPACITY = 4096;

    /** How long the event loop lets deadlines come together, at least, before it looks through them again. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long NEVER = Long.MAX_VALUE;

    private final NatsConnection connection;
    private final Resources resources;
    private final OutboundBuffer outbound;
    private final Publishing publishing;
    private final Completions completions;
    private final Counter lateReplies = new Counter();
    private final Runnable arm = this::arm;
    private final Runnable tick = this::tick;
    private final long origin;

    private final ShortLock lock = new ShortLock();

    // Guarded by the lock.
    private @Nullable PendingReply<?>[] places = new PendingReply<?>[INITIAL_CAPACITY];
    private long[] deadlines = new long[INITIAL_CAPACITY];
    private int[] free = new int[INITIAL_CAPACITY];
    private int freeCount;

    /** Places from here on were never in use since the array was empty. */
    private int used;

    private int pending;
    private long sequence;

    /** When the event loop is going to look at the deadlines. */
    private long armedFor = NEVER;

    private boolean closed;

    /** Made by the first request; written with the lock held. */
    private volatile @Nullable RequestInbox inbox;

    /** Of the event loop. */
    private @Nullable ScheduledFuture<?> timer;

    Requests(NatsConnection connection, Resources resources, OutboundBuffer outbound, Publishing publishing) {
        this.connection = connection;
        this.resources = resources;
        this.outbound = outbound;
        this.publishing = publishing;
        completions = new Completions(resources);
        origin = resources.eventLoop().ticker().nanoTime();
    }

    /** How many wait. */
    int pending() {
        lock.lock();
        try {
            return pending;
        } finally {
            lock.unlock();
        }
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
        return now + Math.min(nanos, NEVER - 1 - now);
    }

    private String replyTo(PendingReply<?> request) {
        Options options = connection.options();
        if (!options.oldRequestStyle()) {
            RequestInbox shared = inbox;
            return (shared == null ? sharedInbox() : shared).subject(request.token);
        }
        String subject = options.inboxPrefix() + '.' + Nuid.next();
        long most = request instanceof PendingRequest ? 1 : 0;
        RequestInbox own = new RequestInbox(connection, this, subject, connection.nextSid(), most, request);
        request.inbox = own;
        connection.register(own);
        return subject;
    }

    private RequestInbox sharedInbox() {
        lock.lock();
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
            lock.unlock();
        }
    }

    /** Gives a request its place, until so many nanoseconds from now. */
    void add(PendingReply<?> request, long nanos) {
        long deadline = deadline(nanos);
        boolean earlier;
        lock.lockSoon();
        try {
            if (closed) {
                throw connection.lifecycle().closedException();
            }
            int place = freeCount > 0 ? free[--freeCount] : newPlace();
            sequence = sequence == MAX_SEQUENCE ? 1 : sequence + 1;
            request.token = sequence << PLACE_BITS | place;
            places[place] = request;
            deadlines[place] = deadline;
            pending++;
            earlier = deadline < armedFor;
            armedFor = earlier ? deadline : armedFor;
        } finally {
            lock.unlock();
        }
        if (earlier) {
            connection.lifecycle().onLoop(arm);
        }
    }

    private int newPlace() {
        if (used == MAX_PENDING) {
            throw new NatsException(MAX_PENDING + " requests wait for replies: there is no room for another");
        }
        if (used == places.length) {
            int capacity = used * 2;
            places = Arrays.copyOf(places, capacity);
            deadlines = Arrays.copyOf(deadlines, capacity);
            free = Arrays.copyOf(free, capacity);
        }
        return used++;
    }

    /** Whether it had a place, which it then has no more. */
    boolean remove(PendingReply<?> request) {
        lock.lockSoon();
        try {
            int place = place(request.token);
            if (at(place) != request) {
                return false;
            }
            places[place] = null;
            deadlines[place] = NEVER;
            free[freeCount++] = place;
            if (--pending == 0) {
                used = 0;
                freeCount = 0;
                if (places.length > KEPT_CAPACITY) {
                    places = new PendingReply<?>[INITIAL_CAPACITY];
                    deadlines = new long[INITIAL_CAPACITY];
                    free = new int[INITIAL_CAPACITY];
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Sets the deadline of a request to so many nanoseconds from now, unless it has ended. */
    void setDeadline(PendingReply<?> request, long nanos) {
        long deadline = deadline(nanos);
        boolean earlier = false;
        lock.lockSoon();
        try {
            int place = place(request.token);
            if (at(place) == request) {
                deadlines[place] = deadline;
                earlier = deadline < armedFor;
                armedFor = earlier ? deadline : armedFor;
            }
        } finally {
            lock.unlock();
        }
        if (earlier) {
            connection.lifecycle().onLoop(arm);
        }
    }

    private static int place(long token) {
        return (int) token & (MAX_PENDING - 1);
    }

    private @Nullable PendingReply<?> at(int place) {
        return place < used ? places[place] : null;
    }

    /** On the event loop: a reply came, or what looks like one. */
    void onReply(RequestInbox origin, MessageView view) {
        PendingReply<?> request = origin.only();
        String subject = null;
        if (request == null) {
            request = find(origin.token(view));
        }
        if (request != null) {
            subject = view.subjectLength() == request.replyTo.length() ? request.replyTo : view.subject();
        }
        if (request == null || subject == null || !request.onReply(view, subject, origin)) {
            lateReplies.add(1);
        }
    }

    /**
     * The request of a token. A subject that has none of ours was mapped on the way: the reply is for the one request that
     * waits, if there is only one (nats.go).
     */
    private @Nullable PendingReply<?> find(long token) {
        lock.lockSoon();
        try {
            if (token >= 0 && token >>> PLACE_BITS <= sequence) {
                PendingReply<?> request = at(place(token));
                return request != null && request.token == token ? request : null;
            }
            if (pending == 1) {
                for (int i = 0; i < used; i++) {
                    if (places[i] != null) {
                        return places[i];
                    }
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Runs on the executor what completes a future. */
    void complete(Runnable completion) {
        completions.add(completion);
    }

    /** On the event loop: sets the timer to the first deadline. */
    private void arm() {
        cancelTimer();
        long at;
        lock.lockSoon();
        try {
            at = closed ? NEVER : armedFor;
        } finally {
            lock.unlock();
        }
        if (at != NEVER) {
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
        long now = now();
        long next = NEVER;
        List<PendingReply<?>> due = new ArrayList<>();
        lock.lockSoon();
        try {
            for (int i = 0; i < used; i++) {
                PendingReply<?> request = places[i];
                if (deadlines[i] <= now && request != null) {
                    deadlines[i] = NEVER;
                    due.add(request);
                } else {
                    next = Math.min(next, deadlines[i]);
                }
            }
            armedFor = next == NEVER ? NEVER : Math.max(next, now + TICK_NANOS);
        } finally {
            lock.unlock();
        }
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
        lock.lock();
        try {
            if (inbox == failed) {
                inbox = null;
            }
        } finally {
            lock.unlock();
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
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        cancelTimer();
        completions.close();
        fail(request -> true, cause);
    }

    private void fail(Predicate<PendingReply<?>> which, Throwable cause) {
        List<PendingReply<?>> failed = new ArrayList<>();
        lock.lock();
        try {
            for (int i = 0; i < used; i++) {
                PendingReply<?> request = places[i];
                if (request != null && which.test(request)) {
                    failed.add(request);
                }
            }
        } finally {
            lock.unlock();
        }
        for (PendingReply<?> request : failed) {
            request.fail(cause);
        }
    }
}
