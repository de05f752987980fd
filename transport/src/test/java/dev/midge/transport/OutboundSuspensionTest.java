// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** R-B2, R-B3: between two channels. */
class OutboundSuspensionTest {
    private static final long LARGE = 1 << 30;

    private static void small(OutboundScript script) {
        script.control(2);
        script.message(17, true, false);
        script.control(0);
        script.control(3);
        script.message(40, false, true);
        script.message(0, false, false);
        script.control(1);
    }

    private static void large(OutboundScript script) {
        script.control(0);
        script.message(20_000, false, true);
        script.control(2);
        script.message(9, false, false);
        script.message(16_384, true, true);
        script.control(3);
        script.message(16_384, false, true);
        script.message(100_000, false, false);
        script.control(2);
        script.control(3);
    }

    private static byte[] messages(OutboundScript script) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        script.accepted.stream()
                .filter(OutboundScript.Frame::message)
                .forEach(frame -> bytes.writeBytes(frame.bytes()));
        return bytes.toByteArray();
    }

    @Test
    void controlFramesAreForTheServerThatIsGone() {
        for (Consumer<OutboundScript> frames :
                List.<Consumer<OutboundScript>>of(OutboundSuspensionTest::small, OutboundSuspensionTest::large)) {
            try (OutboundFixture f = new OutboundFixture(LARGE)) {
                OutboundScript script = new OutboundScript(f.buffer);
                frames.accept(script);
                assertThat(f.buffer.suspend(WhileSuspended.KEEP, LARGE, f.cut))
                        .as("PINGs")
                        .isEqualTo(1);
                f.assertAddsUp();
                assertThat(f.buffer.queuedBytes()).isEqualTo(messages(script).length);
                for (int kind = 0; kind < 4; kind++) {
                    assertThat(script.control(kind)).isEqualTo(Outcome.SUSPENDED);
                }
                script.message(5, false, false);
                f.buffer.resume();
                f.attached().run();

                assertThat(f.channel.wire()).isEqualTo(messages(script));
                assertThat(script.accepted)
                        .filteredOn(OutboundScript.Frame::message)
                        .allSatisfy(frame -> assertThat(frame.handed()).isCompleted());
                assertThat(f.discards).as("no message was").isEmpty();
                assertThat(script.control(0)).isEqualTo(Outcome.ACCEPTED);
            }
        }
    }

    @Test
    void nothingButControlFramesLeavesNothing() {
        try (OutboundFixture f = new OutboundFixture(LARGE)) {
            OutboundScript script = new OutboundScript(f.buffer);
            for (int i = 0; i < 20_000; i++) { // several chunks
                script.control(i);
            }
            f.buffer.suspend(WhileSuspended.KEEP, LARGE, f.cut);
            assertThat(f.buffer.queuedBytes()).isZero();
            f.assertAddsUp();
            f.buffer.resume();
            f.attached().run();
            assertThat(f.channel.wire()).isEmpty();
        }
    }

    /** What hangs on a message whose place has moved is told of that message. */
    @Test
    void cutInWhatWasMoved() {
        int total;
        try (OutboundFixture f = new OutboundFixture(LARGE)) {
            OutboundScript script = new OutboundScript(f.buffer);
            small(script);
            total = messages(script).length;
        }
        for (int cut = 0; cut <= total; cut++) {
            try (OutboundFixture f = new OutboundFixture(LARGE)) {
                OutboundScript script = new OutboundScript(f.buffer);
                small(script);
                f.buffer.suspend(WhileSuspended.KEEP, LARGE, f.cut);
                f.buffer.resume();
                f.channel.allow(cut).breakWhenExhausted();
                f.attached().run();
                f.loseChannel();
                f.assertAddsUp();
                int end = 0;
                for (OutboundScript.Frame frame : script.accepted) {
                    if (frame.message()) {
                        end += frame.length();
                        assertThat(frame.handed().isCompletedExceptionally())
                                .as("frame that ends at %d, cut at %d", end, cut)
                                .isEqualTo(end > cut);
                    }
                }
            }
        }
    }

    @Test
    void whatIsKeptHasALimitOfItsOwn() {
        try (OutboundFixture f = new OutboundFixture(100)) {
            f.buffer.suspend(WhileSuspended.KEEP, 40, f.cut);
            assertThat(f.buffer.limit()).isEqualTo(40);
            assertThat(f.publish("a", OutboundFixture.text(20))).isEqualTo(Outcome.ACCEPTED);
            assertThat(f.publish("a", OutboundFixture.text(20))).isEqualTo(Outcome.FULL);
            f.buffer.resume();
            assertThat(f.buffer.limit()).isEqualTo(100);
            assertThat(f.publish("a", OutboundFixture.text(20))).isEqualTo(Outcome.ACCEPTED);
        }
    }

    @Test
    void refuses() {
        try (OutboundFixture f = new OutboundFixture(LARGE)) {
            assertThat(f.publish("before", "1")).isEqualTo(Outcome.ACCEPTED);
            f.buffer.suspend(WhileSuspended.REFUSE, LARGE, f.cut);
            CompletableFuture<Void> handed = new CompletableFuture<>();
            assertThat(f.publish("a", new byte[3], handed)).isEqualTo(Outcome.SUSPENDED);
            assertThat(handed).isNotDone();
            f.buffer.resume();
            assertThat(f.publish("b", "2")).isEqualTo(Outcome.ACCEPTED);
            f.attached().run();
            assertThat(f.channel.wire()).asString().isEqualTo("PUB before 1\r\n1\r\nPUB b 1\r\n2\r\n");
        }
    }

    @Test
    void discardsAndReports() {
        try (OutboundFixture f = new OutboundFixture(LARGE)) {
            assertThat(f.publish("before", "1")).isEqualTo(Outcome.ACCEPTED);
            f.buffer.suspend(WhileSuspended.DISCARD, LARGE, f.cut);
            CompletableFuture<Void> handed = new CompletableFuture<>();
            assertThat(f.publish("a", new byte[3], handed)).isEqualTo(Outcome.ACCEPTED);
            assertThat(f.publish("a", "123")).isEqualTo(Outcome.ACCEPTED);
            f.assertAddsUp();
            assertThat(f.buffer.counts().discardedMessages()).isEqualTo(2);
            assertThat(f.discards).isEmpty();
            f.run();
            assertThat(f.discards)
                    .containsExactly(new OutboundFixture.Discard(2, 2L * "PUB a 3\r\n123\r\n".length(), f.cut));
            assertThat(handed).isCompletedExceptionally();
            assertThat(handed.handle((nothing, failure) -> failure))
                    .isCompletedWithValueMatching(
                            failure -> failure == f.cut || failure instanceof CompletionException);
            assertThat(f.publish("a", "4")).isEqualTo(Outcome.ACCEPTED);
            f.run();
            assertThat(f.discards).hasSize(2);
            f.buffer.resume();
            f.attached().run();
            assertThat(f.channel.wire()).asString().isEqualTo("PUB before 1\r\n1\r\n");
        }
    }

    /** As for an orderly move to another server: what was given to the channel is written, the rest waits for the next. */
    @Test
    void aReleasedChannelWritesWhatItHas() {
        try (OutboundFixture f = new OutboundFixture(LARGE)) {
            AtomicInteger written = new AtomicInteger();
            f.channel.allow(4);
            f.attached();
            f.publish("a", "1");
            f.run();
            f.publish("b", "2");
            f.buffer.suspend(WhileSuspended.KEEP, LARGE, f.cut);
            f.buffer.release(written::incrementAndGet);
            f.run();
            assertThat(written).hasValue(0);
            f.channel.allow(1000);
            f.run();
            assertThat(written).hasValue(1);
            assertThat(f.channel.wire()).asString().isEqualTo("PUB a 1\r\n1\r\n");
            f.channel.finishAndReleaseAll();
            f.buffer.resume();
            f.nextChannel();
            assertThat(f.channel.wire()).asString().isEqualTo("PUB b 1\r\n2\r\n");
            assertThat(f.discards).isEmpty();

            f.buffer.suspend(WhileSuspended.KEEP, LARGE, f.cut);
            f.buffer.release(written::incrementAndGet);
            assertThat(written).as("at once, as nothing is under way").hasValue(2);
        }
    }

    @Test
    void aReleasedChannelThatIsLostIsReported() {
        try (OutboundFixture f = new OutboundFixture(LARGE)) {
            AtomicInteger written = new AtomicInteger();
            f.channel.allow(4);
            f.attached();
            f.publish("a", "1");
            f.run();
            f.buffer.suspend(WhileSuspended.KEEP, LARGE, f.cut);
            f.buffer.release(written::incrementAndGet);
            f.loseChannel();
            assertThat(f.discards).hasSize(1);
            assertThat(written).hasValue(0);
            f.buffer.resume();
            f.nextChannel();
        }
    }

    /** A channel that fails to be written to is closed, and says no more than that: the buffer knows why. */
    @Test
    void tellsWhatWritingFailedWith() {
        try (OutboundFixture f = new OutboundFixture(LARGE)) {
            f.channel.allow(4).breakWhenExhausted();
            f.attached();
            assertThat(f.buffer.writeFailure()).isNull();
            f.publish("a", "1");
            f.run();
            f.loseChannel();
            assertThat(f.buffer.writeFailure()).isInstanceOf(IOException.class);
            f.nextChannel();
            assertThat(f.buffer.writeFailure()).isNull();
        }
    }

    @Test
    void whatEndsStaysEnded() {
        try (OutboundFixture f = new OutboundFixture(LARGE)) {
            f.buffer.refuse();
            f.buffer.suspend(WhileSuspended.KEEP, LARGE, f.cut);
            f.buffer.resume();
            assertThat(f.publish("a", "1")).isEqualTo(Outcome.CLOSED);
            assertThat(f.buffer.ping()).isEqualTo(Outcome.CLOSED);
        }
    }
}
