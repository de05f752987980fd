// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.OutboundBuffer;
import dev.midge.transport.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Ends subscriptions so that nothing is lost: the server is told, a PONG says that all it had sent is here, and what is
 * here is handled.
 */
final class Drains {
    private final Lifecycle lifecycle;
    private final Resources resources;
    private final OutboundBuffer outbound;
    private final Subscriptions subscriptions;
    private final Pongs pongs;

    /**
     * Of the event loop: subscriptions that nothing will come for any more, but that had something to be handled when that
     * was found out. What nobody holds on to nobody can consume, and it is not waited for.
     */
    private final Set<NatsSubscription> unhandled = Collections.newSetFromMap(new WeakHashMap<>());

    /** Of the event loop: what waits for the move to another server to be over. */
    private final List<Runnable> moved = new ArrayList<>();

    Drains(
            Lifecycle lifecycle,
            Resources resources,
            OutboundBuffer outbound,
            Subscriptions subscriptions,
            Pongs pongs) {
        this.lifecycle = lifecycle;
        this.resources = resources;
        this.outbound = outbound;
        this.subscriptions = subscriptions;
        this.pongs = pongs;
    }

    /** Completes wherever the last message is handled, or on the event loop; at once, if there is nothing to wait for. */
    CompletableFuture<DrainResult> drain(NatsSubscription subscription, Duration timeout) {
        SubscriptionDrain drain = subscription.beginDrain();
        if (subscription.deactivate()) {
            var unused = outbound.unsubscribe(subscription.sid(), 0);
            barrier(() -> lifecycle.end(subscription, null));
        }
        drain.check();
        CompletableFuture<DrainResult> result = new CompletableFuture<>();
        CompletableFuture<?> unused = drain.over().thenAccept(result::complete);
        within(timeout, result, () -> new DrainResult(false, drain.remaining(), true));
        if (lifecycle.status() == ConnectionStatus.CLOSED) { // it may have ended before it could see this
            drain.abandon();
        }
        return result;
    }

    /** What ends a future unless it completes in time. */
    interface Late {
        DrainResult result();
    }

    void within(Duration timeout, CompletableFuture<DrainResult> result, Late late) {
        if (result.isDone()) {
            return;
        }
        try {
            var timer = resources
                    .eventLoop()
                    .schedule(() -> result.complete(late.result()), Checks.nanos(timeout), TimeUnit.NANOSECONDS);
            CompletableFuture<?> unused = result.whenComplete((value, failure) -> timer.cancel(false));
        } catch (RejectedExecutionException e) {
            // the connection has ended, which ends the drain too
        }
    }

    /** Completes on the executor, for the users. */
    CompletableFuture<DrainResult> onExecutor(CompletableFuture<DrainResult> result) {
        CompletableFuture<DrainResult> shown = new CompletableFuture<>();
        CompletableFuture<?> unused = result.thenAccept(value -> resources.run(() -> shown.complete(value)));
        return shown;
    }

    /** On the event loop: begins to drain all that can have something to be handled, or get it. */
    List<SubscriptionDrain> drainAll() {
        List<NatsSubscription> all = all();
        all.removeIf(RequestInbox.class::isInstance); // requests in flight still get their replies
        List<NatsSubscription> told = new ArrayList<>();
        for (NatsSubscription subscription : all) {
            if (subscription.deactivate()) {
                var unused = outbound.unsubscribe(subscription.sid(), 0);
                told.add(subscription);
            }
        }
        List<SubscriptionDrain> drains =
                all.stream().map(NatsSubscription::beginDrain).toList();
        barrier(() -> told.forEach(subscription -> lifecycle.end(subscription, null)));
        drains.forEach(SubscriptionDrain::check);
        return drains;
    }

    /**
     * On the event loop: what the server sends for a subscription comes to another subject. A server that is to come is told of
     * that one alone.
     *
     * @param then runs on the event loop when all is here that came to the one before
     */
    void move(NatsSubscription subscription, String subject, Runnable then) {
        subscription.move(subject);
        if (subscription.isActive()) {
            var unused = outbound.unsubscribe(subscription.sid(), 0);
            unused = outbound.subscribe(subject, subscription.queue(), subscription.sid());
        }
        barrier(then);
    }

    /** Runs something on the event loop when all is here that the server sent before it processed what it was told so far. */
    private void barrier(Runnable then) {
        CompletableFuture<Duration> pong = new CompletableFuture<>();
        if (pongs.ping(pong, Runnable::run) == Outcome.ACCEPTED) {
            // It fails when the server is lost: then nothing is to come either.
            CompletableFuture<?> unused = pong.whenComplete((rtt, failure) -> lifecycle.onLoop(then));
        } else {
            lifecycle.onLoop(() -> {
                if (lifecycle.isMoving()) {
                    moved.add(then);
                } else {
                    then.run();
                }
            });
        }
    }

    /** On the event loop: another server has the connection now, and there is none besides. */
    void serverChanged() {
        List<Runnable> actions = List.copyOf(moved);
        moved.clear();
        actions.forEach(Runnable::run);
    }

    /** On the event loop: nothing will come for a subscription any more. */
    void ended(NatsSubscription subscription) {
        if (!subscription.isDrained()) {
            unhandled.add(subscription);
        }
    }

    /** On the event loop: all that may have something to be handled. */
    List<NatsSubscription> all() {
        List<NatsSubscription> all = new ArrayList<>(unhandled);
        all.removeIf(NatsSubscription::isDrained);
        subscriptions.forEach(all::add);
        return all;
    }
}
