// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Whole frames, one behind the other: what publishers fill and the event loop writes. Payloads by reference are not in
 * the buffer; each is written between the bytes before and behind the place where it was inserted.
 *
 * <p>Guarded by the lock of its {@link OutboundBuffer} until the event loop takes it; then the event loop's.
 */
final class Chunk {
    /** So many bytes by reference close a chunk, for it is counted as written only when all of it is. */
    static final int MAX_INSERTED = 256 << 10;

    private static final ByteBuf[] NO_PAYLOADS = {};
    private static final int[] NO_PLACES = {};

    /** For each payload by reference: its place in the buffer, its offset and its length in its own buffer. */
    private static final int PLACE = 3;

    /** Whoever waits for a frame to be handed to the socket, and how many bytes this chunk has up to its end. */
    private record Waiter(long end, CompletableFuture<Void> handed) {}

    /** Is told on the event loop that a chunk is in the socket, or as much of it as ever will be. */
    interface Owner {
        void completed(Chunk chunk, @Nullable Throwable cause);
    }

    final ByteBuf buffer;

    /** How many PUB and HPUB frames are in it. */
    int messages;

    private ByteBuf[] payloads = NO_PAYLOADS;
    private int[] places = NO_PLACES;
    private int inserted;
    private long insertedBytes;
    private @Nullable List<Waiter> waiters;

    private int piecesInFlight;
    private long handed;
    private @Nullable Throwable failure;

    Chunk(ByteBuf buffer) {
        this.buffer = buffer;
    }

    boolean hasRoomFor(long bytes) {
        return buffer.writableBytes() >= bytes && insertedBytes < MAX_INSERTED;
    }

    /** How many bytes it has for the socket. */
    long size() {
        return buffer.writerIndex() + insertedBytes;
    }

    /** Puts a payload behind what the buffer holds, without copying it. The reference passes to the chunk. */
    void insert(ByteBuf payload, int offset, int length) {
        if (inserted == payloads.length) {
            int capacity = Math.max(8, inserted * 2);
            payloads = Arrays.copyOf(payloads, capacity);
            places = Arrays.copyOf(places, capacity * PLACE);
        }
        payloads[inserted] = payload;
        places[inserted * PLACE] = buffer.writerIndex();
        places[inserted * PLACE + 1] = offset;
        places[inserted * PLACE + 2] = length;
        inserted++;
        insertedBytes += length;
    }

    /** The future is settled with the frame that ends here. */
    void notifyAtEnd(CompletableFuture<Void> future) {
        List<Waiter> list = waiters;
        if (list == null) {
            list = new ArrayList<>();
            waiters = list;
        }
        list.add(new Waiter(size(), future));
    }

    /**
     * Gives all of it to the channel, which then holds what it needs of it. A channel that fails to write a piece is
     * closed: what follows would not be understood.
     *
     * @param asIs nothing between here and the socket changes bytes, so that what the socket took of a piece that
     *     failed is known: its reader index is where the socket stopped
     */
    void writeTo(Channel channel, boolean asIs, Owner owner) {
        piecesInFlight = 2 * inserted + 1;
        int from = 0;
        for (int i = 0; i < inserted; i++) {
            int at = places[i * PLACE];
            write(channel, buffer, from, at - from, asIs, owner);
            write(channel, payloads[i], places[i * PLACE + 1], places[i * PLACE + 2], asIs, owner);
            from = at;
        }
        write(channel, buffer, from, buffer.writerIndex() - from, asIs, owner);
    }

    private void write(Channel channel, ByteBuf source, int offset, int length, boolean asIs, Owner owner) {
        ByteBuf piece;
        ChannelFuture written;
        try {
            // A slice cannot be written into by a handler: the bytes behind it may be ours.
            piece = inserted == 0 ? source : source.slice(offset, length);
            written = channel.write(piece.retain());
        } catch (RuntimeException | Error e) { // as of a payload that was released once too often
            completed(channel, 0, e, owner);
            return;
        }
        written.addListener(future -> {
            Throwable cause = future.cause();
            int taken = cause == null ? length : asIs ? piece.readerIndex() : 0;
            completed(channel, taken, cause, owner);
        });
    }

