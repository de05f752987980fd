// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where a client's socket meets its {@link ClientSession}. */
final class ClientHandler extends ChannelInboundHandlerAdapter {
    /** stallTotalAllowed in nats-server's client.go: how long one read may hold up a fast publisher. */
    private static final long MAX_PAUSE_MILLIS = 10;

    /**
     * How long a connection that is over goes on swallowing what comes. Closed with unread bytes it would be reset, and
     * the client might never see the error that ended it.
     */
    private static final long LINGER_MILLIS = 1_000;

    private final ServerCore server;
    private final Channel channel;
    private @Nullable ClientSession session;
    private @Nullable Future<?> timer;
    private boolean paused;
    private final Runnable resume = this::resume;

    ClientHandler(ServerCore server, Channel channel) {
        this.server = server;
        this.channel = channel;
    }

    Channel channel() {
        return channel;
    }

    String clientIp() {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "";
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ClientSession client = new ClientSession(server, this, server.nextClientId());
        session = client;
        TlsSettings tls = server.settings().tls();
        if (tls != null && tls.first()) {
            TlsHandlers.require(channel, tls);
            return;
        }
        client.hello();
        if (!server.admit(client)) {
            client.fail("maximum connections exceeded");
            return;
        }
        server.router().flush();
        if (tls == null) {
            client.start();
        } else if (tls.optional()) {
            TlsHandlers.offer(channel, tls);
            client.start();
        } else {
            TlsHandlers.require(channel, tls);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ClientSession client = session;
        if (client == null) {
            return;
        }
        if (event instanceof ChannelInputShutdownEvent) {
            client.close();
        } else if (event instanceof SslHandshakeCompletionEvent handshake) {
            handshakeCompleted(client, handshake);
        }
    }

    private void handshakeCompleted(ClientSession client, SslHandshakeCompletionEvent handshake) {
        TlsSettings tls = server.settings().tls();
        if (tls == null) {
            return;
        }
        if (!handshake.isSuccess()) {
            close();
        } else if (tls.first()) {
            client.hello();
            if (server.admit(client)) {
                client.start();
            } else {
                client.fail("maximum connections exceeded");
            }
            server.router().flush();
        } else if (!tls.optional()) {
            client.start();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            ClientSession client = session;
            byte[] window = server.window();
            while (client != null && !client.isOver() && bytes.isReadable()) {
                int length = Math.min(bytes.readableBytes(), window.length);
                bytes.readBytes(window, 0, length);
                client.received(window, length);
            }
        } finally {
            ReferenceCountUtil.release(bytes);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        server.router().flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancelTimer();
        ClientSession client = session;
        if (client != null) {
            client.end();
        }
    }

    /** A reset by the client, or a failed TLS handshake: there is nobody to tell. Anything else is our own mistake. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        close();
        if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
            ctx.fireExceptionCaught(cause);
        }
    }

    /** Closes the connection at once. */
    void close() {
        var unused = channel.close();
    }

    /** Stops to read until another client has caught up with what was sent to it, but not for long. */
    void pause(Outbound other) {
        if (!paused && timer == null) {
            paused = true;
            channel.config().setAutoRead(false);
            timer = channel.eventLoop().schedule(resume, MAX_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            other.whenCaughtUp(resume);
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            cancelTimer();
            channel.config().setAutoRead(true);
        }
    }

    /** Closes the connection when the socket has taken what it was handed, or when it does not in time. */
    void closeBehindWrites() {
        resume();
        cancelTimer();
        timer = channel.eventLoop()
                .schedule(this::close, server.settings().times().write().toNanos(), TimeUnit.NANOSECONDS);
        var unused = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> linger());
    }

    private void linger() {
        cancelTimer();
        if (!channel.isActive()) {
            return;
        }
        if (channel.pipeline().get(SslHandler.class) != null
                || !(channel instanceof SocketChannel socket)
                || socket.isInputShutdown()) {
            close();
            return;
        }
        var unused = socket.shutdownOutput();
        timer = channel.eventLoop().schedule(this::close, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
