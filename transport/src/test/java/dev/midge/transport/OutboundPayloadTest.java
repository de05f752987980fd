// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static dev.midge.transport.OutboundFixture.HEADERS;
import static dev.midge.transport.OutboundFixture.bytes;
import static dev.midge.transport.OutboundFixture.direct;
import static dev.midge.transport.OutboundFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of the payloads that callers hand over, good and bad ones. */
class OutboundPayloadTest {
    @Test
    void aBadPayloadTakesNothing() throws Exception {
        try (OutboundFixture f = new OutboundFixture(1 << 20).attached()) {
            for (int length : new int[] {10, 10_000, MessageEncoder.BY_REFERENCE}) {
                ByteBuf released = direct(length);
                released.release();
                assertThatExceptionOfType(IllegalReferenceCountException.class)
                        .isThrownBy(() -> f.buffer.publish("a", null, HEADERS, released, 0, null));
            }
            for (int length : new int[] {-1, 10, 10_000}) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class)
                        .isThrownBy(() -> f.buffer.publish("a", null, HEADERS, bytes(8), 1, length, 0, null, null));
            }
            assertThat(f.buffer.counts().acceptedBytes()).isZero();
            f.publish("a", "x");
            f.run();
            assertThat(f.channel.text()).isEqualTo("PUB a 1\r\nx\r\n");
        }
    }

    @Test
    void outOfMemoryTakesNothing() throws Exception {
        try (OutboundFixture f = new OutboundFixture(10 << 20).attached()) {
            f.channel.allow(0);
            ByteBuf large = direct(MessageEncoder.BY_REFERENCE);
            f.publish("a", bytes(8_000));
            f.allocator.failing = true;
            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> f.publish("b", bytes(50_000)));
                assertThatExceptionOfType(OutOfMemoryError.class)
                        .isThrownBy(() -> f.buffer.publish("b", null, bytes(9_000), large, 0, null));
                assertThatExceptionOfType(OutOfMemoryError.class)
                        .isThrownBy(() -> f.buffer.subscribe(text(9_000), null, 1));
                f.publish("c", bytes(1)); // fits into what is there
                f.assertAddsUp();
            }
            assertThat(large.refCnt()).isEqualTo(1);
            f.allocator.failing = false;
            f.buffer.publish("d", null, null, large, 0, null);
            large.release();
            f.run();
            f.channel.allow(Long.MAX_VALUE);
            assertThat(f.channel.text())
                    .isEqualTo("PUB a 8000\r\n" + text(8_000) + "\r\n" + "PUB c 1\r\na\r\n".repeat(3)
                            + "PUB d 16384\r\n" + text(16_384) + "\r\n");
        }
    }

    @Test
    void heapPayloadsAreCopiedAndFreeAgain() throws Exception {
        try (OutboundFixture f = new OutboundFixture(1 << 20)) {
            ByteBuf heap = Unpooled.buffer().writeBytes(bytes(40_000));
            f.buffer.publish("a", null, null, heap, 0, null);
            assertThat(heap.refCnt()).isEqualTo(1);
            heap.setZero(0, 40_000);
            f.attached().run();
            assertThat(f.channel.text()).isEqualTo("PUB a 40000\r\n" + text(40_000) + "\r\n");
        }
    }

    @Test
    void indicesOfAPayloadAreThoseAtTheCall() throws Exception {
        try (OutboundFixture f = new OutboundFixture(1 << 20)) {
            ByteBuf large = direct(40_000).skipBytes(26).writerIndex(20_026);
            f.buffer.publish("a", null, null, large, 0, null);
            large.clear();
            f.attached().run();
            assertThat(f.channel.text()).isEqualTo("PUB a 20000\r\n" + text(20_000) + "\r\n");
            large.release();
        }
    }

    @Test
    void aPayloadReleasedOnceTooOftenEndsTheConnection() throws Exception {
        try (OutboundFixture f = new OutboundFixture(1 << 20)) {
            f.publish("a", "1");
            ByteBuf large = direct(20_000);
            f.buffer.publish("b", null, null, large, 0, null);
            f.publish("c", "3");
            CompletableFuture<Void> handed = new CompletableFuture<>();
            f.publish("c", bytes(60_000), handed);
            large.release(2);
            f.attached().run();
            assertThat(f.channel.isOpen()).isFalse();
            assertThat(f.channel.text()).as("no frame behind the hole").doesNotContain("PUB c");
            assertThat(handed).isCompletedExceptionally();
            assertThat(f.buffer.queuedBytes()).isZero();
            f.assertAddsUp();
        }
    }
}
