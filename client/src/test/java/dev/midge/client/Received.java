// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** A subscriber that demands so many messages, and keeps what it is told. */
class Received implements Flow.Subscriber<Message> {
    private final long demand;
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Throwable> end = new CompletableFuture<>();

    Received(long demand) {
        this.demand = demand;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(demand);
        subscribed.countDown();
    }

    @Override
    public void onNext(Message message) {
        texts.add(message.text());
    }

    @Override
    public void onError(Throwable cause) {
        end.complete(cause);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }

    void awaitSubscribed() throws InterruptedException {
        Eventually.isDown(subscribed, "onSubscribe");
    }

    /** Waits for the end; null if it came without an error. */
    Throwable awaitEnd() throws Exception {
        return end.get(Session.LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** The messages so far, in order. */
    List<String> texts() {
        return List.copyOf(texts);
    }
}
