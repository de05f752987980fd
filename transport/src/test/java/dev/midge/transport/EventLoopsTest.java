// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.midge.protocol.NatsException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUring;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventLoopsTest {
    /** R-A10: daemon, and named so that one sees whose they are. */
    @Test
    void threadsAreNamedDaemonsAndEndBehindTheLastLease() throws Exception {
        EventLoops loops = EventLoops.own(TransportKind.NIO, 1);
        EventLoops.Lease first = loops.acquire();
        EventLoops.Lease second = loops.acquire();
        Thread thread = first.next().submit(Thread::currentThread).get(30, TimeUnit.SECONDS);

        assertThat(thread.getName()).startsWith("nats-io-");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(second.next().submit(Thread::currentThread).get(30, TimeUnit.SECONDS))
                .isSameAs(thread);

        first.release();
        first.release();
        assertThat(second.next().submit(Thread::currentThread).get(30, TimeUnit.SECONDS))
                .isSameAs(thread);
        second.release();
        LiveThreads.assertEnd(List.of(thread));
    }

    @Test
    void threadsEndSoon() throws Exception {
        EventLoops loops = EventLoops.own(TransportKind.NIO, 1);
        LiveThreads.assertEndWithinOneSecond(() -> {
            EventLoops.Lease lease = loops.acquire();
            Thread thread = lease.next().submit(Thread::currentThread).get(30, TimeUnit.SECONDS);
            lease.release();
            return thread;
        });
    }

    @Test
    void nothingStartsBeforeItIsUsed() {
        int before = LiveThreads.named("nats-io-").size();
        EventLoops.Lease lease = EventLoops.own(TransportKind.NIO, 4).acquire();
        lease.next();
        assertThat(LiveThreads.named("nats-io-")).hasSize(before);
        lease.release();
    }

    /** Netty's GlobalEventExecutor would hold up the end of the JVM, its thread is no daemon. */
    @Test
    void noOtherThreadStartsAtTheEnd() throws Exception {
        for (Thread leftByAnotherTest : LiveThreads.named("globalEventExecutor")) {
            leftByAnotherTest.join(30_000);
        }
        EventLoops.Lease lease = EventLoops.own(TransportKind.NIO, 1).acquire();
        Thread thread = lease.next().submit(Thread::currentThread).get(30, TimeUnit.SECONDS);
        lease.release();
        LiveThreads.assertEnd(List.of(thread));
        assertThat(LiveThreads.named("globalEventExecutor")).isEmpty();
    }

    @Test
    void releaseOnTheLoopEndsItToo() throws Exception {
        EventLoops.Lease lease = EventLoops.own(TransportKind.NIO, 1).acquire();
        EventLoop loop = lease.next();
        Thread thread = loop.submit(() -> {
                    lease.release();
                    return Thread.currentThread();
                })
                .get(30, TimeUnit.SECONDS);
        LiveThreads.assertEnd(List.of(thread));
    }

    @Test
    void tasksGivenBeforeTheReleaseRun() throws Exception {
        EventLoops.Lease lease = EventLoops.own(TransportKind.NIO, 1).acquire();
        EventLoop loop = lease.next();
        var task = loop.submit(() -> "ran");
        lease.release();
        assertThat(task.get(30, TimeUnit.SECONDS)).isEqualTo("ran");
    }

    @Test
    void loopsTakeTurns() {
        EventLoops.Lease lease = EventLoops.own(TransportKind.NIO, 3).acquire();
        List<EventLoop> loops = List.of(lease.next(), lease.next(), lease.next());
        assertThat(loops).doesNotHaveDuplicates();
        assertThat(List.of(lease.next(), lease.next(), lease.next())).isEqualTo(loops);
        lease.release();
    }

    @Test
    void aNewGenerationStartsBehindTheLastLease() throws Exception {
        EventLoops loops = EventLoops.own(TransportKind.NIO, 1);
        EventLoops.Lease first = loops.acquire();
        EventLoop ended = first.next();
        first.release();
        EventLoops.Lease second = loops.acquire();
        assertThat(second.next()).isNotSameAs(ended);
        assertThat(second.next().submit(() -> 1).get(30, TimeUnit.SECONDS)).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(first::next).withMessageContaining("released");
        second.release();
    }

    /** R-A9, the part of it that event loops are to blame for. */
    @Test
    void aThousandCyclesLeaveNoThread() throws Exception {
        EventLoops loops = EventLoops.own(TransportKind.AUTO, 2);
        Thread last = Thread.currentThread();
        for (int i = 0; i < 1000; i++) {
            EventLoops.Lease lease = loops.acquire();
            last = lease.next().submit(Thread::currentThread).get(30, TimeUnit.SECONDS);
            lease.release();
        }
        LiveThreads.assertEnd(List.of(last));
        LiveThreads.assertEnd(LiveThreads.named("nats-io-"));
    }

    @Test
    void theSharedOnesAreFewAndTheSameForAll() {
        EventLoops loops = EventLoops.shared(TransportKind.NIO);
        assertThat(EventLoops.shared(TransportKind.NIO)).isSameAs(loops);
        EventLoops.Lease lease = loops.acquire();
        Set<EventLoop> seen = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            seen.add(lease.next());
        }
        int cores = Runtime.getRuntime().availableProcessors();
        assertThat(seen).hasSize(Math.max(1, Math.min(4, cores / 2)));
        lease.release();
    }

    @Test
    void theUsersGroupIsNeverShutDown() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        EventLoops.Lease lease = EventLoops.of(group).acquire();
        EventLoop loop = lease.next();
        lease.release();
        assertThat(group.isShuttingDown()).isFalse();
        assertThat(loop.submit(() -> 1).get(30, TimeUnit.SECONDS)).isEqualTo(1);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get(30, TimeUnit.SECONDS);
    }

    @Test
    void threadsMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventLoops.own(TransportKind.NIO, 0))
                .withMessage("threads is 0: must be at least 1");
    }

    @Test
    void autoIsEpollWhereItsJarsAre() {
        EventLoops.Lease lease = EventLoops.own(TransportKind.AUTO, 1).acquire();
        IoEventLoop loop = (IoEventLoop) lease.next();
        boolean linux = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        assertThat(loop.isCompatible(NioIoHandle.class)).isEqualTo(!linux);
        lease.release();
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"AUTO", "NIO", "EPOLL"})
    void theSocketFitsTheLoop(TransportKind kind) throws Exception {
        connectAndClose(kind);
    }

    /** Kernels and containers without io_uring are common: there the error must say so. */
    @Test
    void ioUringWorksOrSaysWhyNot() throws Exception {
        try {
            connectAndClose(TransportKind.IO_URING);
        } catch (NatsException e) {
            assertThat(IoUring.isAvailable()).isFalse();
            assertThat(e)
                    .hasMessageContaining("transport io_uring is not available")
                    .hasCause(IoUring.unavailabilityCause());
        }
    }

    private static void connectAndClose(TransportKind kind) throws Exception {
        EventLoops.Lease lease = EventLoops.own(kind, 1).acquire();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EventLoop loop = lease.next();
            Channel channel = new Bootstrap()
                    .group(loop)
                    .channelFactory(() -> IoTransports.newSocket(loop))
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(server.getLocalSocketAddress())
                    .sync()
                    .channel();
            try (Socket peer = server.accept()) {
                assertThat(peer.getPort()).isPositive();
            }
            channel.close().sync();
        } finally {
            lease.release();
        }
    }
}
