// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.internal.ExchangeOwner;
import dev.midge.client.internal.Exchanges;
import dev.midge.protocol.Headers;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** The direct side of a connection, and the side of the modules built on it. */
record DirectApi(NatsConnection connection, Resources resources, Publishing publishing)
        implements DirectConnection, Exchanges {
    @Override
    public Subscription subscribe(String subject, DirectHandler handler) {
        return subscribe(subject, SubscribeOptions.DEFAULTS, handler);
    }

    @Override
    public Subscription subscribe(String subject, SubscribeOptions options, DirectHandler handler) {
        return connection.subscribeDirect(subject, options, handler);
    }

    @Override
    public Subscription subscribe(
            String subject, SubscribeOptions options, DirectFilter filter, @Nullable MessageHandler handler) {
        return connection.subscribe(subject, options, Objects.requireNonNull(filter, "filter"), handler);
    }

    @Override
    public ScheduledExecutorService eventLoop() {
        return resources.eventLoop();
    }

    @Override
    public Executor executor() {
        return resources::run;
    }

    @Override
    public void publish(String subject, ByteBuf payload) {
        publishing.publish(subject, null, payload);
    }

    @Override
    public void publish(String subject, @Nullable String replyTo, ByteBuf payload) {
        publishing.publish(subject, replyTo, payload);
    }

    @Override
    public boolean tryPublish(String subject, @Nullable String replyTo, ByteBuf payload) {
        return publishing.tryPublish(subject, replyTo, payload);
    }

    @Override
    public <T> T exchange(ExchangeOwner<T> owner, String subject, @Nullable Headers headers, byte[] data, long nanos) {
        PendingExchange<T> exchange = new PendingExchange<>(connection.requests(), subject, owner, true);
        exchange.start(headers, data, nanos, nanos);
        return exchange.await(nanos);
    }

    @Override
    public <T> CompletableFuture<T> exchangeAsync(
            ExchangeOwner<T> owner, String subject, @Nullable Headers headers, byte[] data, long nanos) {
        PendingExchange<T> exchange = new PendingExchange<>(connection.requests(), subject, owner, false);
        exchange.start(headers, data, nanos, 0);
        return exchange;
    }

    @Override
    public byte @Nullable [] replyTo(Message message) {
        return message.replyBytes();
    }

    @Override
    public void answer(byte[] replyTo, byte[] data) {
        publishing.publish(replyTo, data);
    }

    @Override
    public void move(Subscription subscription, String subject, Runnable then) {
        connection.drains().move((NatsSubscription) subscription, subject, then);
    }

    @Override
    public boolean mayBlock() {
        return !LoopThreads.isLoop(resources.eventLoop());
    }

    @Override
    public long now() {
        return connection.requests().now();
    }

    @Override
    public void execute(Runnable task) {
        resources.run(task);
    }

    @Override
    public void complete(Runnable completion) {
        connection.requests().completions().add(completion);
    }

    @Override
    public void behindReads(Runnable task) {
        connection.requests().completions().behindReads(task);
    }
}
