// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.Info;
import dev.midge.protocol.Subjects;
import dev.midge.transport.OutboundBuffer;
import dev.midge.transport.OutboundCounts;
import dev.midge.transport.Outcome;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The connection as its users see it. The work is done by its collaborators, each for a concern of its own. */
final class NatsConnection implements Connection {
    private final Options options;
    private final Resources resources;
    private final Events events;
    private final OutboundBuffer outbound;
    private final Publishing publishing;
    private final Requests requests;
    private final Subscriptions subscriptions = new Subscriptions();
    private final RoundTrips roundTrips;
    private final Inbound inbound;
    private final Lifecycle lifecycle;
    private final Drains drains;
    private final ConnectionDrain drain;
    private final DirectConnection direct;
    private final AtomicLong dropped = new AtomicLong();

    NatsConnection(Options options, Resources resources) {
        this.options = options;
        this.resources = resources;
        events = new Events(options, resources::run);
        outbound = new OutboundBuffer(
                resources.eventLoop(),
                ByteBufAllocator.DEFAULT,
                resources.executor(),
                options.outboundLimit(),
                (messages, bytes, cause) -> emit(new ConnectionEvent.MessagesDiscarded(messages, bytes, cause)));
        Pongs pongs = new Pongs(outbound);
        lifecycle = new Lifecycle(this, options, resources, outbound, subscriptions, pongs);
        roundTrips = new RoundTrips(this, lifecycle, pongs);
        drains = new Drains(lifecycle, resources, outbound, subscriptions, pongs);
        drain = new ConnectionDrain(this, lifecycle, drains, outbound, pongs);
        publishing = new Publishing(options, outbound, lifecycle::closedException, lifecycle::disconnectedException);
        requests = new Requests(this, resources, outbound, publishing);
        inbound = new Inbound(lifecycle, subscriptions, requests, this::emit);
        direct = new DirectApi(this, resources, publishing);
    }

    @Override
    public void publish(String subject, String text) {
        publish(subject, Objects.requireNonNull(text, "text").getBytes(UTF_8));
    }

    @Override
    public void publish(String subject, byte[] data) {
        publishing.publish(subject, Objects.requireNonNull(data, "data"), 0, data.length);
    }

    @Override
    public void publish(String subject, byte[] data, int offset, int length) {
        publishing.publish(subject, data, offset, length);
    }

    @Override
    public void publish(String subject, ByteBuffer data) {
        Objects.requireNonNull(data, "data");
        if (data.hasArray()) {
            publishing.publish(subject, data.array(), data.arrayOffset() + data.position(), data.remaining());
        } else {
            byte[] copy = new byte[data.remaining()];
            data.get(data.position(), copy);
            publishing.publish(subject, copy, 0, copy.length);
        }
    }

    @Override
    public void publish(Message message) {
        publishing.publish(message);
    }

    @Override
    public boolean tryPublish(String subject, byte[] data) {
        return tryPublish(message(subject, data));
    }

    @Override
    public boolean tryPublish(Message message) {
        return publishing.tryPublish(message);
    }

    @Override
    public CompletableFuture<Void> publishAsync(String subject, byte[] data) {
        return publishAsync(message(subject, data));
    }

    @Override
    public CompletableFuture<Void> publishAsync(Message message) {
        return publishing.publishAsync(message);
    }

    private static Message message(String subject, byte[] data) {
        return new Message(subject, null, null, Objects.requireNonNull(data, "data"), null);
    }

    @Override
    public Subscription subscribe(String subject) {
        return subscribe(subject, SubscribeOptions.DEFAULTS);
    }

    @Override
    public Subscription subscribe(String subject, SubscribeOptions subscribeOptions) {
        return subscribe(subject, subscribeOptions, null, null);
    }

    @Override
    public Subscription subscribe(String subject, MessageHandler handler) {
        return subscribe(subject, SubscribeOptions.DEFAULTS, handler);
    }

    @Override
    public Subscription subscribe(String subject, SubscribeOptions subscribeOptions, MessageHandler handler) {
        return subscribe(subject, subscribeOptions, null, Objects.requireNonNull(handler, "handler"));
    }

