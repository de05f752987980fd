// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of an {@link OutboundBuffer} that the event loop has not taken, the last of which is being filled, and a
 * few empty ones for later. Guarded by the buffer's lock.
 */
final class ChunkQueue {
    /** The first chunk of a quiet connection: it has this one and no other. */
    static final int SMALL_CHUNK = 8 << 10;

    /** What a chunk holds while there is traffic: many frames for one system call, still in the second-level cache. */
    static final int CHUNK = 64 << 10;

    /** One is filled while another is in the socket, and each may be followed by a next one. */
    private static final int MAX_SPARES = 4;

    private final ByteBufAllocator allocator;
    private final ArrayDeque<Chunk> full = new ArrayDeque<>();
    private final ArrayDeque<Chunk> spares = new ArrayDeque<>(MAX_SPARES);
    private @Nullable Chunk smallSpare;
    private @Nullable Chunk current;
    private boolean closed;

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
            int exact = Math.toIntExact(bytes);
            return new Chunk(allocator.directBuffer(exact, exact));
        }
        Chunk spare = spares.pollLast();
        if (spare == null && bytes <= SMALL_CHUNK && full.isEmpty() && current == null) {
            spare = smallSpare;
            smallSpare = null;
            return spare != null ? spare : new Chunk(allocator.directBuffer(SMALL_CHUNK, SMALL_CHUNK));
        }
        return spare != null ? spare : new Chunk(allocator.directBuffer(CHUNK, CHUNK));
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

    /** Keeps a chunk that the event loop is done with for later, or releases it. */
    void recycle(Chunk chunk) {
        int capacity = closed ? 0 : chunk.buffer.capacity();
        if (capacity == CHUNK && spares.size() < MAX_SPARES) {
            chunk.clear();
            spares.add(chunk);
        } else if (capacity == SMALL_CHUNK && smallSpare == null) {
            chunk.clear();
            smallSpare = chunk;
        } else {
            chunk.release();
        }
    }

    /** Releases what a quiet connection does not need. */
    void releaseSpares() {
        spares.forEach(Chunk::release);
        spares.clear();
    }

    /** Releases all that holds no frames, now and later. */
    void close() {
        closed = true;
        releaseSpares();
        if (smallSpare != null) {
            smallSpare.release();
            smallSpare = null;
        }
        if (current != null && current.size() == 0) {
            current.release();
            current = null;
        }
    }
}
