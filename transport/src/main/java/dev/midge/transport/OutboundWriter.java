// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loop's side of an {@link OutboundBuffer}: writes a batch of chunks in one gathering write, and the next one
 * when the socket has taken all of it. Meanwhile the buffer packs what is published, so that a socket that takes
 * nothing holds one batch and no more, and a cut leaves no frame half in a batch. All on the event loop, but
 * {@link #wake}.
 */
final class OutboundWriter implements Chunk.Owner {
    /**
     * The most that is given to the channel at once, but for a chunk that is larger alone. More costs no less, and keeps
     * the event loop from other connections for longer.
     */
    static final int BATCH = 256 << 10;

    /** Chunks that were of use so long ago, in nanoseconds, are given back when the buffer is next found empty. */
    private static final long SPARES_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Who has held back what was published for one or two such times, in nanoseconds, is held up. */
    static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /**
     * Behind a batch of {@linkplain WakeUp#MANY many} messages the next one is taken so many nanoseconds later, or when {@link
     * WakeUp#GATHERED} bytes have come, or something urgent: threads that publish one message behind the other would wake this
     * one again and again for a few, and lose the processor to it each time.
     */
    static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final OutboundBuffer buffer;
    private final EventLoop eventLoop;
    private final Runnable woken = this::drainAfterTurn;
    private final Runnable drain = this::drain;
    private final Runnable gathered = this::gathered;
    private final Runnable watch = this::watchHolders;
    private final List<Chunk> batch = new ArrayList<>();
    private @Nullable Channel channel;

    /** Nothing in the pipeline changes bytes on their way out. */
    private boolean asIs;

    /** What the present channel failed with, or the last one. */
    private @Nullable Throwable failure;

    private boolean reading;
    private boolean draining;
    private int chunksInFlight;

    /** When to look what has gathered. */
    private long gatheredAt;

    /** There is a timer for that, or for an earlier one. */
    private boolean gathering;

    /** When there was last more than one chunk; 0 for long ago. */
    private long sparesNeeded;

    /** Whoever wants the channel for something else, once it has written what it was given. */
    private @Nullable Runnable released;

    /** Why there is no channel any more, until the last chunk that it was given has failed and all is reported. */
    private @Nullable Throwable lost;

    OutboundWriter(OutboundBuffer buffer, EventLoop eventLoop) {
        this.buffer = buffer;
        this.eventLoop = eventLoop;
    }

    /**
     * Frames have come into a buffer whose draining was not due. Any thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the event loop has been shut down
     */
    void wake() {
        if (!eventLoop.inEventLoop()) {
            eventLoop.execute(woken);
        } else if (!reading) {
            drainAfterTurn();
        }
    }

    /** What the last channel was given and has not failed yet holds this one up: it is reported before more is written. */
    void attach(Channel channel) {
        assert eventLoop.inEventLoop();
        if (this.channel != null) {
            throw new IllegalStateException("the buffer still has a channel: " + this.channel);
        }
        this.channel = channel;
        failure = null;
        asIs = true;
        for (ChannelHandler handler : channel.pipeline().toMap().values()) {
            asIs &= !(handler instanceof ChannelOutboundHandler);
        }
        drain();
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    void detach(Throwable cause) {
        assert eventLoop.inEventLoop();
        channel = null;
        released = null;
        lost = cause;
        reportLoss();
    }

    void release(Runnable written) {
        assert eventLoop.inEventLoop();
        channel = null;
        if (chunksInFlight > 0) {
            released = written;
        } else {
            written.run();
        }
    }

    void readStarted() {
        reading = true;
    }

    void readComplete() {
        reading = false;
        if (buffer.queuedBytes() > 0) {
            drain();
        }
    }

    /** Looks who holds back what is published, again and again as long as that happens. */
    void watchHolders() {
        if (buffer.watchHolders()) {
            Future<?> unused = eventLoop.schedule(watch, WATCH_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Once in a turn of the event loop, behind its tasks: all tasks of the turn share a write, and a publisher that
     * keeps up with the socket cannot keep the event loop from reading, as it could with one task behind the other.
     */
    private void drainAfterTurn() {
        if (eventLoop instanceof SingleThreadEventLoop loop) {
            loop.executeAfterEventLoopIteration(drain);
        } else {
            eventLoop.execute(drain);
        }
    }

    /** Gives the channel a batch, unless it cannot take one now: then it is called again when that has changed. */
    void drain() {
        assert eventLoop.inEventLoop();
        Channel target = channel;
        if (draining || chunksInFlight > 0 || target == null || !target.isActive()) {
            return;
        }
        boolean more = buffer.take(BATCH, batch);
        if (batch.isEmpty()) {
            return;
        }
        draining = true;
        chunksInFlight = batch.size();
        if (more || batch.size() > 1) {
            sparesNeeded = eventLoop.ticker().nanoTime() | 1;
        }
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).writeTo(target, asIs, this);
        }
        batch.clear();
        target.flush();
        draining = false;
        if (chunksInFlight == 0) {
            if (more) {
                eventLoop.execute(woken);
            } else if (buffer.gathers()) {
                gather();
            }
        }
    }

    private void gather() {
        gatheredAt = eventLoop.ticker().nanoTime() + GATHER_NANOS;
        if (!gathering) {
            gathering = true;
            Future<?> unused = eventLoop.schedule(gathered, GATHER_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void gathered() {
        long left = gatheredAt - eventLoop.ticker().nanoTime();
        gathering = left > 0;
        if (gathering) {
            Future<?> unused = eventLoop.schedule(gathered, left, TimeUnit.NANOSECONDS);
        } else {
            drain();
        }
    }

    @Override
    public void completed(Chunk chunk, @Nullable Throwable cause) {
        chunksInFlight--;
        boolean ofThisChannel = failure == null && lost == null;
        if (ofThisChannel && cause instanceof IOException && !(cause instanceof ClosedChannelException)) {
            failure = cause;
        }
        if (cause != null) {
            released = null; // the loss of the channel is going to be told
        }
        buffer.completed(chunk, cause);
        if (chunksInFlight > 0) {
            return;
        }
        Runnable whenWritten = released;
        reportLoss();
        if (whenWritten != null) {
            released = null;
            whenWritten.run();
        } else if (buffer.queuedBytes() == 0) {
            releaseSpares();
            if (!draining && buffer.gathers()) {
                gather();
            }
        } else if (!draining) {
            drain();
        }
    }

    private void releaseSpares() {
        if (sparesNeeded != 0 && eventLoop.ticker().nanoTime() - sparesNeeded > SPARES_NANOS) {
            sparesNeeded = 0;
            buffer.releaseSpares();
        }
    }

    private void reportLoss() {
        Throwable cause = lost;
        if (cause != null && chunksInFlight == 0) {
            lost = null;
            buffer.report(cause);
        }
    }
}
