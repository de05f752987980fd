// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.MessageView;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request that waits for its reply. It completes on the executor, unless nobody but a waiting thread hangs on it. */
final class PendingRequest extends PendingReply<Message> implements Runnable {
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

    @Override
    NatsTimeoutException timedOut() {
        return new NatsTimeoutException("no reply came to the request to " + subject() + " within " + timeout);
    }
}
