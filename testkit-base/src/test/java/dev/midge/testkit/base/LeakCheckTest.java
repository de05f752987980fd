// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.HashedWheelTimer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs small leaking classes in an engine of their own, and cleans up after them. */
class LeakCheckTest {
    /** What a leaking class leaves, to be closed once its failure has been looked at. */
    private static final List<AutoCloseable> LEFT = new ArrayList<>();

    @AfterEach
    void closeWhatWasLeaked() throws Exception {
        for (AutoCloseable left : LEFT) {
            left.close();
        }
        LEFT.clear();
    }

    @Test
    void passesACleanTest() {
        assertThat(failures(Clean.class, LeakCheck.TIMEOUT, "PT30S")).isEmpty();
    }

    @Test
    void reportsAThreadWithItsStack() {
        assertThat(failures(LeakingThread.class))
                .singleElement()
                .asString()
                .contains("1 leak outlived LeakingThread.leaks: leaks()")
                .contains("1) thread \"left behind\" (daemon, WAITING) is alive, at")
                .contains("java.util.concurrent.CountDownLatch.await");
    }

    @Test
    void reportsATimer() {
        assertThat(failures(LeakingTimer.class))
                .singleElement()
                .asString()
                .contains("thread \"left timer\"")
                .contains("java.util.TimerThread");
    }

    @Test
    void reportsAWheelTimer() {
        assertThat(failures(LeakingWheelTimer.class))
                .singleElement()
                .asString()
                .contains("Netty resource HashedWheelTimer was never released; created at")
                .contains(LeakingWheelTimer.class.getName() + ".leaks");
    }

    @Test
    void reportsABufferWithItsAllocationAndItsLastUse() {
        assertThat(failures(LeakingBuffer.class))
                .singleElement()
                .asString()
                .contains("1 leak outlived")
                .contains("ByteBuf was never released; created at")
                .contains(LeakingBuffer.class.getName() + ".leaks")
                .contains("used (the last hint) at");
    }

    @Test
    void reportsAnOpenSocketWithItsAddress() {
        assertThat(failures(LeakingSocket.class))
                .singleElement()
                .asString()
                .containsPattern("channel: socket tcp6? 127\\.0\\.0\\.1:[1-9]\\d* -> 0\\.0\\.0\\.0:0 LISTEN is open"
                        + "|channel: socket tcp6 \\S+:[1-9]\\d* -> \\S+:0 LISTEN is open");
    }

    @Test
    void reportsAnEventLoop() {
        assertThat(failures(LeakingEventLoop.class)).singleElement().asString().contains("thread \"multi");
    }

    @Test
    void reportsAnExceptionThatEndedAThread() {
        assertThat(failures(ThrowingThread.class))
                .singleElement()
                .asString()
                .contains("exception ended thread \"doomed\": java.lang.IllegalStateException: nobody caught this")
                .contains(ThrowingThread.class.getName());
    }

    @Test
    void reportsAnExceptionThatNettySwallowed() {
        assertThat(failures(ThrowingHandler.class))
                .singleElement()
                .asString()
                .contains("exception swallowed by Netty's io.netty.channel.AbstractChannelHandlerContext: "
                        + "java.lang.IllegalStateException: not handled");
    }

    @Test
    void leavesAloneWhatIsNamedAndNothingElse() {
        assertThat(failures(Allowing.class)).singleElement().asString().contains("\"stranger\"");
    }

    @Test
    void countsWhatAClassSharesAfterAfterAll() {
        assertThat(failures(SharingAndClosing.class)).isEmpty();
        assertThat(failures(SharingAndLeaking.class))
                .singleElement()
                .asString()
                .contains("SharingAndLeaking (checked after @AfterAll)")
                .contains("\"shared\"");
    }

    @Test
    void checksAGrowingShareOnlyPerClass() {
        assertThat(failures(Growing.class)).isEmpty();
    }

    @Test
    void comesAfterWhatOtherExtensionsClose() {
        assertThat(failures(WithOtherExtension.class)).isEmpty();
    }

    @Test
    void reportsALeakBesideTheTestsOwnFailure() {
        List<Throwable> failures = failures(FailingAndLeaking.class);
        assertThat(failures).singleElement().asString().contains("the test's own");
        assertThat(failures.get(0).getSuppressed()).singleElement().asString().contains("\"second trouble\"");
    }

    @Test
    void refusesParallelTests() {
        assertThat(failures(Clean.class, "junit.jupiter.execution.parallel.enabled", "true"))
                .singleElement()
                .asString()
                .contains("junit.jupiter.execution.parallel.enabled=false");
    }

    @Test
    void refusesATimeoutThatIsNone() {
        assertThat(failures(Clean.class, LeakCheck.TIMEOUT, "soon"))
                .singleElement()
                .asString()
                .contains("midge.leakcheck.timeout is \"soon\"");
    }

