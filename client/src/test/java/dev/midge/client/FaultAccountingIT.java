// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.testkit.Cut;
import dev.midge.testkit.Fault;
import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.RecordedFrame;
import dev.midge.testkit.Recording;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * R-B2: what a connection says it has accepted, written, and discarded is compared with what a proxy saw whole, for
 * connections cut at places that a seed selects while several threads publish. docs/frame-proxy.md says what can hold
 * and why; the numbers in the comments here are those of its list.
 */
@NatsServerTest
class FaultAccountingIT {
    private static final int RUNS = 100;
    private static final int THREADS = 3;

    /** The largest payload; those from 16 KiB on are written by reference. */
    private static final int LARGEST = 24 << 10;

    /** Behind how many bytes the cut comes at most. */
    private static final int CUT_WITHIN = 1 << 20;

    private final NatsServer server;

    FaultAccountingIT(NatsServer server) {
        this.server = server;
    }

    /** One thread's doings. */
    private static final class Publisher {
        final AtomicLong accepted = new AtomicLong();

        /** By the subject of their messages. */
        final Map<String, CompletableFuture<Void>> futures = new HashMap<>();

        /** Publishes in all ways, until the connection has ended. */
        void run(Connection nc, String subject, Random random) {
            ByteBuf large = Unpooled.directBuffer(LARGEST).writeZero(LARGEST);
            try {
                while (true) {
                    publish(nc, subject, random, large);
                }
            } catch (ConnectionClosedException e) {
                // the end
            } finally {
                large.release();
            }
        }

        private void publish(Connection nc, String subject, Random random, ByteBuf large) {
            String name = subject + "." + accepted.get();
            int size = random.nextInt(10) == 0 ? random.nextInt(LARGEST) : random.nextInt(200);
            switch (random.nextInt(4)) {
                case 0 -> nc.publish(name, new byte[size]);
                case 1 ->
                    nc.publish(Message.to(name)
                            .header("Size", String.valueOf(size))
                            .data(new byte[size])
                            .build());
                case 2 -> nc.direct().publish(name, large.duplicate().writerIndex(size));
                default -> {
                    CompletableFuture<Void> future = nc.publishAsync(name, new byte[size]);
                    if (isRefused(future)) {
                        return;
                    }
                    futures.put(name, future);
                }
            }
            accepted.incrementAndGet();
        }

        /** Not accepted: the buffer was full, or the connection had ended. */
        private static boolean isRefused(CompletableFuture<Void> future) {
            Throwable failure = future.isCompletedExceptionally() ? Waiting.failure(future) : null;
            if (failure instanceof ConnectionClosedException closed
                    && String.valueOf(closed.getMessage()).endsWith("is closed")) {
                throw closed;
            }
            return failure instanceof OutboundFullException;
        }
    }

    @Test
    void cutByFin() throws Exception {
        for (int seed = 0; seed < RUNS; seed++) {
            run(seed, Cut.FIN);
        }
    }

    @Test
    void cutByReset() throws Exception {
        for (int seed = 0; seed < RUNS; seed++) {
            run(seed, Cut.RST);
        }
    }

    /** One cut. */
    private void run(int seed, Cut how) throws Exception {
        Random random = new Random(seed);
        EventLog events = new EventLog();
        try (FrameProxy proxy = FrameProxy.builder()
                .target("127.0.0.1", server.port())
                .seed(seed)
                .recordLimit(512 << 20)
                .start()) {
            Recording recording = proxy.toServer().record();
            Fault cut = cut(proxy, random, how);
            Connection nc = Nats.connect(Patient.options()
                    .reconnect(Reconnect.never())
                    .servers(proxy.url())
                    .listener(events)
                    .outboundLimit(128 << 10)
                    .writeTimeout(Session.LONG)
                    .connectTimeout(Session.LONG)
                    .build());
            List<Publisher> publishers = new ArrayList<>();
            try (nc) {
                publish(nc, publishers, random);
                events.await(Closed.class);
            }
            assertThat(proxy.awaitNoConnection(Session.LONG)).isTrue();
            assertThat(cut.times()).isEqualTo(1);
            assertThat(recording.isComplete()).isTrue();
            check(how, proxy, nc.statistics(), events, publishers);
            checkSeen(how, recording, publishers);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ", " + how + ": " + e.getMessage(), e);
        }
    }

    /** At a byte, at a frame, or in one, with a network that is quick, slow or chops. */
    private static Fault cut(FrameProxy proxy, Random random, Cut how) {
        switch (random.nextInt(3)) {
            case 0 -> proxy.toServer().limit(20 << 20);
            case 1 -> proxy.toServer().splitRandomly(4000);
            default -> {}
        }
        return switch (random.nextInt(3)) {
            case 0 -> proxy.toServer().at(1000 + random.nextInt(CUT_WITHIN)).cut(how);
            case 1 -> proxy.toServer().at(Frame.PUB, 1 + random.nextInt(300)).cut(how);
            default ->
                proxy.toServer()
                        .at(Frame.HPUB, 1 + random.nextInt(100))
                        .plus(random.nextInt(40))
                        .cut(how);
        };
    }

    private static void publish(Connection nc, List<Publisher> publishers, Random random) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            Publisher publisher = new Publisher();
            publishers.add(publisher);
            Random own = new Random(random.nextLong());
            String subject = "t" + t;
            threads.add(new Thread(() -> publisher.run(nc, subject, own), "publisher-" + t));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(Session.LONG.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private static void check(
            Cut how, FrameProxy proxy, Statistics statistics, EventLog events, List<Publisher> publishers) {
        // 1
        OutboundAccountingTest.assertAddsUp(statistics);
        CutSweep.assertMessagesReported(events, statistics);
        assertThat(statistics.outQueued()).isZero();
        assertThat(statistics.outAccepted())
                .isEqualTo(publishers.stream().mapToLong(p -> p.accepted.get()).sum());
        long seen = proxy.toServer().seen(Frame.PUB) + proxy.toServer().seen(Frame.HPUB);
        if (how == Cut.FIN) {
            assertThat(seen).as("4: seen whole, of %s", statistics).isEqualTo(statistics.outWritten());
        } else {
            assertThat(seen).as("2: seen whole, of %s", statistics).isLessThanOrEqualTo(statistics.outWritten());
        }
    }

    /** 5: of each thread, the first so many of what it published, in order and once. */
    private static void checkSeen(Cut how, Recording recording, List<Publisher> publishers) {
        long[] next = new long[THREADS];
        Set<String> subjects = new HashSet<>();
        for (RecordedFrame frame : recording.frames()) {
            if (frame.kind() == Frame.PUB || frame.kind() == Frame.HPUB) {
                String subject = frame.text().split(" ", 3)[1];
                int thread = subject.charAt(1) - '0';
                assertThat(subject).isEqualTo("t" + thread + "." + next[thread]++);
                assertThat(subjects.add(subject)).isTrue();
            }
        }
        // 2 and 4, of each message whose fate was asked for
        for (Publisher publisher : publishers) {
            publisher.futures.forEach((subject, future) -> {
                boolean written = Waiting.failure(future) == null;
                if (how == Cut.FIN || !written) {
                    assertThat(subjects.contains(subject)).as(subject).isEqualTo(written);
                }
            });
        }
        for (int t = 0; t < THREADS; t++) {
            assertThat(next[t]).isLessThanOrEqualTo(publishers.get(t).accepted.get());
        }
    }
}
