// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has to send. Any thread encodes its frame, under a short lock, straight into the current chunk;
 * the first frame in an empty buffer wakes the event loop, which takes whole chunks and writes them in one gathering
 * write. There is no object, task or timer for a frame, and a lone frame leaves at once.
 *
 * <p>One limit, in bytes, holds for all that has not been handed to the socket. Control frames (SUB, UNSUB, PING, PONG)
 * are counted but never refused. A frame is written whole, still queued, or reported to the {@link OutboundListener}:
 * {@link #counts()} adds up at any moment.
 */
public final class OutboundBuffer {
    /** The first chunk of a quiet connection: it has this one and no other. */
    static final int SMALL_CHUNK = 8 << 10;

    /** What a chunk holds while there is traffic: many frames for one system call, still in the second-level cache. */
    static final int CHUNK = 64 << 10;

    /** A payload in a ByteBuf is written by reference from this size on: below, copying costs less than a chunk more. */
    static final int BY_REFERENCE = 16 << 10;

    /** The rest of a chunk behind a payload by reference is used if it has at least this much. */
    private static final int MIN_REST = 512;

    /** "\r\n" as a big-endian short. */
    private static final int CRLF = '\r' << 8 | '\n';

    private static final byte[] NO_HEADERS = {};

    private final EventLoop eventLoop;
    private final ByteBufAllocator allocator;
    private final Executor executor;
    private final OutboundListener listener;
    private final long limit;
    private final Runnable drain = this::drain;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock, but for reading what the ledger says is queued.
    private final Condition spaceFreed = lock.newCondition();
    private final FrameEncoder encoder = new FrameEncoder();
    private final ArrayDeque<Chunk> full = new ArrayDeque<>();
    private final ArrayDeque<Chunk> spares = new ArrayDeque<>();
    private @Nullable Chunk current;
    private int threadsWaiting;
    private boolean drainScheduled;
    private @Nullable Throwable refusal;

    private final Ledger ledger = new Ledger();

    // Of the event loop.
    private final List<Chunk> taken = new ArrayList<>();
    private @Nullable Channel channel;
    private boolean reading;
    private int chunksInFlight;

    /**
     * An empty buffer that accepts frames and keeps them until a channel is {@linkplain #attach attached}.
     *
     * @param eventLoop the loop of the connection
     * @param allocator gives the chunks
     * @param executor where futures complete, off the event loop
     * @param limit the most bytes to hold; a single larger frame is accepted by an empty buffer
     * @param listener is told what will not be written
     */
    public OutboundBuffer(
            EventLoop eventLoop, ByteBufAllocator allocator, Executor executor, long limit, OutboundListener listener) {
        this.eventLoop = eventLoop;
        this.allocator = allocator;
        this.executor = executor;
        this.limit = limit;
        this.listener = listener;
    }

    /**
     * Takes a message whose payload is in an array, which is free again when this returns.
     *
     * @param headers the encoded header block, or null for PUB
     * @param maxWaitNanos how long to wait for space; not waited at all on the event loop
     * @param handed completed on the executor when the frame has been handed to the socket, or failed; may be null
     * @throws InterruptedException if interrupted while waiting for space; nothing was taken
     */
    public Outcome publish(
            String subject,
            @Nullable String replyTo,
            byte @Nullable [] headers,
            byte[] payload,
            int offset,
            int length,
            long maxWaitNanos,
            @Nullable CompletableFuture<Void> handed)
            throws InterruptedException {
        lock.lock();
        try {
            int headerLength = headers == null ? 0 : headers.length;
            int line = messageLine(subject, replyTo, headers, length);
            long frame = (long) line + headerLength + length + 2;
            if (refusal != null || isOverLimit(frame)) {
                Outcome outcome = awaitSpace(frame, maxWaitNanos);
                if (outcome != Outcome.ACCEPTED) {
                    return outcome;
                }
                line = messageLine(subject, replyTo, headers, length); // another thread may have used the encoder
            }
            Chunk chunk = chunkFor(frame);
            if (headers == null) {
                encoder.writeLineAndPayload(chunk.buffer, line, payload, offset, length);
            } else {
                chunk.buffer
                        .writeBytes(encoder.line(), 0, line)
                        .writeBytes(headers)
                        .writeBytes(payload, offset, length)
                        .writeShort(CRLF);
            }
            accepted(chunk, frame, handed);
        } finally {
            lock.unlock();
        }
        return Outcome.ACCEPTED;
    }

    /**
     * As the other, with the payload between the indices of a buffer, which are left as they are. From 16 KiB on the
     * payload is written by reference: it is retained until then and must not be changed.
     */
    public Outcome publish(
            String subject,
            @Nullable String replyTo,
            byte @Nullable [] headers,
            ByteBuf payload,
            long maxWaitNanos,
            @Nullable CompletableFuture<Void> handed)
            throws InterruptedException {
        int length = payload.readableBytes();
        lock.lock();
        try {
            byte[] block = headers == null ? NO_HEADERS : headers;
            int line = messageLine(subject, replyTo, headers, length);
            long frame = (long) line + block.length + length + 2;
            if (refusal != null || isOverLimit(frame)) {
                Outcome outcome = awaitSpace(frame, maxWaitNanos);
                if (outcome != Outcome.ACCEPTED) {
                    return outcome;
                }
                line = messageLine(subject, replyTo, headers, length);
            }
            boolean byReference = length >= BY_REFERENCE;
            Chunk chunk = chunkFor(byReference ? line + block.length : frame);
            chunk.buffer.writeBytes(encoder.line(), 0, line).writeBytes(block);
            if (byReference) {
                chunk = insert(payload.retainedSlice(), chunk);
            } else {
                chunk.buffer.writeBytes(payload, payload.readerIndex(), length);
            }
            chunk.buffer.writeShort(CRLF);
            accepted(chunk, frame, handed);
        } finally {
            lock.unlock();
        }
        return Outcome.ACCEPTED;
    }

    /** {@code SUB}: never refused but by a closed buffer. */
    public Outcome subscribe(String subject, @Nullable String queue, long sid) {
        lock.lock();
        try {
            return control(encoder.subLine(subject, queue, sid));
        } finally {
            lock.unlock();
        }
    }

    /** {@code UNSUB}, with a max above 0 after so many messages: never refused but by a closed buffer. */
    public Outcome unsubscribe(long sid, long max) {
        lock.lock();
        try {
            return control(encoder.unsubLine(sid, max));
        } finally {
            lock.unlock();
        }
    }

    /** {@code PING}: never refused but by a closed buffer. */
    public Outcome ping() {
        lock.lock();
        try {
            return control(encoder.pingLine());
        } finally {
            lock.unlock();
        }
    }

    /** {@code PONG}: never refused but by a closed buffer. */
    public Outcome pong() {
        lock.lock();
        try {
            return control(encoder.pongLine());
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes are not handed to the socket yet; exact, and takes no lock. */
    public long queuedBytes() {
        return ledger.queuedBytes();
    }

    /** How many messages are not handed to the socket yet; exact, and takes no lock. */
    public long queuedMessages() {
        return ledger.queuedMessages();
    }

    /** The most bytes this buffer holds. */
    public long limit() {
        return limit;
    }

    /** All counts at one moment. */
    public OutboundCounts counts() {
        lock.lock();
        try {
            return ledger.counts();
        } finally {
            lock.unlock();
        }
    }

    /** From now on writes to this channel, whose handshake is over. On the event loop only. */
    public void attach(Channel channel) {
        assert eventLoop.inEventLoop();
        this.channel = channel;
        drain();
    }

    /** The channel can take more. On the event loop only. */
    public void channelWritable() {
        drain();
    }

    /** Frames that come from the event loop wait for {@link #readComplete}. On the event loop only. */
    public void readStarted() {
        reading = true;
    }

    /** Writes what was published while reading, in one go. On the event loop only. */
    public void readComplete() {
        reading = false;
        if (drainScheduled) {
            drain();
        }
    }

    /**
     * Takes no more: whoever waits for space and all later calls get {@link Outcome#CLOSED}. What is queued is still
     * written.
     *
     * @param cause why
     */
    public void refuse(Throwable cause) {
        lock.lock();
        try {
            if (refusal == null) {
                refusal = cause;
            }
            spaceFreed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the buffer: refuses more, and reports all that is queued. On the event loop, after the channel has become
     * inactive, so that the fate of what it was given is known.
     */
    public void discard(Throwable cause) {
        assert eventLoop.inEventLoop();
        assert chunksInFlight == 0;
        refuse(cause);
        channel = null;
        List<Chunk> rest;
        lock.lock();
        try {
            rest = new ArrayList<>(full);
            if (current != null) {
                rest.add(current);
            }
            full.clear();
            current = null;
            for (Chunk chunk : rest) {
                ledger.discarded(chunk.messages, chunk.buffer.readableBytes());
            }
            spares.forEach(spare -> spare.buffer.release());
            spares.clear();
        } finally {
            lock.unlock();
        }
        for (Chunk chunk : rest) {
            settle(chunk, 0, cause);
            chunk.buffer.release();
        }
        ledger.report(listener, cause);
    }

    private int messageLine(String subject, @Nullable String replyTo, byte @Nullable [] headers, int length) {
        return headers == null
                ? encoder.pubLine(subject, replyTo, length)
                : encoder.hpubLine(subject, replyTo, headers.length, length);
    }

    private Outcome control(int line) {
        if (refusal != null) {
            return Outcome.CLOSED;
        }
        Chunk chunk = chunkFor(line);
        chunk.buffer.writeBytes(encoder.line(), 0, line);
        ledger.accepted(0, line);
        scheduleDrain();
        return Outcome.ACCEPTED;
    }

    private void accepted(Chunk chunk, long frame, @Nullable CompletableFuture<Void> handed) {
        chunk.messages++;
        if (handed != null) {
            chunk.notifyAtEnd(handed);
        }
        ledger.accepted(1, frame);
        scheduleDrain();
    }

    private boolean isOverLimit(long frame) {
        long queued = ledger.queuedBytes();
        return queued + frame > limit && queued > 0;
    }

    private Outcome awaitSpace(long frame, long maxWaitNanos) throws InterruptedException {
        long remaining = eventLoop.inEventLoop() ? 0 : maxWaitNanos;
        threadsWaiting++;
        try {
            while (refusal == null && isOverLimit(frame)) {
                if (remaining <= 0) {
                    return Outcome.FULL;
                }
                remaining = spaceFreed.awaitNanos(remaining);
            }
        } finally {
            threadsWaiting--;
        }
        return refusal == null ? Outcome.ACCEPTED : Outcome.CLOSED;
    }

    /** The current chunk if it has room for so many bytes, else a new one. */
    private Chunk chunkFor(long bytes) {
        Chunk chunk = current;
        if (chunk != null) {
            if (chunk.buffer.writableBytes() >= bytes) {
                return chunk;
            }
            full.add(chunk);
        }
        chunk = newChunk(bytes);
        current = chunk;
        return chunk;
    }

    private Chunk newChunk(long bytes) {
        if (bytes > CHUNK) {
            int exact = Math.toIntExact(bytes);
            return Chunk.ofFrames(allocator.directBuffer(exact, exact), false);
        }
        int wanted = bytes <= SMALL_CHUNK && full.isEmpty() ? SMALL_CHUNK : CHUNK;
        Chunk spare = spares.peekLast();
        if (spare != null && spare.buffer.capacity() >= bytes) {
            spares.removeLast();
            return spare;
        }
        return Chunk.ofFrames(allocator.directBuffer(wanted, wanted), true);
    }

    /** Puts a payload behind what the current chunk holds; what comes next goes into the chunk returned. */
    private Chunk insert(ByteBuf payload, Chunk chunk) {
        full.add(chunk);
        full.add(Chunk.ofPayload(payload));
        current = null;
        Chunk next = chunk.buffer.writableBytes() < MIN_REST ? chunkFor(CHUNK) : chunk.splitOffRest();
        next.beginsInsideMessage(2);
        current = next;
        return next;
    }

    private void scheduleDrain() {
        if (!drainScheduled) {
            drainScheduled = true;
            if (!reading || !eventLoop.inEventLoop()) {
                eventLoop.execute(drain);
            }
        }
    }

    /** Gives the channel as many chunks as it takes. While there are more, {@link #channelWritable} calls again. */
    private void drain() {
        assert eventLoop.inEventLoop();
        Channel target = channel;
        if (target == null) {
            return; // attach() will drain
        }
        lock.lock();
        try {
            take(target.bytesBeforeUnwritable());
            drainScheduled = current != null || !full.isEmpty();
        } finally {
            lock.unlock();
        }
        if (taken.isEmpty()) {
            return;
        }
        chunksInFlight += taken.size();
        for (Chunk chunk : taken) {
            target.write(chunk.buffer.retain()).addListener(future -> completed(chunk, future.cause()));
        }
        taken.clear();
        target.flush();
    }

    private void take(long budget) {
        long room = budget;
        while (room > 0) {
            Chunk chunk = full.poll();
            if (chunk == null) {
                chunk = current;
                current = null;
                if (chunk == null) {
                    return;
                }
            }
            taken.add(chunk);
            room -= chunk.buffer.readableBytes();
        }
    }

    /** The socket has taken a chunk, or has failed with the chunk's reader index at what it took. */
    private void completed(Chunk chunk, @Nullable Throwable cause) {
        chunksInFlight--;
        int length = chunk.buffer.writerIndex();
        int handed = cause == null ? length : chunk.buffer.readerIndex();
        settle(chunk, handed, cause);
        lock.lock();
        try {
            int messages = chunk.messagesWithin(handed);
            ledger.written(messages, handed);
            if (cause != null) {
                ledger.discarded(chunk.messages - messages, length - handed);
            }
            recycle(chunk);
            if (threadsWaiting > 0 && ledger.queuedBytes() <= limit / 2) {
                spaceFreed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void settle(Chunk chunk, int handed, @Nullable Throwable cause) {
        Runnable settlement = chunk.settlement(handed, cause);
        if (settlement != null) {
            executor.execute(settlement);
        }
    }

    /** Keeps the chunk for later, but of a buffer with nothing to do only the small one. */
    private void recycle(Chunk chunk) {
        boolean idle = chunksInFlight == 0 && current == null && full.isEmpty();
        if (chunk.isReusable() && refusal == null) {
            chunk.clear();
            spares.addLast(chunk);
        } else {
            chunk.buffer.release();
        }
        if (idle) {
            Chunk small = null;
            for (Chunk spare : spares) {
                if (small == null && spare.buffer.capacity() <= SMALL_CHUNK) {
                    small = spare;
                } else {
                    spare.buffer.release();
                }
            }
            spares.clear();
            if (small != null) {
                spares.add(small);
            }
        }
    }
}