    Subscription subscribe(
            String subject,
            SubscribeOptions subscribeOptions,
            @Nullable DirectFilter filter,
            @Nullable MessageHandler handler) {
        checkSubscribe(subject, subscribeOptions);
        return started(
                new QueuedSubscription(this, subject, subscribeOptions, subscriptions.nextSid(), filter, handler));
    }

    Subscription subscribeDirect(String subject, SubscribeOptions subscribeOptions, DirectHandler handler) {
        checkSubscribe(subject, subscribeOptions);
        Objects.requireNonNull(handler, "handler");
        return started(new DirectSubscription(
                this,
                subject,
                subscribeOptions.queue(),
                subscriptions.nextSid(),
                subscribeOptions.maxMessages(),
                handler));
    }

    @Override
    public Message request(String subject, String text, Duration timeout) {
        return request(subject, Objects.requireNonNull(text, "text").getBytes(UTF_8), timeout);
    }

    @Override
    public Message request(String subject, byte[] data, Duration timeout) {
        return requests.request(subject, null, Objects.requireNonNull(data, "data"), timeout);
    }

    @Override
    public Message request(Message message, Duration timeout) {
        return requests.request(message.subject(), message.headersOrNull(), message.data(), timeout);
    }

    @Override
    public CompletableFuture<Message> requestAsync(String subject, String text, Duration timeout) {
        return requestAsync(subject, Objects.requireNonNull(text, "text").getBytes(UTF_8), timeout);
    }

    @Override
    public CompletableFuture<Message> requestAsync(String subject, byte[] data, Duration timeout) {
        return requests.requestAsync(subject, null, Objects.requireNonNull(data, "data"), timeout);
    }

    @Override
    public CompletableFuture<Message> requestAsync(Message message, Duration timeout) {
        return requests.requestAsync(message.subject(), message.headersOrNull(), message.data(), timeout);
    }

    @Override
    public Responses requestMany(String subject, byte[] data, RequestManyOptions how) {
        return requestMany(message(subject, data), how);
    }

    @Override
    public Responses requestMany(Message message, RequestManyOptions how) {
        return requests.requestMany(message, Objects.requireNonNull(how, "options"), null);
    }

    @Override
    public Responses requestMany(Message message, RequestManyOptions how, MessageHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return requests.requestMany(message, Objects.requireNonNull(how, "options"), handler);
    }

    private void checkSubscribe(String subject, SubscribeOptions subscribeOptions) {
        Objects.requireNonNull(subscribeOptions, "options");
        Subjects.checkSubscribe(subject, options.subjectValidation());
        String queue = subscribeOptions.queue();
        if (queue != null) {
            Subjects.checkQueue(queue, options.subjectValidation());
        }
        publishing.checkLine("subject and queue group", subject, queue);
    }

    /** Makes the subscription known to the event loop before the server can answer its SUB. */
    private Subscription started(NatsSubscription subscription) {
        checkTakesSubscriptions(subscription);
        register(subscription);
        if (drain.hasBegun()) {
            subscription.unsubscribe(); // the drain may have come too early to find it
            checkTakesSubscriptions(subscription);
        }
        return subscription;
    }

    long nextSid() {
        return subscriptions.nextSid();
    }

    /** Subscribes, in a connection that is being drained too. */
    void register(NatsSubscription subscription) {
        subscriptions.add(subscription);
        if (outbound.subscribe(subscription.subject(), subscription.queue(), subscription.sid()) == Outcome.CLOSED) {
            throw lifecycle.closedException();
        }
        if (subscription.maxMessages() > 0) {
            outbound.unsubscribe(subscription.sid(), subscription.maxMessages());
        }
    }

    private void checkTakesSubscriptions(NatsSubscription subscription) {
        if (drain.hasBegun()) {
            throw new ConnectionClosedException(
                    "cannot subscribe to " + subscription.subject() + ": the connection to " + server() + " is "
                            + status(),
                    null);
        }
    }

    @Override
    public DirectConnection direct() {
        return direct;
    }

    @Override
    public void flush(Duration timeout) {
        roundTrips.await(timeout, "flush");
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        return roundTrips.start(resources::run).thenApply(rtt -> null);
    }

    @Override
    public Duration rtt(Duration timeout) {
        return roundTrips.await(timeout, "rtt");
    }

    @Override
    public ConnectionStatus status() {
        return lifecycle.status();
    }

    @Override
    public Info serverInfo() {
        return lifecycle.info();
    }

