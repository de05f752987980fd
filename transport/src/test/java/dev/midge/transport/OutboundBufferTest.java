// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static dev.midge.transport.OutboundFixture.HEADERS;
import static dev.midge.transport.OutboundFixture.bytes;
import static dev.midge.transport.OutboundFixture.direct;
import static dev.midge.transport.OutboundFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What goes in and what comes out, one thing at a time, on one thread. */
class OutboundBufferTest {
    @Test
    void writesEachFrameAsTheProtocolHasIt() throws Exception {
        try (OutboundFixture f = new OutboundFixture(1 << 20).attached()) {
            byte[] array = "..hello..".getBytes(StandardCharsets.US_ASCII);
            f.buffer.publish("a", null, null, array, 2, 5, 0, null, null);
            f.buffer.publish("a", "r", null, array, 2, 5, 0, null, null);
            f.buffer.publish("a", null, HEADERS, array, 2, 5, 0, null, null);
            ByteBuf heap = Unpooled.wrappedBuffer(array, 2, 5);
            f.buffer.publish("b", "r", null, heap, 0, null);
            f.buffer.publish("b", "r", HEADERS, heap, 0, null);
            assertThat(heap.readableBytes()).isEqualTo(5);
            f.buffer.subscribe("s.*", null, 7);
            f.buffer.subscribe("s.*", "q", 8);
            f.buffer.unsubscribe(7, 0);
            f.buffer.unsubscribe(8, 3);
            f.buffer.ping();
            f.buffer.pong();
            f.run();
            String block = new String(HEADERS, StandardCharsets.US_ASCII);
            assertThat(f.channel.text())
                    .isEqualTo("PUB a 5\r\nhello\r\nPUB a r 5\r\nhello\r\n"
                            + "HPUB a 18 23\r\n" + block + "hello\r\n"
                            + "PUB b r 5\r\nhello\r\nHPUB b r 18 23\r\n" + block + "hello\r\n"
                            + "SUB s.* 7\r\nSUB s.* q 8\r\nUNSUB 7\r\nUNSUB 8 3\r\nPING\r\nPONG\r\n");
            assertThat(f.buffer.counts())
                    .isEqualTo(new OutboundCounts(5, 5, 0, 0, f.channel.wire().length, f.channel.wire().length, 0, 0));
        }
    }

    @Test
    void anArrayIsFreeAgainWhenPublishReturns() { // R-B10
        try (OutboundFixture f = new OutboundFixture(1 << 20)) {
            for (int length : new int[] {5, 2_000, 20_000, 200_000}) {
                byte[] payload = bytes(length);
                f.publish("a", payload);
                Arrays.fill(payload, (byte) '!');
            }
            f.attached().run();
            assertThat(f.channel.text())
                    .isEqualTo("PUB a 5\r\n" + text(5) + "\r\nPUB a 2000\r\n" + text(2_000) + "\r\nPUB a 20000\r\n"
                            + text(20_000) + "\r\nPUB a 200000\r\n" + text(200_000) + "\r\n");
        }
    }

    @Test
    void keepsOrderAcrossChunksAndReferences() throws Exception {
        try (OutboundFixture f = new OutboundFixture(10 << 20)) {
            StringBuilder expected = new StringBuilder();
            ByteBuf large = direct(20_000);
            for (int i = 0; i < 200; i++) {
                f.publish("n" + i, bytes(i * 7));
                expected.append("PUB n" + i + " " + i * 7 + "\r\n" + text(i * 7) + "\r\n");
                f.buffer.publish("r" + i, null, i % 2 == 0 ? null : HEADERS, large, 0, null);
                expected.append(
                        i % 2 == 0
                                ? "PUB r" + i + " 20000\r\n"
                                : "HPUB r" + i + " 18 20018\r\n" + new String(HEADERS, StandardCharsets.US_ASCII));
                expected.append(text(20_000)).append("\r\n");
                f.buffer.ping();
                expected.append("PING\r\n");
            }
            assertThat(large.refCnt()).isEqualTo(201);
            large.release();
            f.attached().run();
            assertThat(f.channel.text()).isEqualTo(expected.toString());
            assertThat(large.refCnt()).isZero();
            f.assertAddsUp();
        }
    }

