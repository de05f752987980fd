// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.DrainResult;
import dev.midge.client.Message;
import dev.midge.client.Subscription;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Messages that go to a handler until it is stopped. Made by {@code consume} of a consumer; thread-safe. It outlives the
 * loss of servers and leaders, and ends by itself only when it was told to, or when going on would be in vain.
 */
public final class Consumption implements AutoCloseable {
    private final CompletableFuture<ConsumeEnd> ended = new CompletableFuture<>();
    private final JetStreamHandler handler;
    private final AckSender acks;
    private final Engine engine;
    private final Subscription subscription;

    /** Of the handler's thread. */
    private long left;

    private Consumption(Engine engine, AckSender acks, JetStreamHandler handler) {
        this.engine = engine;
        this.acks = acks;
        this.handler = handler;
        left = engine.wanted();
        engine.onEnd(this::complete);
        subscription = engine.open(this::onMessage);
    }

    static Consumption start(Engine engine, AckSender acks, JetStreamHandler handler) {
        return new Consumption(engine, acks, handler);
    }

    private void onMessage(Message message) throws Exception {
        if (Arrivals.isStatus(message)) {
            engine.passed(message);
            return;
        }
        if (left == 0) {
            return;
        }
        left--;
        try {
            handler.onMessage(acks.message(message));
        } finally {
            if (left == 0) {
                engine.stop(ConsumeEnd.COMPLETE);
            } else {
                engine.handled(message);
            }
        }
    }

    private void complete() {
        ConsumeEnd how = engine.end();
        ended.complete(how == null ? ConsumeEnd.STOPPED : how);
    }

    /** Whether messages may still come. */
    public boolean isActive() {
        return engine.end() == null;
    }

    /** How many messages have come and wait for the handler. */
    public long pendingMessages() {
        return subscription.pendingMessages();
    }

    /**
     * Completes at the end, on the connection's executor, behind the handler of the last message where that takes less than 5 s. It
     * never fails: {@link #failure} tells more about an end that nobody wanted.
     */
    public CompletionStage<ConsumeEnd> ended() {
        return ended.minimalCompletionStage();
    }

    /** More about an end that nobody wanted; null as long as there was none, or if it was wanted. */
    public @Nullable JetStreamException failure() {
        return engine.failure();
    }

    /**
     * Ends it at once: nothing more is asked for, and what has come and waits for the handler is dropped: it will be delivered
     * again, to whoever asks, when its ack wait is over. Does not wait for a handler that is running.
     */
    public void stop() {
        subscription.unsubscribe();
        engine.stop(ConsumeEnd.STOPPED);
    }

    /**
     * Ends it in order: nothing more is asked for, and what has come is handled; see {@link Subscription#drain}. In its own
     * handler it would wait for itself: use {@link #drainAsync} there.
     *
     * @throws IllegalArgumentException if the timeout is not above 0
     * @throws IllegalStateException on an event loop
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted; the drain goes on
     */
    public DrainResult drain(Duration timeout) {
        engine.stop(ConsumeEnd.STOPPED);
        return subscription.drain(timeout);
    }

    /** As {@link #drain}, without waiting. */
    public CompletableFuture<DrainResult> drainAsync(Duration timeout) {
        engine.stop(ConsumeEnd.STOPPED);
        return subscription.drainAsync(timeout);
    }

    /** As {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    @Override
    public String toString() {
        return engine.what();
    }
}
