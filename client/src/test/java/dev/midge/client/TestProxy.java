// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A proxy for HTTP's CONNECT or SOCKS5, by the book: it is told a host and a port, and connects to that port of this
 * machine, whatever the host.
 */
final class TestProxy implements AutoCloseable {
    /** What a proxy does other than to open the way. */
    enum Mood {
        WILLING,
        /** Sends its answer together with the first bytes of the server. */
        LATE,
        REFUSING,
        SILENT,
        CLOSING,
        GARBAGE
    }

    /** What was asked for: {@code host:port}. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    private final boolean socks;
    private final Mood mood;
    private final @Nullable String userPassword;
    private final Channel server;

    private TestProxy(boolean socks, Mood mood, @Nullable String userPassword) {
        this.socks = socks;
        this.mood = mood;
        this.userPassword = userPassword;
        server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        channels.add(client);
                        client.pipeline().addLast(new Front());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    static TestProxy http(Mood mood, @Nullable String userPassword) {
        return new TestProxy(false, mood, userPassword);
    }

    static TestProxy socks5(Mood mood, @Nullable String userPassword) {
        return new TestProxy(true, mood, userPassword);
    }

    String address() {
        return "localhost:" + ((InetSocketAddress) server.localAddress()).getPort();
    }

    @Override
    public void close() {
        channels.add(server);
        channels.close().awaitUninterruptibly();
        // NIO gives the sockets back when it selects next: a loop that is shut down before need not.
        group.next().submit(() -> {}).syncUninterruptibly();
        group.next().submit(() -> {}).syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Talks to the client until it knows where to connect to. */
    private final class Front extends ChannelInboundHandlerAdapter {
        private final ByteBuf received = Unpooled.buffer();
        private boolean greeted;
        private boolean known = userPassword == null;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            received.writeBytes(in);
            in.release();
            switch (mood) {
                case SILENT -> {}
                case CLOSING -> {
                    var unused = ctx.close();
                }
                case GARBAGE -> answer(ctx, "garbage \r\n\r\n");
                default -> {
                    if (socks) {
                        socks(ctx);
                    } else {
                        http(ctx);
                    }
                }
            }
        }

        private void http(ChannelHandlerContext ctx) {
            String head = received.toString(UTF_8);
            if (!head.endsWith("\r\n\r\n")) {
                return;
            }
            String expected = userPassword == null
                    ? ""
                    : "Basic " + Base64.getEncoder().encodeToString(userPassword.getBytes(UTF_8));
            boolean authorized = userPassword == null
                    || head.lines().anyMatch(line -> line.equalsIgnoreCase("proxy-authorization: " + expected));
            if (!authorized) {
                answer(ctx, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno");
            } else if (mood == Mood.REFUSING) {
                answer(ctx, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            } else {
                String target = head.substring("CONNECT ".length(), head.indexOf(" HTTP/1.1"));
                open(ctx, target, ascii("HTTP/1.1 200 Connection established\r\n\r\n"));
            }
        }

        private void socks(ChannelHandlerContext ctx) {
            while (true) {
                if (!greeted) {
                    // 5, count of methods, methods
                    if (received.readableBytes() < 2 || received.readableBytes() < 2 + received.getByte(1)) {
                        return;
                    }
                    int end = 2 + received.getByte(1);
                    boolean offered = received.indexOf(2, end, (byte) 2) >= 0;
                    received.skipBytes(end).discardReadBytes();
                    greeted = true;
                    if (known) {
                        answer(ctx, bytes(5, 0));
                    } else {
                        answer(ctx, bytes(5, offered ? 2 : 0xff));
                    }
                } else if (!known) {
                    // 1, length, user, length, password
                    int user = received.readableBytes() < 2 ? 1000 : received.getByte(1);
                    int length = received.readableBytes() < 3 + user ? 1000 : 3 + user + received.getByte(2 + user);
                    if (received.readableBytes() < length) {
                        return;
                    }
                    String given = received.toString(2, user, UTF_8) + ":"
                            + received.toString(3 + user, length - 3 - user, UTF_8);
                    received.skipBytes(length).discardReadBytes();
                    known = given.equals(userPassword);
                    answer(ctx, bytes(1, known ? 0 : 1));
                } else {
                    connect(ctx);
                    return;
                }
            }
        }

        /** 5, 1, 0, kind of address, address, port. */
        private void connect(ChannelHandlerContext ctx) {
            if (received.readableBytes() < 5) {
                return;
            }
            int kind = received.getByte(3);
            int length = kind == 1 ? 4 : kind == 4 ? 16 : received.getByte(4);
            int start = kind == 3 ? 5 : 4;
            if (received.readableBytes() < start + length + 2) {
                return;
            }
            String host = kind == 3 ? received.toString(start, length, UTF_8) : "address of " + length + " bytes";
            int port = received.getUnsignedShort(start + length);
            if (mood == Mood.REFUSING) {
                answer(ctx, bytes(5, 2, 0, 1, 0, 0, 0, 0, 0, 0));
            } else {
                open(ctx, host + ":" + port, bytes(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
            }
        }

        private void open(ChannelHandlerContext ctx, String target, ByteBuf answer) {
            asked.add(target);
            Channel client = ctx.channel();
            client.config().setAutoRead(false);
            Relay back = new Relay(client, mood == Mood.LATE ? answer : Unpooled.EMPTY_BUFFER);
            int port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
            new Bootstrap()
                    .group(client.eventLoop())
                    .channel(NioSocketChannel.class)
                    .handler(back)
                    .connect(InetAddress.getLoopbackAddress(), port)
                    .addListener((ChannelFutureListener) connected -> {
                        channels.add(connected.channel());
                        if (!connected.isSuccess()) {
                            answer.release();
                            var unused = client.close();
                            return;
                        }
                        client.pipeline().replace(this, "relay", new Relay(connected.channel(), Unpooled.EMPTY_BUFFER));
                        if (mood != Mood.LATE) {
                            answer(ctx, answer);
                        }
                        client.config().setAutoRead(true);
                    });
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            received.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            var unused = ctx.close(); // the client has gone
        }
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    private static ByteBuf bytes(int... values) {
        ByteBuf bytes = Unpooled.buffer();
        for (int value : values) {
            bytes.writeByte(value);
        }
        return bytes;
    }

    private static void answer(ChannelHandlerContext ctx, String text) {
        answer(ctx, ascii(text));
    }

    private static void answer(ChannelHandlerContext ctx, ByteBuf bytes) {
        var unused = ctx.channel().writeAndFlush(bytes);
    }

    /** Passes on what comes, and the end. */
    private static final class Relay extends ChannelInboundHandlerAdapter {
        private final Channel other;
        private ByteBuf first;

        Relay(Channel other, ByteBuf first) {
            this.other = other;
            this.first = first;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf next = (ByteBuf) message;
            if (first.isReadable()) {
                next = Unpooled.wrappedBuffer(first, next);
                first = Unpooled.EMPTY_BUFFER;
            }
            var unused = other.writeAndFlush(next);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            first.release();
            first = Unpooled.EMPTY_BUFFER;
            var unused = other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            var unused = ctx.close(); // the other side ends with it
        }
    }
}
