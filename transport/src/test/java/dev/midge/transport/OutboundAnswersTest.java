// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static dev.midge.transport.OutboundFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers of a thread that holds back, which need not take the lock: what they promise is what all others do. R-B2, R-B4, R-B10 */
class OutboundAnswersTest {
    private static final long WATCH_MILLIS = TimeUnit.NANOSECONDS.toMillis(OutboundWriter.WATCH_NANOS);
    private static final long FOREVER = TimeUnit.SECONDS.toNanos(30);
    private static final String FRAME = "PUB a 1\r\nx\r\n";

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Outcome answer(OutboundFixture f, String subject, String payload) {
        return answer(f, subject, utf8(payload));
    }

    private static Outcome answer(OutboundFixture f, String subject, byte[] payload) {
        try {
            return f.buffer.publish(utf8(subject), payload, 0);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void elsewhere(Callable<?> action) throws Exception {
        FutureTask<?> task = new FutureTask<>(action);
        Thread thread = new Thread(task);
        thread.start();
        assertThat(task).succeedsWithin(30, TimeUnit.SECONDS);
        thread.join();
    }

    /** Holds back, and the last answer before went into the buffer: the next one does not. */
    private static OutboundFixture holding(long limit) {
        OutboundFixture f = new OutboundFixture(limit).attached();
        f.buffer.hold();
        answer(f, "w", "");
        f.run(); // the event loop watches from now on
        answer(f, "w", "");
        f.run();
        f.buffer.letGo();
        f.run();
        assertThat(f.channel.text()).isEqualTo("PUB w 0\r\n\r\n".repeat(2));
        f.buffer.hold();
        answer(f, "w", "");
        return f;
    }

    private static String behind(OutboundFixture f) {
        String text = f.channel.text();
        assertThat(text).startsWith("PUB w 0\r\n\r\n".repeat(3));
        return text.substring("PUB w 0\r\n\r\n".length() * 3);
    }

    @Test
    void leaveTogether() {
        try (OutboundFixture f = holding(1 << 20)) {
            int before = f.channel.gatheringWrites();
            long queued = f.buffer.queuedMessages();
            answer(f, "a", "x");
            answer(f, "a", "x");
            assertThat(f.isDrainScheduled()).isFalse();
            assertThat(f.buffer.queuedMessages()).as("without the lock").isEqualTo(queued);
            f.buffer.letGo();
            f.run();
            assertThat(behind(f)).isEqualTo(FRAME.repeat(2));
            assertThat(f.channel.gatheringWrites() - before).isEqualTo(1);
            answer(f, "a", "x");
            assertThat(f.isDrainScheduled()).as("held back no longer").isTrue();
            f.run();
            f.assertAddsUp();
        }
    }

    /** Whatever takes the lock takes them along, and they come first. */
    @Test
    void comeBeforeWhatComesLater() throws Exception {
        try (OutboundFixture f = holding(1 << 20)) {
            answer(f, "a", "x");
            f.buffer.ping();
            answer(f, "a", "x");
            f.publish("b", "y");
            answer(f, "a", "x");
            elsewhere(() -> f.publish("c", "z"));
            answer(f, "a", "x");
            f.run();
            assertThat(behind(f))
                    .isEqualTo(FRAME + "PING\r\n" + FRAME + "PUB b 1\r\ny\r\n" + FRAME + "PUB c 1\r\nz\r\n");
            f.buffer.letGo();
            f.run();
            assertThat(behind(f)).endsWith("PUB c 1\r\nz\r\n" + FRAME);
        }
    }

    @Test
    void areCounted() {
        try (OutboundFixture f = holding(1 << 20)) {
            long before = f.buffer.counts().acceptedMessages();
            answer(f, "a", "x");
            assertThat(f.buffer.counts().acceptedMessages() - before).isEqualTo(1);
            f.assertAddsUp();
            f.buffer.letGo();
            f.run();
            assertThat(behind(f)).isEqualTo(FRAME);
        }
    }

    @Test
    void aFullPlaceIsEmptied() {
        try (OutboundFixture f = holding(1 << 20)) {
            byte[] payload = bytes(1000);
            int count = 2 * HeldFrames.CAPACITY / payload.length;
            for (int i = 0; i < count; i++) {
                answer(f, "a", payload);
            }
            assertThat(f.isDrainScheduled()).isTrue();
            f.buffer.letGo();
            f.run();
            assertThat(behind(f)).isEqualTo(("PUB a 1000\r\n" + OutboundFixture.text(1000) + "\r\n").repeat(count));
        }
    }

    @Test
    void longOnesGoTheOtherWay() {
        try (OutboundFixture f = holding(1 << 20)) {
            answer(f, "a", "x");
            answer(f, "b", bytes(5000));
            answer(f, "a", "x");
            f.buffer.letGo();
            f.run();
            assertThat(behind(f)).isEqualTo(FRAME + "PUB b 5000\r\n" + OutboundFixture.text(5000) + "\r\n" + FRAME);
        }
    }

    @Test
    void payloadsOfAllLengths() {
        try (OutboundFixture f = holding(1 << 20)) {
            StringBuilder all = new StringBuilder();
            for (int length = 0; length <= 1100; length++) {
                answer(f, "é" + "a".repeat(length % 70), bytes(length));
                all.append("PUB é").append("a".repeat(length % 70)).append(' ').append(length);
                all.append("\r\n").append(OutboundFixture.text(length)).append("\r\n");
            }
            f.buffer.letGo();
            f.run();
            assertThat(f.channel.text()).endsWith(new String(utf8(all.toString()), StandardCharsets.UTF_8));
        }
    }

    /** Nobody has to wait for a thread that stands still. */
    @Test
    void leaveWithoutTheirThread() {
        try (OutboundFixture f = holding(1 << 20)) {
            answer(f, "a", "x");
            f.passMillis(WATCH_MILLIS);
            f.passMillis(WATCH_MILLIS);
            assertThat(behind(f)).isEqualTo(FRAME);
            answer(f, "a", "x");
            assertThat(f.isDrainScheduled()).as("nothing more is held back").isTrue();
            f.run();
            f.buffer.letGo();
            for (int i = 0; i < 3; i++) {
                f.passMillis(WATCH_MILLIS);
            }
            assertThat(f.isAnythingTimed()).isFalse();
        }
    }

    @Test
    void thatNobodyWatchesAreNotHeldBack() {
        try (OutboundFixture f = holding(1 << 20)) {
            f.buffer.letGo();
            f.run();
            for (int i = 0; i < 4; i++) {
                f.passMillis(WATCH_MILLIS);
            }
            f.buffer.hold();
            answer(f, "a", "x");
            assertThat(f.isDrainScheduled()).isTrue();
            f.run();
            f.buffer.letGo();
        }
    }

    @Test
    void ofOneThreadAtATime() throws Exception {
        try (OutboundFixture f = holding(1 << 20)) {
            answer(f, "a", "x");
            elsewhere(() -> {
                f.buffer.hold();
                answer(f, "b", "y");
                assertThat(f.isDrainScheduled()).as("of another").isTrue();
                answer(f, "b", "y");
                f.buffer.letGo();
                return null;
            });
            answer(f, "a", "x");
            f.buffer.letGo();
            f.run();
            assertThat(behind(f)).isEqualTo(FRAME + "PUB b 1\r\ny\r\n".repeat(2) + FRAME);
        }
    }

    @Test
    void stayForTheNextServer() {
        try (OutboundFixture f = holding(1 << 20)) {
            answer(f, "a", "x");
            f.loseChannel();
            f.buffer.suspend(WhileSuspended.KEEP, 1 << 20, f.cut);
            answer(f, "a", "x");
            f.buffer.resume();
            f.nextChannel();
            f.buffer.letGo();
            f.run();
            assertThat(f.channel.text()).endsWith(FRAME.repeat(2));
            assertThat(f.discards).hasSizeLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DISCARD", "REFUSE"})
    void areToldOfWhenTheyAreLost(WhileSuspended policy) {
        try (OutboundFixture f = holding(1 << 20)) {
            answer(f, "a", "x");
            f.loseChannel();
            f.buffer.suspend(policy, 1 << 20, f.cut);
            assertThat(answer(f, "a", "x"))
                    .isEqualTo(policy == WhileSuspended.DISCARD ? Outcome.ACCEPTED : Outcome.SUSPENDED);
            f.run();
            f.assertAddsUp();
            f.buffer.discard(f.cut);
            assertThat(answer(f, "a", "x")).isEqualTo(Outcome.CLOSED);
            f.buffer.letGo();
            f.run();
            f.assertAddsUp();
        }
    }

    /** The limit is asked before frames are held back; what it then has left is enough for all of them. */
    @Test
    void areBoundedAsAllOthers() {
        try (OutboundFixture f = holding(2 * HeldFrames.CAPACITY)) {
            f.channel.allow(0);
            long accepted = 0;
            while (answer(f, "a", "x") == Outcome.ACCEPTED) {
                f.run();
                accepted++;
                assertThat(accepted * FRAME.length()).isLessThan(4L * HeldFrames.CAPACITY);
            }
            assertThat(accepted * FRAME.length()).isGreaterThan(HeldFrames.CAPACITY);
            f.channel.allow(Long.MAX_VALUE);
            f.run();
            f.buffer.letGo();
            f.run();
            assertThat(behind(f)).isEqualTo(FRAME.repeat((int) accepted));
        }
    }

    /** While another thread does all that may come between. */
    @Test
    void noneIsMissingAndNoneIsThereTwice() throws Exception {
        int count = 200_000;
        try (OutboundSocket s = new OutboundSocket(TransportKind.NIO, 1 << 20, Runnable::run)) {
            AtomicBoolean over = new AtomicBoolean();
            FutureTask<Integer> others = new FutureTask<>(() -> {
                int published = 0;
                while (!over.get()) {
                    s.buffer.ping();
                    s.buffer.counts();
                    s.buffer.hold();
                    assertThat(s.buffer.publish(utf8("other"), utf8("" + published++), FOREVER))
                            .isEqualTo(Outcome.ACCEPTED);
                    s.buffer.letGo();
                }
                assertThat(s.buffer.publish(utf8("end"), utf8(""), FOREVER)).isEqualTo(Outcome.ACCEPTED);
                return published;
            });
            FutureTask<List<Integer>> reader = new FutureTask<>(() -> {
                List<Integer> read = new ArrayList<>();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(s.peer.getInputStream(), StandardCharsets.UTF_8));
                String line = lines.readLine();
                while (!line.startsWith("PUB end")) { // or the other thread would wait for room
                    if (line.startsWith("PUB mine")) {
                        read.add(Integer.parseInt(lines.readLine()));
                        over.set(read.size() == count);
                    }
                    line = lines.readLine();
                }
                return read;
            });
            Thread[] threads = {new Thread(others), new Thread(reader)};
            for (Thread thread : threads) {
                thread.start();
            }
            byte[] subject = utf8("mine");
            for (int i = 0; i < count; i++) {
                if (i % 64 == 0) {
                    s.buffer.hold();
                }
                assertThat(s.buffer.publish(subject, utf8("" + i), FOREVER)).isEqualTo(Outcome.ACCEPTED);
                if (i % 64 == 63) {
                    s.buffer.letGo();
                }
            }
            assertThat(reader.get(30, TimeUnit.SECONDS))
                    .hasSize(count)
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(others.get(30, TimeUnit.SECONDS)).isPositive();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    /** Put there just when the buffer was closed: nobody can have seen it before. */
    @Test
    void oneThatComesTooLateIsToldOf() {
        HeldFrames frames = new HeldFrames();
        frames.open();
        assertThat(frames.add(utf8("a"), utf8("x"))).isEqualTo(HeldFrames.Taken.HELD);
        assertThat(HeldFrames.messagesOf(frames.pending())).isEqualTo(1);
        assertThat(HeldFrames.bytesOf(frames.pending())).isEqualTo(FRAME.length());
        assertThat(frames.close()).isTrue();
        assertThat(frames.close()).isFalse();
        assertThat(frames.add(utf8("a"), utf8("x"))).isEqualTo(HeldFrames.Taken.NOT);
        frames.move(frames.pending(), null);
        assertThat(frames.pending()).isZero();
        assertThat(new Suspension().lost()).isInstanceOf(ClosedChannelException.class);
    }
}
