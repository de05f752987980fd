// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.jetstream;

import dev.midge.client.Message;
import dev.midge.client.PayloadTooLargeException;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamApiException;
import dev.midge.jetstream.MessageQuery;
import dev.midge.jetstream.PublishOptions;
import dev.midge.jetstream.StoredMessage;
import dev.midge.protocol.NatsException;
import dev.midge.stan.StanConnection;
import dev.midge.stan.StanException;
import dev.midge.stan.StanMessage;
import dev.midge.stan.StanSubscribeOptions;
import dev.midge.stan.StanSubscription;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Copies a channel of NATS Streaming into a stream of JetStream: each message once, in order, until it is closed.
 *
 * <pre>{@code
 * try (ChannelBridge bridge = ChannelBridge.start(sc, js, BridgeOptions.builder("orders", "ORDERS").build())) {
 *     bridge.done().join();
 * }
 * }</pre>
 *
 * A message has the id {@code <channel>:<sequence>} there, and the headers {@value #CHANNEL}, {@value #SEQUENCE} and {@value
 * #TIMESTAMP} (ISO-8601, when the streaming server stored it). How far the copy came is what the stream has last on the subject:
 * a bridge that is started again goes on behind that, whatever happened to the one before. One message is on its way at a time,
 * on a thread of the executor, so that there is never one without those before it.
 *
 * <p>Messages that JetStream does not take because no server is there are published again until it does. A gap in the numbers
 * that come (their delivery was lost) is asked for again; a gap that stays (the channel has dropped them by its limits) is not.
 */
public final class ChannelBridge implements AutoCloseable {
    /** Header: the channel that the message was in. */
    public static final String CHANNEL = "Stan-Channel";

    /** Header: its number in the channel. */
    public static final String SEQUENCE = "Stan-Sequence";

    /** Header: when the streaming server stored it. */
    public static final String TIMESTAMP = "Stan-Timestamp";

    private static final int NOT_FOUND = 10037;

    private final StanConnection source;
    private final JetStream target;
    private final BridgeOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicLong copied = new AtomicLong();

    // Written with the lock held.
    private volatile long last;
    private Instant lastTime = Instant.MIN;
    private int round;
    private boolean begun;
    private @Nullable StanSubscription subscription;

    private ChannelBridge(StanConnection source, JetStream target, BridgeOptions options) {
        this.source = Objects.requireNonNull(source, "source");
        this.target = Objects.requireNonNull(target, "target");
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Starts to copy. Blocks while it asks both servers where it is.
     *
     * @param source with the channel; stays open
     * @param target with the stream, on a connection of any server; stays open
     * @throws JetStreamApiException if there is no such stream, for instance
     * @throws StanException if the last message on the subject is not of this channel; or if the streaming server refuses
     * @throws NatsException what {@link StanConnection#subscribe} and {@link dev.midge.jetstream.Stream#message} throw otherwise
     * @throws IllegalArgumentException if the channel, the stream or the subject is not allowed
     */
    public static ChannelBridge start(StanConnection source, JetStream target, BridgeOptions options) {
        ChannelBridge bridge = new ChannelBridge(source, target, options);
        bridge.lock.lock();
        try {
            bridge.last = bridge.lastCopied();
            bridge.subscribe();
        } finally {
            bridge.lock.unlock();
        }
        return bridge;
    }

    /** How many messages it has copied since it was started. */
    public long copied() {
        return copied.get();
    }

    /** The number in the channel of the message that was copied last, by this or an earlier bridge; 0 if there is none. */
    public long lastSequence() {
        return last;
    }

    /**
     * Completes when it is closed, and fails when it cannot go on: the stream refuses a message, the streaming connection was
     * lost, or the channel began anew. On the executor of the streaming connection's NATS connection, or whatever thread closes it.
     */
    public CompletableFuture<Void> done() {
        return done.copy();
    }

    /** Ends it: the message that is on its way may still be stored. Waits for the streaming server to forget the subscription. */
    @Override
    public void close() {
        closing.countDown();
        StanSubscription ended;
        lock.lock(); // behind the message that is on its way
        try {
            ended = subscription;
            subscription = null;
        } finally {
            lock.unlock();
        }
        try {
            if (ended != null) {
                ended.close();
            }
        } finally {
            done.complete(null);
        }
    }

    private long lastCopied() {
        StoredMessage stored;
        try {
            stored = target.stream(options.stream()).message(MessageQuery.last(options.subject()));
        } catch (JetStreamApiException e) {
            if (e.errCode() == NOT_FOUND) {
                return 0;
            }
            throw e;
        }
        String sequence = stored.headers().get(SEQUENCE);
        if (sequence == null || !options.channel().equals(stored.headers().get(CHANNEL))) {
            throw new StanException(
                    what() + ": the last message of subject " + options.subject() + ", " + stored.sequence()
                            + ", is not of this channel, so it cannot be told how far the copy came",
                    null);
        }
        lastTime = Instant.parse(Objects.requireNonNullElse(stored.headers().get(TIMESTAMP), "1970-01-01T00:00:00Z"));
        return Long.parseLong(sequence);
    }

    private String what() {
        return "cannot copy channel " + options.channel() + " to stream " + options.stream();
    }

    /** With the lock held: has the server deliver from behind the last one on. */
    private void subscribe() {
        round++;
        int mine = round;
        begun = false;
        StanSubscribeOptions from = last == 0
                ? options.start()
                : options.start().toBuilder().startAtSequence(last + 1).build();
        subscription = source.subscribe(options.channel(), from, message -> take(mine, message));
    }

    /** One message at a time; when this has returned, the streaming server is told that it was handled. */
    private void take(int of, StanMessage message) {
        lock.lock();
        try {
            if (of == round && subscription != null && !isClosing() && !done.isDone()) {
                take(message);
            }
        } catch (NatsException e) {
            fail(e);
        } finally {
            lock.unlock();
        }
    }

    private void take(StanMessage message) {
        if (last > 0 && message.sequence() <= last) {
            if (message.timestamp().isAfter(lastTime)) {
                fail(new StanException(
                        what() + ": the channel began anew, its message " + message.sequence()
                                + " is newer than message " + last + " that was copied",
                        null));
            }
        } else if (begun && message.sequence() > last + 1) {
            resubscribe(); // those between may be delivered yet
        } else {
            begun = true;
            if (store(message)) {
                last = message.sequence();
                lastTime = message.timestamp();
                copied.incrementAndGet();
            }
        }
    }

    private void resubscribe() {
        StanSubscription former = subscription;
        if (former != null) {
            former.close();
        }
        subscribe();
    }

    /** Publishes it until it is stored; false if this ends before. */
    private boolean store(StanMessage message) {
        Message copy = Message.to(options.subject())
                .header(CHANNEL, options.channel())
                .header(SEQUENCE, String.valueOf(message.sequence()))
                .header(TIMESTAMP, message.timestamp().toString())
                .data(message.data())
                .build();
        PublishOptions once = PublishOptions.builder()
                .messageId(options.channel() + ':' + message.sequence())
                .expectedStream(options.stream())
                .build();
        while (!isClosing()) {
            try {
                target.publish(copy, once);
                return true;
            } catch (JetStreamApiException | PayloadTooLargeException e) {
                throw e; // it will say the same again
            } catch (NatsException e) {
                pause();
            }
        }
        return false;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void pause() {
        try {
            boolean unused = closing.await(options.retryWait().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
    }

    private void fail(NatsException cause) {
        done.completeExceptionally(cause);
    }
}