    @Test
    void verifiesAnyCode() {
        assertThatCode(() -> LeakCheck.verify(
                        "a short thread", () -> thread("short", () -> {}).join()))
                .doesNotThrowAnyException();
        assertThatThrownBy(() ->
                        LeakCheck.verify("a lasting thread", Duration.ofMillis(300), () -> leakThread("from verify")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 leak outlived a lasting thread, waited 300 ms")
                .hasMessageContaining("\"from verify\"");
    }

    private static List<Throwable> failures(Class<?> tests) {
        return failures(tests, LeakCheck.TIMEOUT, "PT0.2S");
    }

    private static List<Throwable> failures(Class<?> tests, String parameter, String value) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .configurationParameter(parameter, value)
                .execute()
                .allEvents()
                .failed()
                .stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .map(result -> result.getThrowable().orElseThrow())
                .toList();
    }

    private static Thread thread(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static Thread leakThread(String name) {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = thread(name, () -> awaitUninterruptibly(end));
        LEFT.add(() -> {
            end.countDown();
            thread.join();
        });
        awaitWaiting(thread);
        return thread;
    }

    /** So that it is found there, though the check gives it little time. */
    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static class Clean {
        @Test
        void opensAndCloses() throws Exception {
            PooledByteBufAllocator.DEFAULT.buffer(16).release();
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                assertThat(socket.isBound()).isTrue();
            }
            CountDownLatch ended = new CountDownLatch(1);
            // Still alive when the test ends, but on its way out.
            thread("on its way out", ended::countDown);
            ended.await();
        }
    }

    static class LeakingThread {
        @Test
        void leaks() {
            leakThread("left behind");
        }
    }

    static class LeakingTimer {
        @Test
        void leaks() {
            Timer timer = new Timer("left timer", true);
            LEFT.add(timer::cancel);
            Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("left timer"))
                    .forEach(LeakCheckTest::awaitWaiting);
        }
    }

    static class LeakingWheelTimer {
        @Test
        void leaks() {
            HashedWheelTimer timer = new HashedWheelTimer();
            LEFT.add(timer::stop);
        }
    }

    static class LeakingBuffer {
        @Test
        void leaks() {
            var buffer = PooledByteBufAllocator.DEFAULT.directBuffer(16);
            buffer.touch("the last hint");
            LEFT.add(buffer::release);
        }
    }

    static class LeakingSocket {
        @Test
        void leaks() throws Exception {
            LEFT.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
    }

    static class LeakingEventLoop {
        @Test
        void leaks() throws Exception {
            var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
            LEFT.add(() -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get());
            group.submit(() -> {}).get();
        }
    }

    static class ThrowingThread {
        @Test
        void leaks() throws Exception {
            thread("doomed", () -> {
                        throw new IllegalStateException("nobody caught this");
                    })
                    .join();
        }
    }

    static class ThrowingHandler {
        @Test
        void leaks() {
            EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                    throw new IllegalStateException("not handled", cause);
                }
            });
            channel.pipeline().fireExceptionCaught(new IllegalArgumentException("first"));
            channel.finishAndReleaseAll();
        }
    }

    static class Allowing {
        @Test
        @LeakCheck.Allow(threads = "^friend$", because = "it is what is tested")
        void leaks() {
            leakThread("friend");
            leakThread("stranger");
        }
    }

    static class SharingAndClosing {
        private static ServerSocket shared;

        @BeforeAll
        static void open() throws Exception {
            shared = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            leakThread("ended in AfterAll");
        }

        @AfterAll
        static void close() throws Exception {
            shared.close();
            LEFT.remove(0).close();
        }

        @Test
        void one() {}

        @Test
        void two() {}
    }

    static class SharingAndLeaking {
        @BeforeAll
        static void open() {
            leakThread("shared");
        }

        @Test
        void one() {}
    }

    @LeakCheck.PerClass(because = "the first test starts what all use")
    static class Growing {
        @AfterAll
        static void close() throws Exception {
            for (AutoCloseable left : LEFT) {
                left.close();
            }
            LEFT.clear();
        }

        @Test
        void one() {
            leakThread("grown");
        }

        @Nested
        class Within {
            @Test
            void two() {
                leakThread("grown in a nested class");
            }
        }
    }

    @ExtendWith(OwningExtension.class)
    static class WithOtherExtension {
        @Test
        void uses() {}
    }

    static class OwningExtension implements BeforeEachCallback {
        @Override
        public void beforeEach(ExtensionContext context) {
            Thread owned = leakThread("owned by an extension");
            context.getStore(Namespace.create(OwningExtension.class)).put(owned, LEFT.remove(0));
        }
    }

    static class FailingAndLeaking {
        @Test
        void fails() {
            leakThread("second trouble");
            throw new AssertionError("the test's own");
        }
    }
}
