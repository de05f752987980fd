// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A piece of what goes to the socket: encoded frames one behind the other, or the payload of a single frame by
 * reference. Guarded by the lock of its {@link OutboundBuffer} until the event loop takes it.
 */
final class Chunk {
    /** Whoever waits for a frame to be handed to the socket, and the index behind that frame in its chunk. */
    private record Waiter(int end, CompletableFuture<Void> handed) {}

    final ByteBuf buffer;

    /** Frames by value, in a buffer of the usual size that nobody else holds. */
    private boolean reusable;

    /** One payload, not frames. */
    private final boolean payload;

    /** How many PUB and HPUB frames end in this chunk. */
    int messages;

    /** How many bytes at the start belong to a frame that began in the chunk before: the CRLF behind a payload. */
    private int lead;

    private @Nullable List<Waiter> waiters;

    private Chunk(ByteBuf buffer, boolean reusable, boolean payload) {
        this.buffer = buffer;
        this.reusable = reusable;
        this.payload = payload;
    }

    static Chunk ofFrames(ByteBuf buffer, boolean reusable) {
        return new Chunk(buffer, reusable, false);
    }

    static Chunk ofPayload(ByteBuf buffer) {
        return new Chunk(buffer, false, true);
    }

    /** A chunk in the rest of this one's buffer, for the CRLF behind a payload and what comes after. */
    Chunk splitOffRest() {
        reusable = false;
        ByteBuf rest = buffer.retainedSlice(buffer.writerIndex(), buffer.writableBytes());
        return new Chunk(rest.clear(), false, false);
    }

    /** Its first bytes end a message that began before it. */
    void beginsInsideMessage(int bytes) {
        lead = bytes;
    }

    boolean isReusable() {
        return reusable;
    }

    /** Makes it as new. */
    void clear() {
        buffer.clear();
        messages = 0;
        lead = 0;
    }

    void notifyAtEnd(CompletableFuture<Void> handed) {
        List<Waiter> list = waiters;
        if (list == null) {
            list = new ArrayList<>();
            waiters = list;
        }
        list.add(new Waiter(buffer.writerIndex(), handed));
    }

    /**
     * What completes those whose frame ends within the first so many bytes and fails the others, or null if nobody
     * waits; the chunk itself forgets them.
     */
    @Nullable
    Runnable settlement(int handedBytes, @Nullable Throwable cause) {
        List<Waiter> list = waiters;
        if (list == null) {
            return null;
        }
        waiters = null;
        return () -> {
            for (Waiter waiter : list) {
                if (cause == null || waiter.end <= handedBytes) {
                    waiter.handed.complete(null);
                } else {
                    waiter.handed.completeExceptionally(cause);
                }
            }
        };
    }

    /** How many of its messages end within the first so many bytes: what a cut connection leaves to be counted. */
    int messagesWithin(int bytes) {
        if (bytes >= buffer.writerIndex()) {
            return messages;
        }
        if (payload) {
            return 0;
        }
        int count = lead > 0 && bytes >= lead ? 1 : 0;
        int frame = lead;
        while (frame < bytes) {
            int lineFeed = buffer.indexOf(frame, buffer.writerIndex(), (byte) '\n');
            boolean message = isMessage(frame);
            int end = lineFeed + 1 + (message ? bodyLength(lineFeed) + 2 : 0);
            if (end > bytes) {
                break;
            }
            count += message ? 1 : 0;
            frame = end;
        }
        return count;
    }

    /** PUB or HPUB: what we wrote ourselves starts with one of PUB, HPUB, SUB, UNSUB, PING, PONG. */
    private boolean isMessage(int frame) {
        byte first = buffer.getByte(frame);
        return first == 'H' || (first == 'P' && buffer.getByte(frame + 1) == 'U');
    }

    /** The last number of a control line. */
    private int bodyLength(int lineFeed) {
        int length = 0;
        int scale = 1;
        for (int i = lineFeed - 2; buffer.getByte(i) != ' '; i--) {
            length += (buffer.getByte(i) - '0') * scale;
            scale *= 10;
        }
        return length;
    }
}
