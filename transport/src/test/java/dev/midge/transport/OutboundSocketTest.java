// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.midge.testkit.base.LeakCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The buffer on real sockets whose peer is slow, stops or breaks the connection, with publishers that wait. */
@LeakCheck.PerClass(because = "the publishers' threads are shared by the tests")
class OutboundSocketTest {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static final long FOREVER = TimeUnit.SECONDS.toNanos(30);

    @AfterAll
    static void endThreads() throws InterruptedException {
        THREADS.shutdown();
        assertThat(THREADS.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Publishes numbered messages of many sizes until all are accepted or the buffer takes no more. */
    private static Callable<Integer> publisher(OutboundBuffer buffer, int id, int count, boolean byReference) {
        return () -> {
            ByteBuf large = Unpooled.directBuffer().writeZero(20_000);
            try {
                for (int i = 0; i < count; i++) {
                    String subject = "p" + id + "." + i;
                    Outcome outcome = byReference && i % 50 == 0
                            ? buffer.publish(subject, null, null, large, FOREVER, null)
                            : buffer.publish(subject, null, null, new byte[i % 300], 0, i % 300, FOREVER, null, null);
                    if (outcome != Outcome.ACCEPTED) {
                        assertThat(outcome).isEqualTo(Outcome.CLOSED);
                        return i;
                    }
                }
                return count;
            } finally {
                large.release();
            }
        };
    }

    /** Reads frames and checks that the messages of each publisher come in order, none missing, none twice. */
    private static final class FrameReader {
        private static final Pattern PUB = Pattern.compile("PUB p(\\d+)\\.(\\d+) (\\d+)\r");

        final int[] next;
        int whole;
        int pongs;
        private final InputStream in;

        FrameReader(InputStream in, int publishers) {
            this.in = in;
            this.next = new int[publishers];
        }

        /** False at the end of the stream, be it in the middle of a frame. */
        boolean readFrame() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    return false;
                }
                line.write(b);
            }
            String text = line.toString(StandardCharsets.US_ASCII);
            if (text.equals("PONG\r")) {
                pongs++;
                return true;
            }
            Matcher frame = PUB.matcher(text);
            assertThat(frame.matches()).as(text).isTrue();
            int length = Integer.parseInt(frame.group(3));
            if (in.readNBytes(length + 2).length < length + 2) {
                return false;
            }
            int id = Integer.parseInt(frame.group(1));
            assertThat(Integer.parseInt(frame.group(2))).isEqualTo(next[id]++);
            whole++;
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void manyPublishersAndASlowPeer(TransportKind kind) throws Exception { // R-B1, R-B5, R-B6
        int publishers = 4;
        int count = 3_000;
        try (OutboundSocket s = new OutboundSocket(kind, 64 << 10, THREADS)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int id = 0; id < publishers; id++) {
                results.add(THREADS.submit(publisher(s.buffer, id, count, id % 2 == 0)));
            }
            FrameReader reader = new FrameReader(s.peer.getInputStream(), publishers);
            long mostMemory = 0;
            while (reader.whole < publishers * count) {
                assertThat(reader.readFrame()).isTrue();
                mostMemory = Math.max(mostMemory, s.allocator.usedMemory());
                s.assertAddsUp();
            }
            for (Future<Integer> result : results) {
                assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(count);
            }
            assertThat(mostMemory).isLessThan(1 << 20);
            CompletableFuture<Void> last = new CompletableFuture<>();
            s.buffer.publish("p0." + count, null, null, new byte[0], 0, 0, FOREVER, last, null);
            assertThat(last).succeedsWithin(30, TimeUnit.SECONDS);
            assertThat(reader.readFrame()).isTrue();
            assertThat(s.buffer.counts().writtenMessages()).isEqualTo(publishers * count + 1);
            assertThat(s.discards).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aPeerThatResetsTheConnection(TransportKind kind) throws Exception { // R-B2
        for (int bytes = 0; bytes < 400_000; bytes += 37_777) {
            breakAt(kind, bytes, true);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aPeerThatEndsTheConnection(TransportKind kind) throws Exception { // R-B2
        for (int bytes = 0; bytes < 400_000; bytes += 77_777) {
            breakAt(kind, bytes, false);
        }
    }

    private static void breakAt(TransportKind kind, int bytes, boolean reset) throws Exception {
        try (OutboundSocket s = new OutboundSocket(kind, 256 << 10, THREADS)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int id = 0; id < 2; id++) {
                results.add(THREADS.submit(publisher(s.buffer, id, Integer.MAX_VALUE, id == 0)));
            }
            byte[] received = s.peer.getInputStream().readNBytes(bytes);
            s.peer.setSoLinger(reset, 0);
            s.peer.close();
            s.awaitEnd();
            long accepted = 0;
            for (Future<Integer> result : results) {
                accepted += result.get(30, TimeUnit.SECONDS); // those that waited for space are told, too
            }
            FrameReader reader = new FrameReader(new ByteArrayInputStream(received), 2);
            boolean more = true;
            while (more) {
                more = reader.readFrame();
            }
            OutboundCounts counts = s.buffer.counts();
            assertThat(counts.acceptedMessages()).isEqualTo(accepted);
            assertThat(counts.writtenMessages() + counts.discardedMessages()).isEqualTo(accepted);
            assertThat(counts.writtenMessages()).isGreaterThanOrEqualTo(reader.whole);
            assertThat(counts.writtenBytes()).isGreaterThanOrEqualTo(bytes);
            // What was in the channel, and what came when that had made space.
            assertThat(counts.discardedBytes()).isLessThan(512 << 10);
            assertThat(s.discards.stream().map(OutboundFixture.Discard::messages))
                    .isEqualTo(counts.discardedMessages() == 0 ? List.of() : List.of(counts.discardedMessages()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aPeerThatStopsReading(TransportKind kind) throws Exception { // R-A5, R-B5, R-B6
        long limit = 100_000;
        try (OutboundSocket s = new OutboundSocket(kind, limit, THREADS)) {
            byte[] payload = new byte[1_000];
            fill(s, payload);
            CountDownLatch looked = new CountDownLatch(1);
            s.loop.execute(() -> await(looked)); // writes nothing meanwhile, whatever the kernel could take
            untilFull(handed -> s.buffer.publish("a", null, null, payload, 0, 1_000, 0, handed, null));
            assertThat(s.buffer.queuedBytes()).isBetween(limit - 2_000, limit);
            assertThat(s.allocator.usedMemory()).isLessThan(3 * limit);
            looked.countDown();

            long wait = TimeUnit.MILLISECONDS.toNanos(200);
            assertThat(untilFull(handed -> s.buffer.publish("a", null, null, payload, 0, 1_000, wait, handed, null)))
                    .isGreaterThanOrEqualTo(wait);
            untilFull(handed -> s.buffer.publish("a", null, null, payload, 0, 1_000, 0, handed, null));

            // On a loop nothing waits, be it the loop of another connection.
            EventLoops.Lease other = EventLoops.own(TransportKind.NIO, 1).acquire();
            untilFull(handed -> other.next()
                    .submit(() -> s.buffer.publish("a", null, null, payload, 0, 1_000, FOREVER, handed, null))
                    .get(30, TimeUnit.SECONDS));
            other.release();

            Thread.currentThread().interrupt();
            CompletableFuture<Void> interrupted = new CompletableFuture<>();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> {
                while (true) { // an interrupt is told by a publish that has to wait
                    s.buffer.publish("a", null, null, payload, 0, 1_000, FOREVER, interrupted, null);
                }
            });

            Future<Integer> waiting = THREADS.submit(publisher(s.buffer, 0, 1_000_000, true));
            Future<Outcome> large = THREADS.submit(() -> s.buffer.publish(
                    "a", null, null, new byte[(int) limit * 2], 0, (int) limit * 2, FOREVER, null, null));
            s.buffer.refuse();
            assertThat(waiting.get(30, TimeUnit.SECONDS)).isLessThan(1_000_000);
            assertThat(large.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.CLOSED);
            s.assertAddsUp();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Until there is no room for a while, and it was not that the loop had no time to make some. */
    private static void fill(OutboundSocket s, byte[] payload) throws InterruptedException {
        long wait = TimeUnit.MILLISECONDS.toNanos(50);
        int full = 0;
        while (full < 3) {
            Outcome outcome = s.buffer.publish("a", null, null, payload, 0, payload.length, wait, null, null);
            assertThat(outcome).isIn(Outcome.ACCEPTED, Outcome.FULL);
            full = outcome == Outcome.FULL ? full + 1 : 0;
            s.loop.submit(() -> {}).sync();
        }
    }

    private interface Attempt {
        Outcome publish(CompletableFuture<Void> handed) throws Exception;
    }

    /**
     * Publishes until there is no room: a kernel whose buffers are full takes a little more when it probes the peer's
     * window. Gives how long the attempt took that found none.
     */
    private static long untilFull(Attempt attempt) throws Exception {
        while (true) {
            CompletableFuture<Void> handed = new CompletableFuture<>();
            long start = System.nanoTime();
            Outcome outcome = attempt.publish(handed);
            if (outcome == Outcome.FULL) {
                assertThat(handed).isNotDone();
                return System.nanoTime() - start;
            }
            assertThat(outcome).isEqualTo(Outcome.ACCEPTED);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aLargeFrameIsNotStarvedBySmallOnes(TransportKind kind) throws Exception {
        try (OutboundSocket s = new OutboundSocket(kind, 50_000, THREADS)) {
            Future<Integer> small = THREADS.submit(publisher(s.buffer, 0, Integer.MAX_VALUE, false));
            Future<Outcome> large = THREADS.submit(
                    () -> s.buffer.publish("large", null, null, new byte[120_000], 0, 120_000, FOREVER, null, null));
            byte[] read = new byte[10_000];
            while (!large.isDone()) {
                assertThat(s.peer.getInputStream().read(read)).isPositive();
            }
            assertThat(large.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.ACCEPTED);
            s.buffer.refuse();
            small.get(30, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aLonePublishLeavesAtOnceAndSoDoReplies(TransportKind kind) throws Exception { // R-B10
        try (OutboundSocket s = new OutboundSocket(kind, 1 << 20, THREADS)) {
            FrameReader reader = new FrameReader(s.peer.getInputStream(), 1);
            for (int i = 0; i < 100; i++) {
                s.buffer.publish("p0." + i, null, null, new byte[i], 0, i, 0, null, null);
                assertThat(reader.readFrame()).isTrue();
                s.peer.getOutputStream().write('x');
                assertThat(reader.readFrame()).isTrue();
                assertThat(reader.pongs).isEqualTo(i + 1);
            }
        }
    }
}
