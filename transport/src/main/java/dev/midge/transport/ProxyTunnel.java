// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyConnectionEvent;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * On a channel that is told to connect to a proxy: has it connect to the server through that. What is written waits
 * until the way is open; then all of this leaves the pipeline.
 *
 * <p>The one class that needs netty-handler-proxy: {@link #checkAvailable} meets the LinkageError where that is not
 * there.
 */
final class ProxyTunnel extends ChannelDuplexHandler {
    private final Proxy proxy;
    private final Endpoint endpoint;
    private @Nullable ProxyHandler handler;
    private @Nullable StepListener listener;

    ProxyTunnel(Proxy proxy, Endpoint endpoint) {
        this.proxy = proxy;
        this.endpoint = endpoint;
    }

    /** @throws LinkageError if a jar is missing */
    static void checkAvailable(Proxy proxy) {
        newHandler(proxy, InetSocketAddress.createUnresolved(proxy.host(), proxy.port()));
    }

    private static ProxyHandler newHandler(Proxy proxy, SocketAddress address) {
        String user = proxy.user();
        ProxyHandler handler = switch (proxy.kind()) {
            case HTTP ->
                user == null ? new HttpProxyHandler(address) : new HttpProxyHandler(address, user, proxy.password());
            case SOCKS5 ->
                user == null
                        ? new Socks5ProxyHandler(address)
                        : new Socks5ProxyHandler(address, user, proxy.password());
        };
        handler.setConnectTimeoutMillis(0); // the attempt has a deadline of its own
        return handler;
    }

    /** The server, as the proxy is told: by its name, unless it has none. */
    private InetSocketAddress server() {
        if (endpoint.isAddress()) {
            try {
                byte[] address = NetUtil.createByteArrayFromIpAddressString(endpoint.host());
                return new InetSocketAddress(InetAddress.getByAddress(address), endpoint.port());
            } catch (UnknownHostException e) {
                throw new IllegalStateException("4 or 16 bytes are an address", e);
            }
        }
        return InetSocketAddress.createUnresolved(endpoint.host(), endpoint.port());
    }

    @Override
    public void connect(
            ChannelHandlerContext ctx, SocketAddress address, SocketAddress localAddress, ChannelPromise promise) {
        ProxyHandler added = newHandler(proxy, address);
        handler = added;
        ctx.pipeline().addBefore(ctx.name(), "proxy", added);
        var unused = ctx.connect(server(), localAddress, promise);
    }

    /** What {@link #await} tells too; and of sockets that lost a race nobody wants to know. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ProxyHandler added = handler;
        if (added == null || added.connectFuture().isSuccess()) {
            ctx.fireExceptionCaught(cause);
        }
    }

    /** On the event loop, once the channel is connected to the proxy. */
    void await(StepListener told) {
        ProxyHandler added = handler;
        if (added == null) {
            throw new IllegalStateException("not connected");
        }
        listener = told;
        added.connectFuture().addListener((Future<Channel> opened) -> {
            if (opened.isSuccess()) {
                Channel channel = opened.getNow();
                // Not at once: it is in the middle of passing on what came behind the proxy's answer.
                channel.eventLoop().execute(() -> leave(channel.pipeline(), added));
            } else {
                told.failed(Reason.PROXY, "it did not open the way: " + answer(opened.cause()), opened.cause());
            }
        });
    }

    /** Comes before the future is complete, and before what the server has said behind the proxy's answer. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        StepListener told = listener;
        if (event instanceof ProxyConnectionEvent && told != null) {
            told.done();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** And so does what Netty had put in front for the proxy's language, and leaves there. */
    private void leave(ChannelPipeline pipeline, ProxyHandler added) {
        for (String name : pipeline.names()) {
            if (pipeline.context(added) == null) {
                break;
            }
            if (!TlsUpgrade.isOwn(name)) {
                pipeline.remove(name);
            }
        }
        if (pipeline.context(this) != null) {
            pipeline.remove(this);
        }
    }

    /** Netty's texts: {@code http, basic, /127.0.0.1:3128 => demo.example:4222, status: 403 Forbidden}. */
    private static String answer(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        int route = text.indexOf(" => ");
        int end = route < 0 ? -1 : text.indexOf(", ", route);
        return WebSocket.escaped(end < 0 ? text : text.substring(end + 2));
    }
}
