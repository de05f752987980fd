// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An outbound buffer with a metered channel, all on the test's thread. */
final class OutboundFixture implements AutoCloseable {
    static final byte[] HEADERS = "NATS/1.0\r\nA: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    record Discard(long messages, long bytes, Throwable cause) {}

    /** Counts, and fails when told to. */
    static final class Allocator extends AbstractByteBufAllocator {
        private final UnpooledByteBufAllocator delegate = new UnpooledByteBufAllocator(true);
        boolean failing;
        int allocations;

        Allocator() {
            super(true);
        }

        long usedMemory() {
            return delegate.metric().usedDirectMemory();
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            if (failing) {
                throw new OutOfMemoryError("no direct memory left, says the test");
            }
            allocations++;
            return delegate.directBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw new AssertionError("outbound buffers are direct");
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    final IOException cut = new IOException("cut");

    final Allocator allocator = new Allocator();
    final List<Discard> discards = new ArrayList<>();
    final OutboundBuffer buffer;
    MeteredChannel channel;

    /** Lends its event loop, which outlives the channels that the buffer writes to. */
    private final EmbeddedChannel loop = new EmbeddedChannel();

    OutboundFixture(long limit) {
        this(limit, Runnable::run);
    }

    OutboundFixture(long limit, Executor executor, ChannelHandler... handlers) {
        loop.freezeTime(); // else a machine that stands still has spare chunks go
        channel = new MeteredChannel(handlers);
        buffer = new OutboundBuffer(
                loop.eventLoop(),
                allocator,
                executor,
                limit,
                (messages, bytes, cause) -> discards.add(new Discard(messages, bytes, cause)));
    }

    OutboundFixture attached() {
        buffer.attach(channel);
        return this;
    }

    Outcome publish(String subject, byte[] payload) {
        return publish(subject, payload, null);
    }

    Outcome publish(String subject, byte[] payload, @Nullable CompletableFuture<Void> handed) {
        try {
            return buffer.publish(subject, null, null, payload, 0, payload.length, 0, handed, null);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Outcome publish(String subject, String payload) {
        return publish(subject, payload.getBytes(StandardCharsets.UTF_8), null);
    }

    void run() {
        do {
            loop.runPendingTasks();
            channel.runPendingTasks();
        } while (loop.hasPendingTasks());
    }

    void passMillis(long millis) {
        loop.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        loop.runScheduledPendingTasks();
        run();
    }

    boolean isAnythingTimed() {
        return loop.runScheduledPendingTasks() >= 0;
    }

    void passTime(long seconds) {
        loop.advanceTimeBy(seconds, TimeUnit.SECONDS);
    }

    boolean isDrainScheduled() {
        return loop.hasPendingTasks();
    }

    /** Cuts the connection, and has the buffer wait for another one. */
    void loseChannel() {
        channel.finishAndReleaseAll();
        run();
        buffer.detach(cut);
    }

    void nextChannel() {
        channel = new MeteredChannel();
        buffer.attach(channel);
        run();
    }

    long directMemory() {
        return allocator.usedMemory();
    }

    /** R-B2, R-B4: at any moment nothing is missing and nothing is there twice. */
    void assertAddsUp() {
        OutboundCounts counts = buffer.counts();
        assertThat(counts.writtenMessages() + counts.queuedMessages() + counts.discardedMessages())
                .as("messages of %s", counts)
                .isEqualTo(counts.acceptedMessages());
        assertThat(counts.writtenBytes() + counts.queuedBytes() + counts.discardedBytes())
                .as("bytes of %s", counts)
                .isEqualTo(counts.acceptedBytes());
        assertThat(counts.queuedBytes()).isEqualTo(buffer.queuedBytes()).isNotNegative();
        assertThat(counts.queuedMessages()).isEqualTo(buffer.queuedMessages()).isNotNegative();
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
        run();
        buffer.discard(cut);
        assertAddsUp();
        assertThat(buffer.queuedBytes()).as("bytes queued at the end").isZero();
        assertThat(buffer.queuedMessages()).as("messages queued at the end").isZero();
        assertThat(directMemory()).as("memory at the end").isZero();
        loop.finishAndReleaseAll();
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + i % 26);
        }
        return bytes;
    }

    static String text(int length) {
        return new String(bytes(length), StandardCharsets.US_ASCII);
    }

    static ByteBuf direct(int length) {
        return Unpooled.directBuffer(length).writeBytes(bytes(length));
    }
}
