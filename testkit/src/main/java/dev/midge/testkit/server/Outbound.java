// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one client: gathered in chunks, which are handed to the socket when one is full and when the
 * server has read all that there was. What waits is bounded: a client that does not take it is given up.
 *
 * <p>On the event loop.
 */
final class Outbound {
    /** Full chunks are this large: a system call is then cheap for each message. */
    private static final int CHUNK = 64 << 10;

    private static final int FIRST_CHUNK = 256;

    private final Channel channel;
    private final long maxPending;
    private final long writeDeadlineNanos;
    private final Runnable giveUp;

    private @Nullable ByteBuf filling;
    private int nextChunk = FIRST_CHUNK;
    private long handed;
    private long written;
    private boolean closed;
    private @Nullable Future<?> deadline;
    private final Set<Runnable> waiting = new LinkedHashSet<>();

    /** @param giveUp called once, when the limit is passed or the socket takes nothing for too long */
    Outbound(Channel channel, long maxPending, long writeDeadlineNanos, Runnable giveUp) {
        this.channel = channel;
        this.maxPending = maxPending;
        this.writeDeadlineNanos = writeDeadlineNanos;
        this.giveUp = giveUp;
    }

    /** Bytes that the socket has not taken yet. */
    long pending() {
        return handed - written + (filling == null ? 0 : filling.readableBytes());
    }

    /** Whether so much waits that those who send more should wait as well: three quarters of the limit. */
    boolean isBehind() {
        return pending() > maxPending / 4 * 3;
    }

    /** Runs it when the client {@linkplain #isBehind is behind} no longer, or is closed. */
    void whenCaughtUp(Runnable task) {
        waiting.add(task);
    }

    /** Appends a line, or anything else that comes alone. */
    void write(byte[] bytes) {
        write(bytes, bytes.length, bytes, 0, 0);
    }

    /** Appends the first so many bytes of one array, and some of another. */
    void write(byte[] head, int headLength, byte[] body, int bodyFrom, int bodyLength) {
        if (closed) {
            return;
        }
        int length = headLength + bodyLength;
        ByteBuf chunk = filling;
        if (chunk != null && chunk.writableBytes() < length && chunk.readableBytes() + length > CHUNK) {
            flush();
            chunk = null;
        }
        if (chunk == null) {
            chunk = channel.alloc().buffer(Math.max(nextChunk, length), Integer.MAX_VALUE);
            filling = chunk;
        }
        chunk.writeBytes(head, 0, headLength);
        if (bodyLength > 0) {
            chunk.writeBytes(body, bodyFrom, bodyLength);
        }
        if (pending() > maxPending) {
            giveUp.run();
        } else if (chunk.readableBytes() >= CHUNK) {
            flush();
        }
    }

    /** Hands what is there to the socket. */
    void flush() {
        ByteBuf chunk = filling;
        if (chunk == null) {
            return;
        }
        filling = null;
        int length = chunk.readableBytes();
        nextChunk = Math.min(CHUNK, Math.max(FIRST_CHUNK, Integer.highestOneBit(length) << 1));
        handed += length;
        ChannelFuture writing = channel.writeAndFlush(chunk);
        if (writing.isDone()) {
            written(length);
        } else {
            var unused = writing.addListener(done -> written(length));
            watch();
        }
    }

    /** Counts what failed as well: the channel is closed then. */
    private void written(int length) {
        written += length;
        if (!waiting.isEmpty() && !isBehind()) {
            release();
        }
    }

    private void release() {
        List<Runnable> tasks = List.copyOf(waiting);
        waiting.clear();
        tasks.forEach(Runnable::run);
    }

    private void watch() {
        if (deadline == null && !closed) {
            long target = handed;
            deadline = channel.eventLoop().schedule(() -> check(target), writeDeadlineNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void check(long target) {
        deadline = null;
        if (closed) {
            return;
        }
        if (written < target) {
            giveUp.run();
        } else if (written < handed) {
            watch();
        }
    }

    /** Takes nothing any more, and forgets what the socket was not handed. */
    void close() {
        closed = true;
        ByteBuf chunk = filling;
        if (chunk != null) {
            filling = null;
            chunk.release();
        }
        release();
    }

    /** Called when the channel is closed for good. */
    void end() {
        close();
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
