// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** An outbound buffer that writes to a real socket with small system buffers; the other end is the test's. */
final class OutboundSocket implements AutoCloseable {
    /** Small, so that it fills up soon; the kernel doubles it. */
    private static final int SYSTEM_BUFFER = 8 << 10;

    final OutboundBuffer buffer;
    final Socket peer;
    final Channel channel;
    final EventLoop loop;
    final OutboundFixture.Allocator allocator = new OutboundFixture.Allocator();
    final List<OutboundFixture.Discard> discards = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final EventLoops.Lease lease;

    OutboundSocket(TransportKind kind, long limit, Executor executor) throws Exception {
        lease = EventLoops.own(kind, 1).acquire();
        loop = lease.next();
        buffer = new OutboundBuffer(
                loop,
                allocator,
                executor,
                limit,
                (messages, bytes, cause) -> discards.add(new OutboundFixture.Discard(messages, bytes, cause)));
        channel = IoTransports.newSocket(loop);
        channel.config().setOption(ChannelOption.SO_SNDBUF, SYSTEM_BUFFER);
        channel.pipeline().addLast(new LinkHandler());
        loop.register(channel).sync();
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(SYSTEM_BUFFER);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            channel.connect(server.getLocalSocketAddress()).sync();
            peer = server.accept();
        }
        peer.setSoTimeout(30_000);
        loop.submit(() -> buffer.attach(channel)).sync();
    }

    /** What a connection does with a link. */
    private final class LinkHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            buffer.readStarted();
            for (int i = ((ByteBuf) message).readableBytes(); i > 0; i--) {
                buffer.pong();
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            buffer.readComplete();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            buffer.channelWritable();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ChannelFuture unused = ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            buffer.discard(new IOException("the connection has ended"));
            ended.countDown();
        }
    }

    void awaitEnd() {
        try {
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void assertAddsUp() {
        OutboundCounts counts = buffer.counts();
        assertThat(counts.writtenMessages() + counts.queuedMessages() + counts.discardedMessages())
                .isEqualTo(counts.acceptedMessages());
        assertThat(counts.writtenBytes() + counts.queuedBytes() + counts.discardedBytes())
                .isEqualTo(counts.acceptedBytes());
    }

    @Override
    public void close() throws IOException {
        channel.close().syncUninterruptibly();
        awaitEnd();
        peer.close();
        lease.release();
        assertAddsUp();
        assertThat(buffer.queuedBytes()).isZero();
        assertThat(allocator.usedMemory()).isZero();
    }
}
