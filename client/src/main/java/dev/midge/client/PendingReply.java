// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.MessageView;
import dev.midge.protocol.NatsException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits, and at the same time the future of what it waits for: it has a place in {@link Requests} until
 * it is {@linkplain #release released}, by whoever ends it.
 */
abstract class PendingReply<T> extends CompletableFuture<T> implements LongConsumer, PendingIndex.Entry {
    /** The event loop ends a request in time. A thread that waits does so itself if that loop is held up for so long. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Requests requests;
    private final String subject;

    private long token;

    /** Where the replies come; set before the request can be answered. */
    String replyTo = "";

    /** The subscription for this request alone, if it has one. */
    @Nullable
    RequestInbox inbox;

    /** Which of the messages in the outbound buffer it is; 0 if it is not there yet. */
    private long number;

    /** The thread that waits for it, once it does. */
    private volatile @Nullable Thread waiter;

    PendingReply(Requests requests, String subject) {
        this.requests = requests;
        this.subject = subject;
    }

    @Override
    public final long token() {
        return token;
    }

    @Override
    public final void token(long given) {
        token = given;
    }

    final Requests requests() {
        return requests;
    }

    final String subject() {
        return subject;
    }

    /** The outbound buffer has taken it, perhaps once more. */
    @Override
    public final void accept(long numberOfMessage) {
        number = numberOfMessage;
    }

    /** The same. */
    public final long number() {
        return number;
    }

    final boolean isQueued() {
        return number > 0;
    }

    /** On the event loop, while the outbound buffer is suspended: whether a server was given it. */
    final boolean isAmong(long messages) {
        return number > 0 && number <= messages;
    }

    /** On the event loop, and anywhere if it is not queued: whether a server was given it, as far as it was sent. */
    final boolean wasGiven() {
        return number > 0 && isAmong(requests.given());
    }

    /** Whether it fails when a server that was given it is lost; else it waits on. */
    boolean failsOnDisconnect(boolean byOption) {
        return byOption;
    }

    /** Gives up its place; false if it has none any more. From any thread. */
    public final boolean release() {
        if (!requests.remove(this)) {
            return false;
        }
        RequestInbox own = inbox;
        if (own != null && !own.isSatisfied()) {
            own.unsubscribe();
        }
        released();
        return true;
    }

    /** It has given up its place. From any thread. */
    void released() {}

    /** What a thread gets that waits for it for too long. */
    NatsException timedOut() {
        return new NatsTimeoutException("no reply came to the request to " + subject + " in time");
    }

    /** Waits for it, in the thread that made it. */
    final T await(long nanos) {
        long patience = nanos + Math.min(PATIENCE_NANOS, Long.MAX_VALUE - nanos);
        try {
            if (Thread.currentThread() instanceof ForkJoinWorkerThread) {
                return get(patience, TimeUnit.NANOSECONDS); // its pool may add a thread meanwhile
            }
            park(patience);
            return get();
        } catch (TimeoutException e) {
            cancel(false);
            throw timedOut();
        } catch (InterruptedException e) {
            cancel(false);
            Thread.currentThread().interrupt();
            throw new NatsInterruptedException(
                    "request to " + subject + ": interrupted while waiting for the reply", e);
        } catch (ExecutionException e) {
            throw Failures.rethrown(e.getCause());
        }
    }

    /** No other thread waits, so none of what {@link #get(long, TimeUnit)} makes for each that does is needed. */
    private void park(long nanos) throws InterruptedException, TimeoutException {
        long begun = System.nanoTime();
        waiter = Thread.currentThread();
        while (!isDone()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long left = nanos - (System.nanoTime() - begun);
            if (left <= 0) {
                throw new TimeoutException();
            }
            LockSupport.parkNanos(this, left);
        }
    }

    /** It is done. */
    private void wake() {
        Thread thread = waiter;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * On the event loop: a reply came.
     *
     * @param origin the subscription that it came for
     * @param replySubject its subject
     * @return false if that was too late
     */
    abstract boolean onReply(MessageView view, String replySubject, NatsSubscription origin);

    /** On the event loop: its time may be over. */
    abstract void onDeadline();

    /** From any thread: no reply can come any more. */
    abstract void fail(Throwable cause);

    // Whoever completes the future himself wants no reply any more.

    @Override
    public boolean complete(T value) {
        boolean completed = super.complete(value);
        wake();
        release();
        return completed;
    }

    @Override
    public boolean completeExceptionally(Throwable cause) {
        boolean completed = super.completeExceptionally(cause);
        wake();
        release();
        return completed;
    }

    @Override
    public boolean cancel(boolean ignored) {
        boolean cancelled = super.cancel(ignored);
        wake();
        release();
        return cancelled;
    }

    /** Completes it, which has no place any more. */
    final void settle(T value) {
        super.complete(value);
        wake();
    }

    final void settleExceptionally(Throwable cause) {
        super.completeExceptionally(cause);
        wake();
    }
}
