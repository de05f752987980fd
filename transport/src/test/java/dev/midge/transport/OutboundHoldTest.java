// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static dev.midge.transport.OutboundFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Frames that one thread publishes in a row, and which leave together. R-B10 */
class OutboundHoldTest {
    private static final long WATCH_MILLIS = TimeUnit.NANOSECONDS.toMillis(OutboundWriter.WATCH_NANOS);

    private static final long FOREVER = TimeUnit.SECONDS.toNanos(30);

    private static <T> FutureTask<T> elsewhere(Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        new Thread(task).start();
        return task;
    }

    private static void await(Future<?> task) throws Exception {
        assertThat(task).succeedsWithin(30, TimeUnit.SECONDS);
    }

    /** Nothing is held back until the event loop knows that somebody does so: the first time it does not. */
    private static OutboundFixture watched() {
        OutboundFixture f = new OutboundFixture(1 << 20).attached();
        f.buffer.hold();
        f.publish("w", "");
        assertThat(f.isDrainScheduled()).isTrue();
        f.run();
        f.buffer.letGo();
        assertThat(f.channel.text()).isEqualTo("PUB w 0\r\n\r\n");
        return f;
    }

    private static int frames(OutboundFixture f) {
        return f.channel.text().split("PUB a 1\r\nx\r\n", -1).length - 1;
    }

    @Test
    void leaveTogether() {
        try (OutboundFixture f = watched()) {
            int before = f.channel.gatheringWrites();
            f.buffer.hold();
            f.publish("a", "x");
            f.publish("a", "x");
            assertThat(f.isDrainScheduled()).isFalse();
            assertThat(f.buffer.queuedMessages()).isEqualTo(2);
            f.buffer.letGo();
            f.run();
            assertThat(frames(f)).isEqualTo(2);
            assertThat(f.channel.gatheringWrites() - before).isEqualTo(1);
            f.publish("a", "x");
            assertThat(f.isDrainScheduled()).as("held back no longer").isTrue();
            f.run();
            f.assertAddsUp();
        }
    }

    @Test
    void sixteenKibibytesAreEnough() {
        try (OutboundFixture f = watched()) {
            f.buffer.hold();
            f.publish("a", "x");
            assertThat(f.isDrainScheduled()).isFalse();
            f.publish("b", bytes(WakeUp.HELD_AT_MOST));
            assertThat(f.isDrainScheduled()).isTrue();
            f.run();
            assertThat(f.buffer.queuedMessages()).isZero();
            f.buffer.letGo();
        }
    }

    /** However fast the machine is: not for longer than that. */
    @Test
    void moreThatComesLateIsNotHeldBack() {
        try (OutboundFixture f = watched()) {
            f.buffer.hold();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            long published = 0;
            while (!f.isDrainScheduled() && System.nanoTime() - end < 0) {
                long next = System.nanoTime() + WakeUp.HELD_FOR;
                f.publish("a", "x");
                published++;
                while (System.nanoTime() - next < 0) {
                    Thread.onSpinWait();
                }
            }
            assertThat(published).isLessThanOrEqualTo(5);
            f.buffer.letGo();
            f.run();
            assertThat(frames(f)).isEqualTo((int) published);
        }
    }

    @Test
    void anotherPublisherTakesThemAlong() throws Exception {
        try (OutboundFixture f = watched()) {
            f.buffer.hold();
            f.publish("a", "x");
            await(elsewhere(() -> f.publish("a", "x")));
            assertThat(f.isDrainScheduled()).isTrue();
            f.run();
            assertThat(frames(f)).isEqualTo(2);
            f.buffer.letGo();
        }
    }

    @Test
    void oneThreadAtATime() throws Exception {
        try (OutboundFixture f = watched()) {
            f.buffer.hold();
            f.publish("a", "x");
            await(elsewhere(() -> {
                f.buffer.hold();
                f.buffer.letGo();
                return null;
            }));
            assertThat(f.isDrainScheduled()).as("let go by another").isFalse();
            f.publish("a", "x");
            assertThat(f.isDrainScheduled()).isFalse();
            f.buffer.letGo();
            f.run();
            assertThat(frames(f)).isEqualTo(2);
        }
    }

    @Test
    void whoeverIsHeldUpHoldsNothingBack() {
        try (OutboundFixture f = watched()) {
            f.buffer.hold();
            f.publish("a", "x");
            f.passMillis(WATCH_MILLIS);
            f.passMillis(WATCH_MILLIS);
            assertThat(frames(f)).isEqualTo(1);
            f.publish("a", "x");
            assertThat(f.isDrainScheduled()).as("nor later").isTrue();
            f.run();
            f.buffer.letGo();
        }
    }

    @Test
    void theEventLoopStopsLooking() {
        try (OutboundFixture f = watched()) {
            f.buffer.hold();
            f.publish("a", "x");
            f.buffer.letGo();
            f.run();
            for (int i = 0; i < 3; i++) {
                f.passMillis(WATCH_MILLIS);
            }
            assertThat(f.isAnythingTimed()).isFalse();
            f.buffer.hold();
            f.publish("a", "x");
            assertThat(f.isDrainScheduled()).as("nobody looks").isTrue();
            f.run();
            f.buffer.letGo();
        }
    }

    /** Else nothing would wake the event loop ever again. */
    @Test
    void lettingGoOfNothingLeavesTheNextFrameToWakeTheLoop() {
        try (OutboundFixture f = watched()) {
            f.channel.allow(5);
            f.buffer.hold();
            f.publish("a", "x");
            f.buffer.readStarted();
            f.buffer.readComplete(); // the event loop was awake, and took it
            f.buffer.letGo();
            f.run();
            f.channel.allow(Long.MAX_VALUE);
            f.run();
            assertThat(frames(f)).isEqualTo(1);
            f.publish("a", "x");
            assertThat(f.isDrainScheduled()).isTrue();
            f.run();
            assertThat(frames(f)).isEqualTo(2);
        }
    }

    @Test
    void aPublisherThatWaitsForSpaceHoldsNothingBack() throws Exception {
        try (OutboundSocket s = new OutboundSocket(TransportKind.NIO, 1_000, Runnable::run)) {
            byte[] payload = bytes(700);
            Future<byte[]> read = elsewhere(() -> s.peer.getInputStream().readNBytes(100 * 713));
            for (int i = 0; i < 50; i++) {
                s.buffer.hold();
                for (int j = 0; j < 2; j++) {
                    assertThat(s.buffer.publish("a", null, null, payload, 0, 700, FOREVER, null, null))
                            .isEqualTo(Outcome.ACCEPTED);
                }
                s.buffer.letGo();
            }
            assertThat(read.get(30, TimeUnit.SECONDS)).hasSize(100 * 713);
        }
    }
}
