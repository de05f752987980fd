// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static dev.midge.transport.OutboundFixture.bytes;
import static dev.midge.transport.OutboundFixture.direct;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

/** How much memory an outbound buffer takes and keeps. */
class OutboundMemoryTest {
    @Test
    void memoryIsProportionalToWhatIsQueued() throws Exception { // R-B6
        try (OutboundFixture f = new OutboundFixture(64 << 20).attached()) {
            f.channel.allow(0);
            ByteBuf large = direct(MessageEncoder.BY_REFERENCE);
            for (int i = 0; i < 1_000; i++) {
                f.buffer.publish("a", null, null, large, 0, null);
                f.publish("a", bytes(i % 50));
                f.run();
            }
            large.release();
            assertThat(f.directMemory()).isLessThanOrEqualTo(f.buffer.queuedBytes() / 3);
            f.channel.allow(Long.MAX_VALUE);
            assertThat(f.buffer.queuedBytes()).isZero();
        }
    }

    @Test
    void anIdleBufferKeepsASmallChunkAtMost() {
        try (OutboundFixture f = new OutboundFixture(10 << 20).attached()) {
            assertThat(f.directMemory()).isZero();
            f.publish("a", "1");
            f.run();
            assertThat(f.directMemory()).isEqualTo(ChunkQueue.SMALL_CHUNK);
            for (int i = 0; i < 3_000; i++) {
                f.publish("a", bytes(1_000));
            }
            assertThat(f.directMemory()).isBetween(3_000_000L, 3_300_000L);
            f.run();
            assertThat(f.directMemory())
                    .isLessThanOrEqualTo(ChunkQueue.MAX_SPARES * ChunkQueue.CHUNK + ChunkQueue.SMALL_CHUNK);
            f.passTime(2);
            f.buffer.ping(); // a quiet connection sends this now and then
            f.run();
            assertThat(f.directMemory()).isEqualTo(ChunkQueue.SMALL_CHUNK);
        }
    }

    @Test
    void aBusyBufferAllocatesNothing() {
        try (OutboundFixture f = new OutboundFixture(10 << 20).attached()) {
            int before = 0;
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < 1_000; i++) {
                    f.publish("a", bytes(1_000));
                }
                f.run();
                before = round == 0 ? f.allocator.allocations : before;
            }
            assertThat(f.allocator.allocations).isEqualTo(before);
        }
    }

    @Test
    void manySmallFramesReuseWhatIsThere() {
        try (OutboundFixture f = new OutboundFixture(10 << 20).attached()) {
            for (int i = 0; i < 1_000; i++) {
                f.publish("a", bytes(60));
                f.run();
            }
            assertThat(f.allocator.allocations).isEqualTo(1);
        }
    }
}