    @Test
    void keepsWhatComesBeforeTheChannel() {
        try (OutboundFixture f = new OutboundFixture(1 << 20)) {
            f.publish("a", "1");
            f.run();
            assertThat(f.buffer.queuedMessages()).isEqualTo(1);
            assertThat(f.buffer.queuedBytes()).isEqualTo(12);
            f.attached();
            f.publish("a", "2");
            f.run();
            assertThat(f.channel.text()).isEqualTo("PUB a 1\r\n1\r\nPUB a 1\r\n2\r\n");
            assertThatIllegalStateException().isThrownBy(() -> f.buffer.attach(f.channel));
        }
    }

    @Test
    void manyFramesLeaveInOneGatheringWrite() { // R-B10
        try (OutboundFixture f = new OutboundFixture(10 << 20).attached()) {
            for (int i = 0; i < 2_000; i++) {
                f.publish("a", bytes(100));
            }
            f.run();
            assertThat(f.channel.wire()).hasSize(2_000 * 113);
            assertThat(f.channel.gatheringWrites()).isEqualTo(1);
        }
    }

    @Test
    void whatIsPublishedWhileReadingIsFlushedOnceAtReadComplete() { // R-B10
        try (OutboundFixture f = new OutboundFixture(1 << 20).attached()) {
            f.buffer.readStarted();
            f.publish("a", "1");
            f.publish("a", "2");
            assertThat(f.channel.wire()).isEmpty();
            f.buffer.readComplete();
            assertThat(f.channel.text()).isEqualTo("PUB a 1\r\n1\r\nPUB a 1\r\n2\r\n");
            assertThat(f.channel.gatheringWrites()).isEqualTo(1);
            f.buffer.readComplete();
            f.publish("a", "3");
            f.run();
            assertThat(f.channel.text()).endsWith("3\r\n");
        }
    }

