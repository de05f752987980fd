// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Knows the buffers that it gave: so many executions cannot wait for a leak to be found by the garbage collector. */
final class TrackingAllocator extends AbstractByteBufAllocator {
    private final List<ByteBuf> given = new ArrayList<>();

    void assertAllReleased() {
        assertThat(given)
                .allSatisfy(
                        buffer -> assertThat(buffer.refCnt()).as("%s", buffer).isZero());
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
        return buffer;
    }
}
