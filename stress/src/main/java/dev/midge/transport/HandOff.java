// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

/** An outbound buffer between its publishers and its event loop, and what became of its frames. */
final class HandOff {
    /** {@code PUB a 1\r\nx\r\n}. */
    static final int FRAME = 12;

    /** Far more than it ever takes to be woken. */
    static final long LONG_NANOS = 10_000_000_000L;

    private static final byte[] PAYLOAD = {'x'};

    private static final ByteBufAllocator HEAP = new HeapOnly();

    final ManualLoop loop = new ManualLoop();
    final OutboundBuffer buffer;
    private long reported;

    HandOff(long limit) {
        buffer = new OutboundBuffer(
                loop.eventLoop, HEAP, Runnable::run, limit, (messages, bytes, cause) -> reported += messages);
        loop.run(() -> buffer.attach(loop.channel));
    }

    Outcome publish(long maxWaitNanos) {
        try {
            return buffer.publish("a", null, null, PAYLOAD, 0, PAYLOAD.length, maxWaitNanos, null, null);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A turn of the event loop: does what is due. */
    void turn() {
        loop.run(() -> {});
    }

    long written() {
        return buffer.counts().writtenMessages();
    }

    long queued() {
        return buffer.queuedMessages();
    }

    /** What the listener was told of. */
    long reported() {
        return reported;
    }

    /** Whether the counts say the same as the socket and the listener, and add up. */
    boolean addsUp() {
        OutboundCounts counts = buffer.counts();
        return counts.acceptedMessages() == counts.writtenMessages() + counts.queuedMessages() + reported
                && counts.acceptedBytes() == counts.writtenBytes() + counts.queuedBytes() + counts.discardedBytes()
                && counts.writtenBytes() == loop.bytes
                && loop.bytes == FRAME * counts.writtenMessages();
    }

    /** Direct memory would have to be given back, and there are a million buffers a second. */
    private static final class HeapOnly extends AbstractByteBufAllocator {
        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            return newHeapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }
}
