// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.MessageView;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits, and at the same time the future of what it waits for: it has a place in {@link Requests} until
 * it is {@linkplain #release released}, by whoever ends it.
 */
abstract class PendingReply<T> extends CompletableFuture<T> implements LongConsumer {
    private final Requests requests;
    private final String subject;

    /** Its sequence number and its place. Guarded by the lock of {@link Requests}. */
    long token;

    /** Where the replies come; set before the request can be answered. */
    String replyTo = "";

    /** The subscription for this request alone, if it has one. */
    @Nullable
    RequestInbox inbox;

    /** Which of the messages in the outbound buffer it is; 0 if it is not there yet. */
    private long number;

    PendingReply(Requests requests, String subject) {
        this.requests = requests;
        this.subject = subject;
    }

    final Requests requests() {
        return requests;
    }

    final String subject() {
        return subject;
    }

    /** The outbound buffer has taken it. */
    @Override
    public final void accept(long numberOfMessage) {
        number = numberOfMessage;
    }

    final boolean isQueued() {
        return number > 0;
    }

    /** On the event loop, while the outbound buffer is suspended: whether a server was given it. */
    final boolean isAmong(long messages) {
        return number > 0 && number <= messages;
    }

    /** Gives up its place; false if it has none any more. From any thread. */
    final boolean release() {
        boolean had = requests.remove(this);
        RequestInbox own = inbox;
        if (had && own != null && !own.isSatisfied()) {
            own.unsubscribe();
        }
        return had;
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
        release();
        return completed;
    }

    @Override
    public boolean completeExceptionally(Throwable cause) {
        boolean completed = super.completeExceptionally(cause);
        release();
        return completed;
    }

    @Override
    public boolean cancel(boolean ignored) {
        boolean cancelled = super.cancel(ignored);
        release();
        return cancelled;
    }

    /** Completes it, which has no place any more. */
    final void settle(T value) {
        super.complete(value);
    }

    final void settleExceptionally(Throwable cause) {
        super.completeExceptionally(cause);
    }
}
