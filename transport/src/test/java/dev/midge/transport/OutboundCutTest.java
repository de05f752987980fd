// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** R-B2: cuts a connection after each byte, and asks for the whereabouts of every frame. */
class OutboundCutTest {
    /** Frames of each kind, small enough to be cut after each byte. */
    private static void small(OutboundScript script) {
        script.message(0, false, false);
        script.control(0);
        script.message(17, true, false);
        script.control(2);
        script.control(3);
        script.message(40, false, true);
        script.message(0, true, true);
        script.control(1);
        script.message(3, false, false);
    }

    /** Several chunks, with payloads by reference at the start, inside, side by side and at the end. */
    private static void large(OutboundScript script) {
        script.message(20_000, false, true);
        script.message(9, false, false);
        script.control(0);
        script.message(16_384, true, true);
        script.message(16_384, false, true);
        script.message(60_000, true, false);
        script.control(2);
        script.message(100_000, false, false);
        for (int i = 0; i < 16; i++) { // more than one chunk refers to
            script.message(20_000 + i, i % 2 == 0, true);
        }
    }

    @Test
    void afterEachByteOfFramesOfEachKind() {
        for (int cut = 0; cut <= total(OutboundCutTest::small); cut++) {
            cutAt(cut, OutboundCutTest::small);
        }
    }

    @Test
    void aroundEachEdgeOfLargeFrames() {
        TreeSet<Integer> cuts = new TreeSet<>();
        try (OutboundFixture f = new OutboundFixture(1 << 30)) {
            OutboundScript script = new OutboundScript(f.buffer);
            large(script);
            int end = 0;
            for (OutboundScript.Frame frame : script.accepted) {
                cuts.addAll(List.of(
                        end,
                        end + 1,
                        end + frame.text().indexOf('\n'),
                        end + frame.text().indexOf('\n') + 1));
                end += frame.length();
                cuts.addAll(List.of(end - 3, end - 2, end - 1, end));
            }
        }
        cuts.forEach(cut -> cutAt(cut, OutboundCutTest::large));
    }

    private static int total(Consumer<OutboundScript> frames) {
        try (OutboundFixture f = new OutboundFixture(1 << 30)) {
            OutboundScript script = new OutboundScript(f.buffer);
            frames.accept(script);
            return script.bytesFrom(0).length;
        }
    }

    private static void cutAt(int cut, Consumer<OutboundScript> frames) {
        try (OutboundFixture f = new OutboundFixture(1 << 30)) {
            OutboundScript script = new OutboundScript(f.buffer);
            frames.accept(script);
            f.channel.allow(cut).breakWhenExhausted();
            f.attached().run();
            f.assertAddsUp();
            frames.accept(script); // these still wait when the connection ends
            f.assertAddsUp();
            byte[] firstWire = f.channel.wire();
            f.loseChannel();
            f.assertAddsUp();

            assertThat(firstWire).isEqualTo(Arrays.copyOf(script.bytesFrom(0), cut));
            int kept = firstKept(script, f.buffer.queuedBytes());
            int end = 0;
            long written = 0;
            long lost = 0;
            for (OutboundScript.Frame frame : script.accepted.subList(0, kept)) {
                end += frame.length();
                if (frame.message()) {
                    written += end <= cut ? 1 : 0;
                    lost += end <= cut ? 0 : 1;
                    assertThat(frame.handed().isDone()).isTrue();
                    assertThat(frame.handed().isCompletedExceptionally())
                            .as("frame that ends at %d, cut at %d", end, cut)
                            .isEqualTo(end > cut);
                }
            }
            OutboundCounts counts = f.buffer.counts();
            assertThat(counts.writtenBytes()).as("cut at %d", cut).isEqualTo(cut);
            assertThat(counts.writtenMessages()).as("cut at %d", cut).isEqualTo(written);
            assertThat(counts.discardedMessages()).as("cut at %d", cut).isEqualTo(lost);
            if (lost > 0) {
                assertThat(f.discards).containsExactly(new OutboundFixture.Discard(lost, end - cut, f.cut));
            } else {
                assertThat(f.discards).isEmpty();
            }

            // The next connection begins with a whole frame, and nothing comes twice.
            f.nextChannel();
            assertThat(f.channel.wire()).isEqualTo(script.bytesFrom(kept));
            f.assertAddsUp();
        }
    }

    /** The frame with which the next connection begins: what is queued is whole frames. */
    private static int firstKept(OutboundScript script, long queued) {
        int first = script.accepted.size();
        long bytes = 0;
        while (bytes < queued) {
            first--;
            bytes += script.accepted.get(first).length();
        }
        assertThat(bytes).isEqualTo(queued);
        return first;
    }

    @Test
    void byteByByteItAddsUpAtEachStep() {
        try (OutboundFixture f = new OutboundFixture(1 << 30).attached()) {
            OutboundScript script = new OutboundScript(f.buffer);
            f.channel.allow(0);
            small(script);
            f.run();
            small(script);
            int total = script.bytesFrom(0).length;
            for (int i = 1; i <= total; i++) {
                assertThat(f.buffer.queuedBytes()).isPositive();
                f.channel.allow(1);
                f.assertAddsUp();
                assertThat(f.channel.wire()).hasSize(i);
            }
            assertThat(f.channel.wire()).isEqualTo(script.bytesFrom(0));
            assertThat(f.buffer.queuedBytes()).isZero();
            assertThat(f.buffer.counts().writtenMessages()).isEqualTo(10);
        }
    }

    @Test
    void behindAHandlerThatChangesBytesOnlyWholeChunksAreKnownToBeWritten() {
        ChannelOutboundHandlerAdapter copies = new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ByteBuf bytes = (ByteBuf) message;
                ByteBuf copy = ctx.alloc().buffer(bytes.readableBytes()).writeBytes(bytes); // consumes, as TLS does
                bytes.release();
                ChannelFuture unused = ctx.write(copy, promise);
            }
        };
        try (OutboundFixture f = new OutboundFixture(1 << 30, Runnable::run, copies)) {
            OutboundScript script = new OutboundScript(f.buffer);
            small(script);
            int first = script.bytesFrom(0).length;
            f.attached().run();
            small(script);
            f.channel.allow(first - 1).breakWhenExhausted();
            f.run();
            f.loseChannel();
            assertThat(f.buffer.counts().writtenMessages()).isEqualTo(5);
            assertThat(f.buffer.counts().writtenBytes()).isEqualTo(first);
            assertThat(f.buffer.counts().discardedMessages()).isEqualTo(5);
            f.assertAddsUp();
        }
    }
}