    private void completed(Channel channel, int taken, @Nullable Throwable cause, Owner owner) {
        handed += taken;
        if (cause != null && failure == null) {
            failure = cause;
            ChannelFuture unused = channel.close();
        }
        if (--piecesInFlight == 0) {
            owner.completed(this, failure);
        }
    }

    /** How many of its bytes the socket took. */
    long handed() {
        return handed;
    }

    /**
     * How many of its messages the socket took to the last byte. Only a connection that was cut inside the chunk leaves
     * something to be counted.
     */
    int messagesHanded() {
        return handed == size() ? messages : messagesWithin(handed);
    }

    private int messagesWithin(long bytes) {
        int count = 0;
        FrameWalk walk = new FrameWalk(this);
        while (walk.next() && walk.wireEnd() <= bytes) {
            count += walk.isMessage() ? 1 : 0;
        }
        return count;
    }

    /** How many payloads by reference it has. */
    int inserted() {
        return inserted;
    }

    /** Where in the buffer such a payload belongs. */
    int place(int index) {
        return places[index * PLACE];
    }

    /** How many bytes it has. */
    int insertedLength(int index) {
        return places[index * PLACE + 2];
    }

    /** Takes out all frames but messages. */
    void removeControl(ControlFrames frames) {
        byte[] kept = new byte[buffer.writerIndex()];
        int keptBytes = 0;
        int removed = 0;
        int payload = 0;
        int waiter = 0;
        List<Waiter> waiting = waiters == null ? List.of() : waiters;
        FrameWalk walk = new FrameWalk(this);
        while (walk.next()) {
            int length = walk.end() - walk.start();
            if (!walk.isMessage()) {
                removed += length;
                frames.add(length, walk.isPing());
                continue;
            }
            buffer.getBytes(walk.start(), kept, keptBytes, length);
            keptBytes += length;
            for (; payload < inserted && place(payload) < walk.end(); payload++) {
                places[payload * PLACE] -= removed;
            }
            if (waiter < waiting.size() && waiting.get(waiter).end == walk.wireEnd()) {
                waiting.set(waiter, new Waiter(walk.wireEnd() - removed, waiting.get(waiter).handed));
                waiter++;
            }
        }
        if (removed > 0) {
            buffer.clear().writeBytes(kept, 0, keptBytes);
        }
    }

    /** Completes those whose frame the socket took, and fails the others. */
    void settle(Executor executor, @Nullable Throwable cause) {
        List<Waiter> list = waiters;
        if (list == null) {
            return;
        }
        waiters = null;
        long taken = handed;
        Runnable settlement = () -> {
            for (Waiter waiter : list) {
                if (cause == null || waiter.end <= taken) {
                    waiter.handed.complete(null);
                } else {
                    waiter.handed.completeExceptionally(cause);
                }
            }
        };
        execute(executor, settlement);
    }

    /** What hangs on futures is not for the event loop: the common pool stands in for an executor that takes no more. */
    static void execute(Executor executor, Runnable settlement) {
        try {
            executor.execute(settlement);
        } catch (RuntimeException e) {
            ForkJoinPool.commonPool().execute(settlement);
        }
    }

    /** Makes it as new. */
    void clear() {
        for (int i = 0; i < inserted; i++) {
            ReferenceCountUtil.safeRelease(payloads[i]);
        }
        Arrays.fill(payloads, 0, inserted, null);
        inserted = 0;
        insertedBytes = 0;
        messages = 0;
        handed = 0;
        failure = null;
        buffer.clear();
    }

    void release() {
        clear();
        buffer.release();
    }
}
