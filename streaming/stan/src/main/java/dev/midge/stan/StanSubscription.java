// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.NatsTimeoutException;
import dev.midge.client.SubscribeOptions;
import dev.midge.client.Subscription;
import dev.midge.stan.pb.Ack;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Interest in a channel. Made by {@code subscribe} of a {@link StanConnection}; thread-safe. Its handler is called for one message
 * at a time, in the order of the channel but for what is delivered again. It ends when it is closed or unsubscribed, or with its
 * connection; messages that have come by then and were not handled are delivered again, to a durable or another member of its
 * queue group.
 */
public final class StanSubscription implements AutoCloseable {
    private final Lifecycle lifecycle;
    private final String subject;
    private final StanSubscribeOptions options;
    private final FeedRequests requests;
    private final Subscription deliveries;
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();

    StanSubscription(Lifecycle lifecycle, String subject, StanSubscribeOptions options, StanMessageHandler handler) {
        this.lifecycle = lifecycle;
        this.subject = subject;
        this.options = options;
        String inboxes = lifecycle.nats().newInbox() + '.';
        requests = new FeedRequests(lifecycle, subject, options, inboxes);
        SubscribeOptions.Builder how =
                SubscribeOptions.builder().pendingLimits(Long.MAX_VALUE, Long.MAX_VALUE); // maxInFlight is the limit
        if (options.executor() != null) {
            how.executor(options.executor());
        }
        deliveries = lifecycle
                .nats()
                .connection()
                .subscribe(
                        inboxes + '*',
                        how.build(),
                        new Receiver(this, requests, lifecycle.nats().reports(), handler));
    }

    /** The channel. */
    public String subject() {
        return subject;
    }

    /** The options it was made with. */
    public StanSubscribeOptions options() {
        return options;
    }

    /** Whether it has not ended; it may be without a session at the moment. */
    public boolean isActive() {
        return !end.isDone();
    }

    /**
     * Completes when it has ended, and never fails: it was closed or unsubscribed, its connection has ended, or the server refused
     * it when the session was established again. On the executor of the NATS connection.
     */
    public CompletableFuture<Void> ended() {
        return users(end);
    }

    /** How many messages its handler was given, or is about to be. */
    public long deliveredMessages() {
        return deliveries.deliveredMessages();
    }

    /** How many messages have come and wait for the handler. */
    public long pendingMessages() {
        return deliveries.pendingMessages();
    }

    /**
     * Ends it, and has the server forget a durable: who subscribes with the same name begins anew. The same as {@link #close} if
     * it is none; of a durable queue group the last member has it forgotten. Waits for the server for at most {@link
     * StanOptions#connectTimeout}, not for a handler that is running. Does nothing if it has ended.
     *
     * @throws NatsTimeoutException if the server did not answer in time: it may have been done
     * @throws StanServerException if the server refuses
     * @throws StanClosedException if it is a durable and the session is lost: it has ended, and the server remembers it
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted; it has ended
     * @throws IllegalStateException on an event loop
     */
    public void unsubscribe() {
        lifecycle.nats().checkMayBlock("unsubscribe");
        Waiting.await(leave(true), "unsubscribe from channel " + subject);
    }

    /** As {@link #unsubscribe}, without waiting: the future completes on the executor of the NATS connection. */
    public CompletableFuture<Void> unsubscribeAsync() {
        return users(leave(true));
    }

    /**
     * Ends it; the server remembers a durable, which goes on where it was when it is subscribed again. Otherwise as {@link
     * #unsubscribe}.
     *
     * @throws StanException if the server is older than 0.4, and knows nothing of this
     */
    @Override
    public void close() {
        lifecycle.nats().checkMayBlock("close");
        Waiting.await(leave(false), "close the subscription to channel " + subject);
    }

    /** As {@link #close}, without waiting: the future completes on the executor of the NATS connection. */
    public CompletableFuture<Void> closeAsync() {
        return users(leave(false));
    }

    private CompletableFuture<Void> users(CompletableFuture<Boolean> done) {
        return Waiting.onExecutor(done, lifecycle.nats().executor()).thenApply(any -> null);
    }

    // On the event loop.

    /** Has the server deliver it, in a session. */
    CompletableFuture<Feed> open(Session session) {
        return requests.open(session);
    }

    /** Has another session deliver it. Never fails: what the server refuses ends it. */
    CompletableFuture<Boolean> reopen(Session session) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        reopen(session, done);
        return done;
    }

    private void reopen(Session session, CompletableFuture<Boolean> done) {
        if (!isActive() || lifecycle.session() != session) {
            done.complete(false);
            return;
        }
        var unused = open(session).whenComplete((opened, failure) -> {
            if (failure == null) {
                done.complete(true);
            } else if (failure instanceof StanServerException) {
                lifecycle.subscriptions().remove(this);
                end();
                lifecycle.nats().reports().emit(new StanEvent.SubscriptionLost(this, failure));
                done.complete(false);
            } else if (lifecycle
                            .nats()
                            .schedule(
                                    () -> reopen(session, done),
                                    TimeUnit.NANOSECONDS.convert(
                                            lifecycle.nats().options().reestablishWait()))
                    == null) {
                done.complete(false);
            }
        });
    }

    /** Nothing is delivered any more. */
    void end() {
        end.complete(true);
        deliveries.unsubscribe();
    }

    /** From any thread. */
    private CompletableFuture<Boolean> leave(boolean forget) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        lifecycle.nats().onLoop(() -> leave(forget, done));
        return done;
    }

    private void leave(boolean forget, CompletableFuture<Boolean> done) {
        if (!isActive()) {
            done.complete(false);
            return;
        }
        end();
        lifecycle.subscriptions().remove(this);
        Feed last = requests.present();
        if (last == null || lifecycle.session() != last.session()) {
            if (forget && options.durable() != null) {
                done.completeExceptionally(lifecycle.closedException("unsubscribe from channel " + subject
                        + " as durable " + options.durable() + ", which the server remembers"));
            } else {
                done.complete(false);
            }
            return;
        }
        var subjects = last.session().subjects();
        String to = forget ? subjects.getUnsubRequests() : subjects.getSubCloseRequests();
        if (to.isEmpty()) {
            done.completeExceptionally(new StanException(
                    "cannot close the subscription to channel " + subject + ": the server is too old for it", null));
            return;
        }
        var unused =
                requests.end(to, last.ackInbox()).whenComplete((yes, failure) -> Waiting.settle(done, true, failure));
    }

    /** From any thread. */
    void ack(Feed of, StanMessage message) {
        if (!isActive() || lifecycle.session() != of.session()) {
            throw new StanClosedException(
                    "cannot ack " + message + ": the " + (isActive() ? "session" : "subscription") + " has ended",
                    null);
        }
        byte[] ack = Ack.newInstance()
                .setSubject(message.subject())
                .setSequence(message.sequence())
                .toByteArray();
        lifecycle.nats().connection().publish(of.ackInbox(), ack);
    }

    @Override
    public String toString() {
        return "subscription to channel " + subject + (isActive() ? "" : ", ended");
    }
}