    @Test
    void aSocketThatTakesNothingIsLeftAloneAndThenTakesTheRestInOneGo() { // R-B6
        try (OutboundFixture f = new OutboundFixture(10 << 20).attached()) {
            f.channel.allow(5);
            int scheduled = 0;
            for (int i = 0; i < 1_000; i++) {
                f.publish("a", "x");
                scheduled += f.isDrainScheduled() ? 1 : 0;
                f.run();
                f.buffer.channelWritable(); // told too often
            }
            assertThat(scheduled).as("tasks for 1000 frames").isLessThanOrEqualTo(2);
            assertThat(f.channel.wire()).hasSize(5);
            assertThat(f.buffer.queuedBytes()).as("counted chunk by chunk").isEqualTo(12_000);
            f.assertAddsUp();
            assertThat(f.directMemory())
                    .as("memory for 12000 bytes")
                    .isLessThanOrEqualTo(2 * ChunkQueue.SMALL_CHUNK + ChunkQueue.CHUNK);
            int before = f.channel.gatheringWrites();
            f.channel.allow(Long.MAX_VALUE);
            assertThat(f.channel.wire()).hasSize(12_000);
            assertThat(f.channel.gatheringWrites() - before).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void fullAtOnceOnTheEventLoop() throws Exception { // R-B5
        try (OutboundFixture f = new OutboundFixture(100).attached()) {
            f.channel.allow(0);
            assertThat(f.publish("a", bytes(80))).isEqualTo(Outcome.ACCEPTED);
            CompletableFuture<Void> handed = new CompletableFuture<>();
            assertThat(f.buffer.publish("a", null, null, bytes(80), 0, 80, Long.MAX_VALUE, handed, null))
                    .isEqualTo(Outcome.FULL);
            assertThat(f.buffer.publish("a", null, null, Unpooled.wrappedBuffer(bytes(80)), Long.MAX_VALUE, handed))
                    .isEqualTo(Outcome.FULL);
            assertThat(f.buffer.publish(new byte[] {'a'}, bytes(80), Long.MAX_VALUE))
                    .isEqualTo(Outcome.FULL);
            assertThat(f.buffer.limit()).isEqualTo(100);
            assertThat(handed).isNotDone();
            f.assertAddsUp();
            assertThat(f.buffer.counts().acceptedMessages()).isEqualTo(1);
        }
    }

    @Test
    void takesASubjectAsItCame() throws Exception {
        try (OutboundFixture f = new OutboundFixture(1 << 20).attached()) {
            byte[] subject = "ответ.1".getBytes(StandardCharsets.UTF_8);
            assertThat(f.buffer.publish(subject, bytes(3), 0)).isEqualTo(Outcome.ACCEPTED);
            f.run();
            assertThat(f.channel.text()).isEqualTo("PUB ответ.1 3\r\n" + text(3) + "\r\n");
            f.assertAddsUp();
            assertThat(f.buffer.counts().writtenMessages()).isEqualTo(1);
            f.buffer.suspend(WhileSuspended.REFUSE, 1 << 20, f.cut);
            assertThat(f.buffer.publish(subject, bytes(3), 0)).isEqualTo(Outcome.SUSPENDED);
            f.buffer.refuse();
            assertThat(f.buffer.publish(subject, bytes(3), 0)).isEqualTo(Outcome.CLOSED);
        }
    }

    @Test
    void controlFramesAreNeverFull() {
        try (OutboundFixture f = new OutboundFixture(10).attached()) {
            f.channel.allow(0);
            assertThat(f.publish("a", bytes(80))).isEqualTo(Outcome.ACCEPTED);
            assertThat(f.buffer.ping()).isEqualTo(Outcome.ACCEPTED);
            assertThat(f.buffer.pong()).isEqualTo(Outcome.ACCEPTED);
            assertThat(f.buffer.subscribe("a", null, 1)).isEqualTo(Outcome.ACCEPTED);
            assertThat(f.buffer.unsubscribe(1, 0)).isEqualTo(Outcome.ACCEPTED);
            f.run();
            f.channel.allow(Long.MAX_VALUE);
            assertThat(f.channel.text()).endsWith("\r\nPING\r\nPONG\r\nSUB a 1\r\nUNSUB 1\r\n");
        }
    }

    @Test
    void aFrameLargerThanTheLimitEntersAnEmptyBufferOnly() { // R-B5
        try (OutboundFixture f = new OutboundFixture(1).attached()) {
            f.channel.allow(0);
            f.buffer.ping();
            assertThat(f.publish("a", bytes(200_000))).isEqualTo(Outcome.FULL);
            f.run();
            f.channel.allow(Long.MAX_VALUE);
            assertThat(f.publish("a", bytes(200_000))).isEqualTo(Outcome.ACCEPTED);
            assertThat(f.publish("a", "x")).isEqualTo(Outcome.FULL);
            f.run();
            assertThat(f.publish("a", "x")).isEqualTo(Outcome.ACCEPTED);
            f.run();
            assertThat(f.channel.text()).isEqualTo("PING\r\nPUB a 200000\r\n" + text(200_000) + "\r\nPUB a 1\r\nx\r\n");
        }
    }

    @Test
    void theLimitIsReachedToTheByte() { // R-B5
        try (OutboundFixture f = new OutboundFixture(24)) {
            assertThat(f.publish("a", "1")).isEqualTo(Outcome.ACCEPTED);
            assertThat(f.publish("a", "22")).isEqualTo(Outcome.FULL);
            assertThat(f.publish("a", "2")).isEqualTo(Outcome.ACCEPTED);
            assertThat(f.publish("a", "")).isEqualTo(Outcome.FULL);
        }
    }

    @Test
    void futuresCompleteOnTheExecutorWhenTheSocketHasTheFrame() {
        List<Runnable> tasks = new ArrayList<>();
        try (OutboundFixture f = new OutboundFixture(1 << 20, tasks::add).attached()) {
            CompletableFuture<Void> first = new CompletableFuture<>();
            CompletableFuture<Void> second = new CompletableFuture<>();
            f.channel.allow(15);
            f.publish("a", bytes(1), first);
            f.run();
            assertThat(tasks).hasSize(1);
            f.publish("a", bytes(1), second);
            f.run();
            assertThat(tasks).hasSize(1);
            assertThat(first).isNotDone();
            tasks.get(0).run();
            assertThat(first).isCompleted();
            f.channel.allow(Long.MAX_VALUE);
            assertThat(tasks).hasSize(2);
            tasks.get(1).run();
            assertThat(second).isCompleted();
        }
    }

    @Test
    void countsAreSettledBeforeFuturesAre() {
        try (OutboundFixture f = new OutboundFixture(1 << 20).attached()) {
            CompletableFuture<Void> handed = new CompletableFuture<>();
            CompletableFuture<OutboundCounts> seen = handed.thenApply(ignored -> {
                f.publish("b", "again"); // from within the write of the first
                return f.buffer.counts();
            });
            f.publish("a", bytes(1), handed);
            f.run();
            assertThat(seen.join()).isEqualTo(new OutboundCounts(2, 1, 1, 0, 28, 12, 16, 0));
            assertThat(f.channel.text()).isEqualTo("PUB a 1\r\na\r\nPUB b 5\r\nagain\r\n");
        }
    }

    @Test
    void futuresAreNotLostWithTheirExecutor() throws Exception {
        try (OutboundFixture f = new OutboundFixture(1 << 20, task -> {
            throw new RejectedExecutionException("shut down");
        })) {
            CompletableFuture<Void> handed = new CompletableFuture<>();
            CompletableFuture<Void> lost = new CompletableFuture<>();
            CompletableFuture<Thread> completedBy = handed.thenApply(ignored -> Thread.currentThread());
            f.attached().publish("a", bytes(1), handed);
            f.run();
            assertThat(completedBy.get(30, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
            f.channel.allow(0);
            f.publish("a", bytes(1), lost);
            f.run();
            f.loseChannel();
            assertThat(lost).failsWithin(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void refusesMoreButWritesWhatItHas() {
        try (OutboundFixture f = new OutboundFixture(1 << 20)) {
            f.publish("a", "1");
            f.buffer.refuse();
            CompletableFuture<Void> handed = new CompletableFuture<>();
            assertThat(f.publish("a", bytes(1), handed)).isEqualTo(Outcome.CLOSED);
            assertThat(handed).isNotDone();
            assertThat(f.buffer.ping()).isEqualTo(Outcome.CLOSED);
            f.attached().run();
            assertThat(f.channel.text()).isEqualTo("PUB a 1\r\n1\r\n");
            assertThat(f.discards).isEmpty();
        }
    }

    @Test
    void discardReportsOnceWithExactCounts() { // R-B2, R-B3
        try (OutboundFixture f = new OutboundFixture(1 << 20).attached()) {
            CompletableFuture<Void> inFlight = new CompletableFuture<>();
            CompletableFuture<Void> queued = new CompletableFuture<>();
            f.channel.allow(12 + 3);
            f.publish("a", "1");
            f.publish("a", bytes(1), inFlight);
            f.run();
            f.publish("a", bytes(1), queued);
            f.buffer.ping();
            f.channel.finishAndReleaseAll();
            f.run();
            assertThat(f.discards).isEmpty();
            f.buffer.discard(f.cut);
            f.buffer.discard(new IOException("again"));
            assertThat(f.discards).containsExactly(new OutboundFixture.Discard(2, 9 + 12 + 6, f.cut));
            assertThat(inFlight).isCompletedExceptionally();
            assertThat(queued).isCompletedExceptionally();
            assertThat(queued)
                    .failsWithin(0, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .havingCause()
                    .isSameAs(f.cut);
            assertThat(f.publish("a", "x")).isEqualTo(Outcome.CLOSED);
        }
    }

    @Test
    void nothingButControlFramesDiscardedIsNoNews() {
        try (OutboundFixture f = new OutboundFixture(1 << 20)) {
            f.buffer.ping();
            f.buffer.discard(f.cut);
            assertThat(f.discards).isEmpty();
            f.assertAddsUp();
        }
    }

    @Test
    void handlersCannotWriteBehindThePiecesOfAChunk() throws Exception {
        ChannelOutboundHandlerAdapter scribbler = new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ByteBuf piece = (ByteBuf) message;
                for (int i = piece.writerIndex(); i < piece.capacity(); i++) {
                    piece.setByte(i, '!');
                }
                ChannelFuture unused = ctx.write(message, promise);
            }
        };
        try (OutboundFixture f = new OutboundFixture(1 << 20, Runnable::run, scribbler)) {
            ByteBuf large = direct(20_000);
            f.publish("a", "1");
            f.buffer.publish("b", null, null, large, 0, null);
            f.publish("c", "3");
            large.release();
            f.attached().run();
            assertThat(f.channel.text())
                    .isEqualTo("PUB a 1\r\n1\r\nPUB b 20000\r\n" + text(20_000) + "\r\nPUB c 1\r\n3\r\n");
        }
    }

    @Test
    void aDeadEventLoopReportsWhatItIsGiven() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        List<Long> discarded = new ArrayList<>();
        OutboundBuffer buffer = new OutboundBuffer(
                group.next(),
                ByteBufAllocator.DEFAULT,
                Runnable::run,
                1_000,
                (messages, bytes, cause) -> discarded.add(messages));
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
        CompletableFuture<Void> handed = new CompletableFuture<>();
        assertThat(buffer.publish("a", null, null, bytes(1), 0, 1, 0, handed, null))
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(discarded).containsExactly(1L);
        assertThat(handed).isCompletedExceptionally();
        assertThat(buffer.queuedBytes()).isZero();
        assertThat(buffer.ping()).isEqualTo(Outcome.CLOSED);
    }
}