    @Override
    public String server() {
        return lifecycle.server();
    }

    @Override
    public @Nullable Long clientId() {
        long id = serverInfo().clientId();
        return id == 0 ? null : id;
    }

    @Override
    public @Nullable String clientIp() {
        return serverInfo().clientIp();
    }

    @Override
    public Statistics statistics() {
        OutboundCounts out = outbound.counts();
        return new Statistics(
                inbound.messages(),
                lifecycle.bytesReceived(),
                dropped.get(),
                inbound.unmatched(),
                requests.lateReplies(),
                out.acceptedMessages(),
                out.writtenMessages(),
                out.queuedMessages(),
                out.discardedMessages(),
                out.acceptedBytes(),
                out.writtenBytes(),
                out.queuedBytes(),
                out.discardedBytes(),
                lifecycle.reconnects());
    }

    @Override
    public long pendingBytes() {
        return outbound.queuedBytes();
    }

    @Override
    public long pendingMessages() {
        return outbound.queuedMessages();
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public void addListener(ConnectionListener listener) {
        events.listeners().add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void removeListener(ConnectionListener listener) {
        if (listener != options.listener()) {
            events.listeners().remove(listener);
        }
    }

    @Override
    public DrainResult drain(Duration timeout) {
        Checks.positive("timeout", timeout);
        return awaitDrain(() -> drain.drain(timeout), "drain");
    }

    @Override
    public CompletableFuture<DrainResult> drainAsync(Duration timeout) {
        Checks.positive("timeout", timeout);
        return drains.onExecutor(drain.drain(timeout));
    }

    /** Starts a drain and waits for it, which is bounded by its timeout. */
    DrainResult awaitDrain(Supplier<CompletableFuture<DrainResult>> start, String what) {
        checkMayBlock(what);
        try {
            return start.get().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NatsInterruptedException(what + ": interrupted while waiting; it goes on", e);
        } catch (ExecutionException e) {
            throw Failures.rethrown(e.getCause());
        }
    }

    @Override
    public void close() {
        lifecycle.close();
        if (!LoopThreads.isLoop(resources.eventLoop())) {
            lifecycle.closing().await();
        }
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        lifecycle.close();
        return lifecycle.closing().endedOnExecutor();
    }

    @Override
    public String toString() {
        return "Connection to " + server() + ", " + status();
    }

    @Override
    public List<ServerState> servers() {
        return lifecycle.servers();
    }

    @Override
    public void setServers(String... urls) {
        lifecycle.setServers(ServerUrls.parse(urls));
    }

    @Override
    public void forceReconnect() {
        lifecycle.forceReconnect();
    }

    Executor executor() {
        return resources.executor();
    }

    Inbound inbound() {
        return inbound;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    Drains drains() {
        return drains;
    }

    boolean isDraining() {
        return drain.hasBegun();
    }

    /** On the event loop: a server has the connection, perhaps another one. */
    void serverChanged() {
        drains.serverChanged();
        drain.serverChanged();
    }

    Requests requests() {
        return requests;
    }

    Publishing publishing() {
        return publishing;
    }

    void checkMayBlock(String what) {
        LoopThreads.checkMayBlock(resources.eventLoop(), what);
        outbound.letGo(); // whoever waits holds nothing back
    }

    void emit(ConnectionEvent event) {
        events.emit(event);
    }

    void handlerFailed(NatsSubscription subscription, @Nullable Message message, Throwable cause) {
        emit(new ConnectionEvent.HandlerFailed(subscription, message, cause));
    }

    void dropped(long messages) {
        dropped.addAndGet(messages);
    }

    void needsFlush(QueuedSubscription subscription) {
        subscriptions.needsFlush(subscription);
    }

    /**
     * Tells the server of an end: at once with a max of 0, else after so many messages.
     *
     * @param left how many of these the present server has to send; 0 if none
     */
    void unsubscribe(NatsSubscription subscription, long max, long left) {
        outbound.unsubscribe(subscription.sid(), left);
        lifecycle.onLoop(() -> {
            if (max == 0) {
                subscriptions.remove(subscription);
                lifecycle.resumeReading(subscription); // it may have begun to pause just now
            } else if (subscription.isSatisfied()) { // by what is asked for now: messages may have come before this
                lifecycle.end(subscription, null);
            }
        });
    }
}
