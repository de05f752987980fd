// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.client.Connection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A connection to a cluster of NATS Streaming servers. Made by {@link Stan}; thread-safe, to be shared by all of an application:
 * a client id is of one connection at a time.
 *
 * <p>It has no thread of its own. What blocks says so, and throws IllegalStateException on an event loop. Channel names are
 * subjects without wildcards.
 *
 * <p>Source: stan.go 0.10.4 and nats-streaming-server 0.25.6.
 */
public final class StanConnection implements AutoCloseable {
    private final Lifecycle lifecycle;

    StanConnection(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** The options it was made with. */
    public StanOptions options() {
        return lifecycle.nats().options();
    }

    /** The NATS connection under it. */
    public Connection connection() {
        return lifecycle.nats().connection();
    }

    /** Whether there is a session with the server, as far as is known. */
    public boolean isActive() {
        return lifecycle.session() != null;
    }

    /** Publishes text as UTF-8; see {@link #publish(String, byte[])}. */
    public String publish(String subject, String text) {
        return publish(subject, Objects.requireNonNull(text, "text").getBytes(UTF_8));
    }

    /**
     * Publishes to a channel, and waits until the server has stored the message, for at most {@link StanOptions#ackTimeout}. When
     * {@link StanOptions#maxPubAcksInFlight} acks are outstanding it first waits for one of them, for as long again, or fails, as
     * {@link StanOptions#publishOverflow} says.
     *
     * @return the guid of the message
     * @throws StanPublishException if the server refuses it, nobody takes it, or no ack came: whether the message {@linkplain
     *     StanPublishException#isOutcomeUnknown may have been stored} it says
     * @throws StanWindowFullException if as many acks stayed outstanding; nothing was sent
     * @throws StanClosedException if there is no session; nothing was sent
     * @throws dev.midge.client.PayloadTooLargeException if it is too large for the NATS server; nothing was sent
     * @throws IllegalArgumentException if the channel is not allowed: it has wildcards, is empty, and so on
     * @throws IllegalStateException on an event loop
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted: it may be stored
     */
    public String publish(String subject, byte[] data) {
        return lifecycle.publisher().publish(subject, Objects.requireNonNull(data, "data"));
    }

    /** Publishes text as UTF-8, without waiting; see {@link #publishAsync(String, byte[])}. */
    public CompletableFuture<String> publishAsync(String subject, String text) {
        return publishAsync(subject, Objects.requireNonNull(text, "text").getBytes(UTF_8));
    }

    /**
     * As {@link #publish(String, byte[])}, without waiting for the ack: the future completes with the guid on the executor of
     * the NATS connection, and fails with what the other throws. It waits for a place among the outstanding acks, unless {@link
     * PublishOverflow#FAIL} says otherwise, or on an event loop. Messages of one thread are sent in the order of its calls. The
     * array is free again when it returns. Who cancels the future wants no ack; the message may be stored.
     *
     * <p>Only what is wrong with the message itself is thrown, and NatsInterruptedException if the thread is interrupted while it
     * waits for a place; then nothing was sent.
     */
    public CompletableFuture<String> publishAsync(String subject, byte[] data) {
        return lifecycle.publisher().publishAsync(subject, Objects.requireNonNull(data, "data"));
    }

    /** How many acks of publishes are outstanding at this moment. */
    public int pendingAcks() {
        return lifecycle.publisher().pending();
    }

    /** How many of those and of the settled ones are kept for their deadlines. */
    int timedAcks() {
        return lifecycle.publisher().timed();
    }

    /** Subscribes to new messages; see {@link #subscribe(String, StanSubscribeOptions, StanMessageHandler)}. */
    public StanSubscription subscribe(String subject, StanMessageHandler handler) {
        return subscribe(subject, StanSubscribeOptions.DEFAULTS, handler);
    }

    /**
     * Subscribes to a channel, and waits until the server has it, for at most {@link StanOptions#connectTimeout}. The handler may
     * be called before this returns.
     *
     * @throws StanServerException if the server refuses: {@link StanError#DUPLICATE_DURABLE} for instance
     * @throws dev.midge.client.NatsTimeoutException if it does not answer in time; it is told to forget the subscription
     * @throws StanClosedException if there is no session
     * @throws IllegalArgumentException if the channel is not allowed
     * @throws IllegalStateException on an event loop
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted; the subscription may be there until the
     *     connection ends
     */
    public StanSubscription subscribe(String subject, StanSubscribeOptions options, StanMessageHandler handler) {
        lifecycle.nats().checkMayBlock("subscribe");
        return Waiting.await(open(subject, options, handler), "subscribe to channel " + subject);
    }

    /**
     * As {@link #subscribe(String, StanSubscribeOptions, StanMessageHandler)}, without waiting: the future completes on the
     * executor of the NATS connection, and fails with what the other throws; only what is wrong with the arguments is thrown.
     */
    public CompletableFuture<StanSubscription> subscribeAsync(
            String subject, StanSubscribeOptions options, StanMessageHandler handler) {
        return Waiting.onExecutor(
                open(subject, options, handler), lifecycle.nats().executor());
    }

    private CompletableFuture<StanSubscription> open(
            String subject, StanSubscribeOptions options, StanMessageHandler handler) {
        Rules.channel(subject);
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(handler, "handler");
        CompletableFuture<StanSubscription> opened = new CompletableFuture<>();
        lifecycle.nats().onLoop(() -> {
            try {
                open(new StanSubscription(lifecycle, subject, options, handler), opened);
            } catch (RuntimeException e) {
                opened.completeExceptionally(e);
            }
        });
        return opened;
    }

    private void open(StanSubscription subscription, CompletableFuture<StanSubscription> opened) {
        String what = "subscribe to channel " + subscription.subject();
        Session session = lifecycle.session();
        if (session == null) {
            subscription.end();
            opened.completeExceptionally(lifecycle.closedException(what));
            return;
        }
        var unused = subscription.open(session).whenComplete((feed, failure) -> {
            if (failure == null && lifecycle.session() == session) {
                lifecycle.subscriptions().add(subscription);
                opened.complete(subscription);
            } else {
                subscription.end();
                opened.completeExceptionally(failure == null ? lifecycle.closedException(what) : failure);
            }
        });
    }

    /**
     * Ends it: outstanding publishes fail, their outcome unknown; subscriptions end; the server is told, for at most {@link
     * StanOptions#connectTimeout}; and the NATS connection is closed if it was made for this one. Durables are remembered. Waits
     * for all that, but not for handlers that are running; on an event loop it starts it and returns. What goes wrong with
     * telling the server is part of {@link StanEvent.Closed}. Does nothing more if called again.
     */
    @Override
    public void close() {
        CompletableFuture<Boolean> closed = lifecycle.close();
        if (lifecycle.nats().exchanges().mayBlock()) {
            Waiting.await(closed, "close client " + options().clientId());
        }
    }

    /** As {@link #close}, without waiting: the future completes on the executor of the NATS connection, and never fails. */
    public CompletableFuture<Void> closeAsync() {
        return Waiting.onExecutor(lifecycle.close(), lifecycle.nats().executor())
                .thenApply(any -> null);
    }

    @Override
    public String toString() {
        return "client " + options().clientId() + " of cluster " + options().clusterId() + " on " + connection();
    }
}
