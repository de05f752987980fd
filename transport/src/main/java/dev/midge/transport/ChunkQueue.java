// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of an {@link OutboundBuffer} that the event loop has not taken, the last of which is being filled, and
 * empty ones for later. Guarded by the buffer's lock, but for {@link #recycle} and {@link #releaseSpares}, which need
 * no lock.
 */
final class ChunkQueue {
    /** The first chunk of a quiet connection: it has this one and no other. */
    static final int SMALL_CHUNK = 8 << 10;

    /** What a chunk holds while there is traffic: many frames for one system call, still in the second-level cache. */
    static final int CHUNK = 64 << 10;

    /** As many as whoever waited for space fills in one go. */
    static final int MAX_SPARES = Admission.WAKE_SPACE / CHUNK;

    private final ByteBufAllocator allocator;
    private final ArrayDeque<Chunk> full = new ArrayDeque<>();
    private @Nullable Chunk current;

    /** Large ones, and in the last place a small one. */
    private final AtomicReferenceArray<@Nullable Chunk> spares = new AtomicReferenceArray<>(MAX_SPARES + 1);

    private volatile boolean closed;

    ChunkQueue(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    boolean isEmpty() {
        Chunk last = current;
        return full.isEmpty() && (last == null || last.size() == 0);
    }

    /** The chunk that the next frame goes into, of which so many bytes will be in its buffer. */
    Chunk roomFor(long bytes) {
        Chunk last = current;
        if (last != null && last.hasRoomFor(bytes)) {
            return last;
        }
        Chunk next = newChunk(bytes); // the only thing here that can fail, so it comes first
        if (last != null) {
            if (last.size() > 0) {
                full.add(last);
            } else {
                recycle(last);
            }
        }
        current = next;
        return next;
    }

    private Chunk newChunk(long bytes) {
        if (bytes > CHUNK) {
            return allocate(Math.toIntExact(bytes));
        }
        for (int i = 0; i < MAX_SPARES; i++) {
            Chunk spare = spares.getAndSet(i, null);
            if (spare != null) {
                return spare;
            }
        }
        if (bytes > SMALL_CHUNK || current != null || !full.isEmpty()) {
            return allocate(CHUNK);
        }
        Chunk small = spares.getAndSet(MAX_SPARES, null);
        return small != null ? small : allocate(SMALL_CHUNK);
    }

    private Chunk allocate(int capacity) {
        return new Chunk(allocator.directBuffer(capacity, capacity));
    }

    /** Takes chunks, oldest first, until they hold at least so many bytes or none is left. */
    void take(long bytes, List<Chunk> taken) {
        long room = bytes;
        while (room > 0) {
            Chunk chunk = full.poll();
            if (chunk == null) {
                chunk = current;
                if (chunk == null || chunk.size() == 0) {
                    return;
                }
                current = null;
            }
            taken.add(chunk);
            room -= chunk.size();
        }
    }

    /** Takes out all frames but messages. */
    ControlFrames removeControl() {
        ControlFrames removed = new ControlFrames();
        Chunk last = current;
        if (last != null) {
            last.removeControl(removed);
        }
        for (Iterator<Chunk> chunks = full.iterator(); chunks.hasNext(); ) {
            Chunk chunk = chunks.next();
            chunk.removeControl(removed);
            if (chunk.size() == 0) {
                chunks.remove();
                recycle(chunk);
            }
        }
        return removed;
    }

    /** Keeps a chunk that is done with for later, or releases it. */
    void recycle(Chunk chunk) {
        int capacity = closed ? 0 : chunk.buffer.capacity();
        if (capacity == CHUNK) {
            chunk.clear();
            for (int i = 0; i < MAX_SPARES; i++) {
                if (spares.compareAndSet(i, null, chunk)) {
                    return;
                }
            }
        } else if (capacity == SMALL_CHUNK) {
            chunk.clear();
            if (spares.compareAndSet(MAX_SPARES, null, chunk)) {
                return;
            }
        }
        chunk.release();
    }

    /** Releases what a quiet connection does not need: the large ones. */
    void releaseSpares() {
        for (int i = 0; i < MAX_SPARES; i++) {
            releaseSpare(i);
        }
    }

    private void releaseSpare(int i) {
        Chunk spare = spares.getAndSet(i, null);
        if (spare != null) {
            spare.release();
        }
    }

    /** Gives up all chunks that hold frames, and releases all others, now and later. */
    List<Chunk> close() {
        List<Chunk> rest = new ArrayList<>();
        take(Long.MAX_VALUE, rest);
        closed = true;
        releaseSpares();
        releaseSpare(MAX_SPARES);
        Chunk last = current;
        if (last != null && last.size() == 0) {
            last.release();
            current = null;
        }
        return rest;
    }
}
