// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** A subscriber that keeps what it is told, and demands nothing by itself. */
class Collecting implements Flow.Subscriber<Message> {
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> completed = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription given) {
        threads.add(Thread.currentThread());
        subscription.complete(given);
    }

    @Override
    public void onNext(Message message) {
        threads.add(Thread.currentThread());
        texts.add(message.text());
    }

    @Override
    public void onError(Throwable cause) {
        threads.add(Thread.currentThread());
        completed.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
        threads.add(Thread.currentThread());
        completed.complete(null);
    }

    Flow.Subscription subscription() throws Exception {
        return subscription.get(30, TimeUnit.SECONDS);
    }

    /** What it was given so far. */
    List<String> texts() {
        return List.copyOf(texts);
    }

    /** The threads that it was called on. */
    List<Thread> threads() {
        return List.copyOf(threads);
    }

    /** Waits for so many messages; fails if there are more. */
    void await(int count) {
        Eventually.isTrue(() -> count + " messages, but there were " + texts, () -> texts.size() >= count);
        if (texts.size() > count) {
            throw new AssertionError(count + " messages were expected, but there were " + texts);
        }
    }

    /** Completes with onComplete, or fails with onError. */
    CompletableFuture<Void> completed() {
        return completed;
    }
}
