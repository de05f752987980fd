// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Remembers every buffer it gave, so that a test can say how many there were, how large, and which are left. */
final class CountingAllocator extends AbstractByteBufAllocator {
    private final List<ByteBuf> given = new ArrayList<>();

    CountingAllocator() {
        super(true);
    }

    /** The capacities of all buffers given so far, at the time they were given. */
    final List<Integer> capacities = new ArrayList<>();

    /** How many buffers have not been released. */
    long live() {
        return given.stream().filter(buffer -> buffer.refCnt() > 0).count();
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return remember(new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity));
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return remember(new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity));
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }

    private ByteBuf remember(ByteBuf buffer) {
        given.add(buffer);
        capacities.add(buffer.capacity());
        return buffer;
    }
}
