// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.MessageView;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What all subscriptions are: identity, auto-unsubscribe and the end. */
abstract class NatsSubscription implements Subscription {
    private final NatsConnection connection;
    private volatile String subject;
    private final @Nullable String queue;
    private final long sid;
    private final AtomicBoolean active = new AtomicBoolean(true);
    private final Intake intake = new Intake();
    private final Departures departures = new Departures();
    private final AtomicReference<@Nullable SubscriptionDrain> drain = new AtomicReference<>();

    /** After how many messages it ends; 0 if by none. */
    private volatile long maxMessages;

    /** How many messages had come when the present server was told of it: that one counts from there. */
    private volatile long receivedBefore;

    /** Of the event loop. */
    private boolean onLaterServer;

    NatsSubscription(NatsConnection connection, String subject, @Nullable String queue, long sid, long maxMessages) {
        this.connection = connection;
        this.subject = subject;
        this.queue = queue;
        this.sid = sid;
        this.maxMessages = maxMessages;
    }

    @Override
    public final String subject() {
        return subject;
    }

    @Override
    public final @Nullable String queue() {
        return queue;
    }

    @Override
    public final long sid() {
        return sid;
    }

    @Override
    public final boolean isActive() {
        return active.get();
    }

    @Override
    public final long deliveredMessages() {
        return departures.delivered();
    }

    @Override
    public final void unsubscribe() {
        if (active.compareAndSet(true, false)) {
            withdraw();
        }
        abandonDrain();
        discardPending(); // there may be something even if it has ended
        finish(null);
    }

    @Override
    public final void unsubscribeAfter(long messages) {
        Checks.positive("messages", messages);
        if (active.get()) {
            maxMessages = messages;
            connection.unsubscribe(this, messages, Math.max(0, messages - receivedBefore));
            discardSurplus();
        }
    }

    @Override
    public final DrainResult drain(Duration timeout) {
        Checks.positive("timeout", timeout);
        return connection.awaitDrain(() -> connection.drains().drain(this, timeout), "drain of " + this);
    }

    @Override
    public final CompletableFuture<DrainResult> drainAsync(Duration timeout) {
        Checks.positive("timeout", timeout);
        Drains drains = connection.drains();
        return drains.onExecutor(drains.drain(this, timeout));
    }

    /** The server is to send nothing more; false if it was told so already. */
    final boolean deactivate() {
        return active.compareAndSet(true, false);
    }

    /** The one drain there is. */
    final SubscriptionDrain beginDrain() {
        SubscriptionDrain begun = drain.get();
        if (begun == null) {
            SubscriptionDrain fresh = new SubscriptionDrain(this);
            begun = drain.compareAndExchange(null, fresh);
            begun = begun == null ? fresh : begun;
        }
        return begun;
    }

    /** The user wants nothing more of what may come. */
    void withdraw() {
        connection.unsubscribe(this, 0, 0);
    }

    /** Something was handled, or nothing will come any more. */
    void checkDrained() {
        SubscriptionDrain begun = drain.get();
        if (begun != null) {
            begun.check();
        }
    }

    /** What remains is not going to be handled, or nobody is to wait for it. */
    final void abandonDrain() {
        SubscriptionDrain begun = drain.get();
        if (begun != null) {
            begun.abandon();
        }
    }

    final NatsConnection connection() {
        return connection;
    }

    final Intake intake() {
        return intake;
    }

    final Departures departures() {
        return departures;
    }

    final long maxMessages() {
        return maxMessages;
    }

    /** On the event loop: whether as many messages came as were asked for. */
    final boolean isSatisfied() {
        long max = maxMessages;
        return max > 0 && intake.receivedMessages() >= max;
    }

    /**
     * On the event loop: another server is told of it.
     *
     * @return after how many messages from there on it ends; 0 if by none
     */
    final long resubscribed() {
        onLaterServer = true;
        receivedBefore = intake.receivedMessages();
        long max = maxMessages;
        return max == 0 ? 0 : Math.max(1, max - receivedBefore);
    }

    /** On the event loop: whether it has moved, so that its server may have another idea of when it ends. */
    final boolean isOnLaterServer() {
        return onLaterServer;
    }

    /** On the event loop: it is of another subject from now on. */
    final void move(String to) {
        subject = to;
    }

    /** On the event loop: a message came for it. */
    final void onMessage(MessageView view) {
        if (!isSatisfied()) {
            intake.received();
            accept(view);
        }
    }

    /** As the other, by the only consumer there ever is. */
    final boolean claimDeliveryAlone() {
        if (maxMessages > 0) {
            return claimDelivery();
        }
        departures.deliveredOneMore();
        return true;
    }

    /** Counts a message as handed to the user; false if it is one too many. By any number of threads at once. */
    final boolean claimDelivery() {
        boolean claimed;
        long before;
        do {
            before = departures.delivered();
            claimed = maxMessages == 0 || before < maxMessages;
        } while (claimed && !departures.deliveredOneMoreThan(before));
        discardSurplus();
        return claimed;
    }

    /** What came beyond the last message asked for is nobody's. */
    private void discardSurplus() {
        long max = maxMessages;
        if (max > 0 && departures.delivered() >= max) {
            discardPending();
        }
    }

    /** On the event loop: nothing will come any more; what is pending is still consumed. */
    final void end(@Nullable Throwable cause) {
        active.set(false);
        flushBatch();
        finish(cause);
    }

    /** On the event loop: takes a message. */
    abstract void accept(MessageView view);

    /** On the event loop: hands over what it took. */
    abstract void flushBatch();

    /** Whether nothing will come any more, and all that came was handled. */
    abstract boolean isDrained();

    /** How many messages came and were not handled. */
    abstract long remainingMessages();

    /** Drops what is pending, as the user wants no more. */
    abstract void discardPending();

    /** Drops what is pending, and counts it, as the connection was closed. */
    abstract void dropPending();

    /** Nothing will be added any more. */
    abstract void finish(@Nullable Throwable cause);

    @Override
    public String toString() {
        return "Subscription " + sid + " of " + subject + (queue == null ? "" : " in queue " + queue);
    }
}
