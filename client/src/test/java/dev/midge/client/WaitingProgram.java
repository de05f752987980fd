// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Makes many calls that wait, all at once, on virtual threads where there are some; for {@link VirtualThreadsTest},
 * which runs it in a JVM with one carrier thread.
 */
final class WaitingProgram {
    /** Of each kind. */
    private static final int SOME = 40;

    /** next, iterator, flush, rtt, publish, close, connect. */
    static final int CALLS = 7 * SOME;

    static final int HANDLERS = SOME;

    private static final String PINNED = "jdk.VirtualThreadPinned";
    private static final byte[] DATA = new byte[10_000];

    private final ThreadFactory threads = VirtualThreads.factory();
    private final List<Thread> waiting = new ArrayList<>();
    private final Collection<Throwable> failures = new ConcurrentLinkedQueue<>();

    private WaitingProgram() {}

    public static void main(String[] none) throws Exception {
        // Whatever is to be loaded and initialized is then: to wait for that pins a virtual thread as well.
        new WaitingProgram().calls();
        handlers();
        Path file = Files.createTempFile("midge", ".jfr");
        try (Recording recording = new Recording()) {
            // Shorter ones are of the JVM, as when another thread initializes a class.
            recording.enable(PINNED).withThreshold(Duration.ofMillis(20)).withStackTrace();
            recording.start();
            String calls = new WaitingProgram().calls();
            String handlers = handlers();
            recording.stop();
            recording.dump(file);
            List<RecordedEvent> pinned = RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(PINNED))
                    .toList();
            System.out.println(calls);
            System.out.println(handlers);
            System.out.println(pinned.size() + " times pinned");
            pinned.forEach(System.out::println);
        } finally {
            Files.delete(file);
        }
    }

    private String calls() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (Session receiving = Session.open();
                Session full =
                        Session.open(options -> options.outboundLimit(1 << 20).writeTimeout(Session.LONG));
                Session closing = Session.open(options -> options.closeTimeout(Session.LONG));
                ScriptedServer silent = ScriptedServer.start(Session.LONG, silentUntil(answer))) {
            for (int i = 0; i < SOME; i++) {
                Subscription next = receiving.nc.subscribe("a");
                start(() -> next.next(Session.LONG));
                Subscription iterator = receiving.nc.subscribe("a");
                start(() -> iterator.iterator().next());
                start(() -> receiving.nc.flush(Session.LONG));
                start(() -> receiving.nc.rtt(Session.LONG));
                start(() -> publishUntil(full, answer));
                start(closing.nc::close);
                start(() -> connectTo(silent));
            }
            Eventually.isTrue(
                    () -> "all to wait: "
                            + waiting.stream().map(Thread::getState).toList() + failures,
                    () -> waiting.stream().allMatch(WaitingProgram::waits));
            CompletableFuture<Boolean> another = new CompletableFuture<>();
            threads.newThread(() -> another.complete(VirtualThreads.isCurrent()))
                    .start();
            String kind = another.get() ? "virtual" : "platform";
            answer.countDown();
            for (int sid = 1; sid <= 2 * SOME; sid++) {
                receiving.peer.send(Session.msg("a", sid, "x")).readUntil("PING\r\n");
                receiving.peer.send("PONG\r\n");
            }
            closing.peer.expectUntil("PING\r\n").send("PONG\r\n");
            CompletableFuture<?> read = CompletableFuture.runAsync(() -> full.peer.readUntil("PUB the.end 0\r\n\r\n"));
            for (Thread thread : waiting) {
                thread.join();
            }
            full.nc.publish("the.end", "");
            read.join();
            assertThat(failures).isEmpty();
            return waiting.size() + " calls waited at once on " + kind + " threads";
        }
    }

    /** As many servers that have nothing to say at first. */
    private static ScriptedServer.Script[] silentUntil(CountDownLatch answer) {
        ScriptedServer.Script[] scripts = new ScriptedServer.Script[SOME];
        Arrays.fill(scripts, (ScriptedServer.Script) peer -> {
            peer.await(answer).send(Session.INFO).readUntil("PING\r\n");
            peer.send("PONG\r\n").readUntil("PING\r\n");
            peer.send("PONG\r\n").expectEnd();
        });
        return scripts;
    }

    private static void publishUntil(Session session, CountDownLatch end) {
        while (end.getCount() > 0) {
            session.nc.publish("a", DATA);
        }
    }

    private static void connectTo(ScriptedServer server) {
        Nats.connect(Options.builder()
                        .servers(server.url())
                        .connectTimeout(Session.LONG)
                        .build())
                .close();
    }

    private void start(ThrowingCallable call) {
        Thread thread = threads.newThread(() -> {
            try {
                call.call();
            } catch (Throwable e) {
                failures.add(e);
            }
        });
        waiting.add(thread);
        thread.start();
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    /** Each handler waits for what another one has to do, and for the server. */
    private static String handlers() throws Exception {
        ExecutorService executor = VirtualThreads.executor();
        CountDownLatch all = new CountDownLatch(HANDLERS);
        CountDownLatch flushed = new CountDownLatch(HANDLERS);
        Collection<Boolean> virtual = new ConcurrentLinkedQueue<>();
        try (Session session = Session.open(options -> options.executor(executor))) {
            for (int i = 1; i <= HANDLERS; i++) {
                session.handle("a", message -> {
                    virtual.add(VirtualThreads.isCurrent());
                    all.countDown();
                    all.await();
                    session.nc.flush(Session.LONG);
                    flushed.countDown();
                });
            }
            for (int sid = 1; sid <= HANDLERS; sid++) {
                session.peer.send(Session.msg("a", sid, "x"));
            }
            for (int i = 0; i < HANDLERS; i++) {
                session.peer.expect("PING\r\n").send("PONG\r\n");
            }
            Eventually.isDown(flushed, "all handlers");
            assertThat(virtual)
                    .hasSize(HANDLERS)
                    .containsOnly(virtual.iterator().next());
            String kind = virtual.contains(true) ? "virtual" : "platform";
            return virtual.size() + " handlers waited at once on " + kind + " threads";
        } finally {
            executor.shutdown();
        }
    }
}
