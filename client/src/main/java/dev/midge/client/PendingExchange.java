// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.internal.Exchange;
import dev.midge.client.internal.ExchangeOwner;
import dev.midge.protocol.Headers;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.NatsException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A request of a module built on the client, which decides what ends it. */
final class PendingExchange<T> extends PendingReply<T> implements Exchange<T>, Runnable {
    private final ExchangeOwner<T> owner;
    private final boolean awaited;

    private @Nullable T value;
    private @Nullable Throwable failure;

    PendingExchange(Requests requests, String subject, ExchangeOwner<T> owner, boolean awaited) {
        super(requests, subject);
        this.owner = owner;
        this.awaited = awaited;
    }

    /** Sends it for the first time; then it has been released if that throws. */
    void start(@Nullable Headers headers, byte[] data, long nanos, long maxWaitNanos) {
        try {
            requests().send(this, headers, data, nanos, maxWaitNanos);
        } catch (RuntimeException | Error e) {
            if (token() == 0) {
                owner.released(); // it never had a place
            }
            throw e;
        }
    }

    @Override
    boolean onReply(MessageView view, String replySubject, NatsSubscription origin) {
        return owner.onReply(this, view);
    }

    @Override
    void onDeadline() {
        owner.onDeadline(this);
    }

    @Override
    void fail(Throwable cause) {
        owner.onFailure(this, cause, wasGiven());
    }

    @Override
    void released() {
        owner.released();
    }

    @Override
    boolean failsOnDisconnect(boolean byOption) {
        return true;
    }

    @Override
    NatsException timedOut() {
        return owner.timedOut();
    }

    @Override
    public CompletableFuture<T> future() {
        return this;
    }

    @Override
    public void end(T result) {
        value = result;
        end();
    }

    @Override
    public void endExceptionally(Throwable cause) {
        failure = cause;
        end();
    }

    private void end() {
        if (awaited) {
            run();
        } else {
            requests().complete(this);
        }
    }

    @Override
    public void run() {
        T result = value;
        if (result != null) {
            settle(result);
        } else {
            settleExceptionally(Objects.requireNonNull(failure));
        }
    }

    @Override
    public void setDeadline(long nanos) {
        requests().setDeadline(this, nanos);
    }

    @Override
    public void send(@Nullable Headers headers, byte[] data, long maxWaitNanos) {
        requests().sendAgain(this, headers, data, maxWaitNanos);
    }
}
