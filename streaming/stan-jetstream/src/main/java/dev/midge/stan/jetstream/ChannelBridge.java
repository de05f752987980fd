// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.jetstream;

import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamApiException;
import dev.midge.protocol.NatsException;
import dev.midge.stan.StanConnection;
import dev.midge.stan.StanException;
import dev.midge.stan.StanMessage;
import dev.midge.stan.StanServerException;
import dev.midge.stan.StanSubscribeOptions;
import dev.midge.stan.StanSubscription;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
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
 * that come is looked into, with one message in flight, as servers then deliver the next one that they have before all others:
 * what got lost on its way comes yet, and what the channel has dropped by its limits does not.
 */
public final class ChannelBridge implements AutoCloseable {
    /** Header: the channel that the message was in. */
    public static final String CHANNEL = "Stan-Channel";

    /** Header: its number in the channel. */
    public static final String SEQUENCE = "Stan-Sequence";

    /** Header: when the streaming server stored it. */
    public static final String TIMESTAMP = "Stan-Timestamp";

    private final StanConnection source;
    private final StreamSide stream;
    private final BridgeOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicLong copied = new AtomicLong();

    // Written with the lock held.
    private volatile Position position = Position.NOTHING;
    private @Nullable StanSubscription subscription;

    /** Which subscription it is; what comes for an earlier one is left. */
    private int round;

    /** Whether the next message is looked for, with one in flight. */
    private boolean looking;

    private ChannelBridge(StanConnection source, StreamSide stream, BridgeOptions options) {
        this.source = Objects.requireNonNull(source, "source");
        this.stream = stream;
        this.options = options;
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
        ChannelBridge bridge = new ChannelBridge(source, new StreamSide(target, options), options);
        bridge.lock.lock();
        try {
            bridge.position = bridge.stream.last();
            bridge.subscribe(true);
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
        return position.sequence();
    }

    /**
     * Completes when it is closed, and fails when it cannot go on: the stream refuses a message, the streaming connection has
     * ended, the channel began anew, or the executor runs tasks on an event loop, which must not wait (then with an
     * IllegalStateException). On the executor of the streaming connection's NATS connection, or whatever thread closes it.
     */
    public CompletableFuture<Void> done() {
        return done.copy();
    }

    /** Ends it: the message that is on its way may still be stored. Waits for the streaming server to forget the subscription. */
    @Override
    public void close() {
        stream.close();
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

    // With the lock held.

    /**
     * Has the server deliver. What is looked for begins with the message that was copied last, whose time says whether the channel
     * is the same.
     */
    private void subscribe(boolean look) {
        long last = position.sequence();
        StanSubscribeOptions.Builder from = options.start().toBuilder();
        if (last > 0) {
            from.startAtSequence(look ? last : last + 1);
        }
        if (look) {
            from.maxInFlight(1);
        }
        int mine = round + 1;
        StanSubscription started = source.subscribe(options.channel(), from.build(), message -> take(mine, message));
        round = mine;
        looking = look;
        subscription = started;
        var unused = started.ended().thenRun(() -> ended(mine));
    }

    /** As {@link #subscribe}, in place of the present subscription, until it is there. */
    private void subscribeAgain(boolean look) {
        StanSubscription former = Objects.requireNonNull(subscription, "subscription");
        for (int before = round; round == before && !stream.isClosing(); ) {
            try {
                subscribe(look);
            } catch (NatsException e) {
                if (e instanceof StanServerException || !former.isActive()) {
                    throw e;
                }
                stream.pause();
            }
        }
        if (subscription != former) {
            var unused = former.closeAsync();
        }
    }

    private void take(StanMessage message) {
        Position last = position;
        if (last.covers(message)) {
            if (message.timestamp().isAfter(last.time())) {
                fail(new StanException(
                        options.what() + ": the channel began anew, its message " + message.sequence()
                                + " is newer than message " + last.sequence() + " that was copied",
                        null));
            }
        } else if (!looking && message.sequence() > last.sequence() + 1) {
            subscribeAgain(true);
        } else if (stream.store(message)) {
            position = Position.of(message);
            copied.incrementAndGet();
            if (looking) {
                subscribeAgain(false);
            }
        }
    }

    private void fail(RuntimeException cause) {
        StanSubscription last = subscription;
        subscription = null;
        if (last != null) {
            var unused = last.closeAsync();
        }
        done.completeExceptionally(cause);
    }

    // On the executor, without the lock.

    /** One message at a time; when this has returned, the streaming server is told that it was handled. */
    private void take(int of, StanMessage message) {
        whilePresent(of, () -> take(message));
    }

    /** Somebody else has ended the subscription. */
    private void ended(int of) {
        whilePresent(of, () -> {
            throw new StanException(options.what() + ": the streaming connection has ended", null);
        });
    }

    private void whilePresent(int of, Runnable action) {
        lock.lock();
        try {
            if (of == round && subscription != null && !stream.isClosing()) {
                action.run();
            }
        } catch (RuntimeException e) { // such as that of an executor that runs tasks on the event loop
            fail(e);
        } finally {
            lock.unlock();
        }
    }
}
