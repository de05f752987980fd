// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.MessageView;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A request that waits for its reply. It completes on the executor, unless nobody but a waiting thread hangs on it. */
final class PendingRequest extends PendingReply<Message> implements Runnable {
    /** The event loop ends a request in time. A thread that waits does so itself if that loop is held up for so long. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Duration timeout;
    private final boolean awaited;

    /** The reply, or what it failed with; null if it timed out. */
    private @Nullable Object outcome;

    PendingRequest(Requests requests, String subject, Duration timeout, boolean awaited) {
        super(requests, subject);
        this.timeout = timeout;
        this.awaited = awaited;
    }

    @Override
    boolean onReply(MessageView view, String replySubject, NatsSubscription origin) {
        if (!release()) {
            return false;
        }
        end(Message.received(view, replySubject, origin));
        return true;
    }

    @Override
    void onDeadline() {
        if (release()) {
            end(null);
        }
    }

    @Override
    void fail(Throwable cause) {
        if (release()) {
            end(cause);
        }
    }

    private void end(@Nullable Object how) {
        outcome = how;
        if (awaited) {
            run();
        } else {
            requests().complete(this);
        }
    }

    @Override
    public void run() {
        Object how = outcome;
        if (how instanceof Message reply) {
            if (reply.isNoResponders()) {
                settleExceptionally(new NoRespondersException(subject()));
            } else {
                settle(reply);
            }
        } else if (how instanceof Throwable cause) {
            settleExceptionally(cause);
        } else {
            settleExceptionally(timedOut());
        }
    }

    private NatsTimeoutException timedOut() {
        return new NatsTimeoutException("no reply came to the request to " + subject() + " within " + timeout);
    }

    /** Waits for it, in the thread that made it. */
    Message await(long nanos) {
        try {
            return get(nanos + Math.min(PATIENCE_NANOS, Long.MAX_VALUE - nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            cancel(false);
            throw timedOut();
        } catch (InterruptedException e) {
            cancel(false);
            Thread.currentThread().interrupt();
            throw new NatsInterruptedException(
                    "request to " + subject() + ": interrupted while waiting for the reply", e);
        } catch (ExecutionException e) {
            throw Failures.rethrown(e.getCause());
        }
    }
}
