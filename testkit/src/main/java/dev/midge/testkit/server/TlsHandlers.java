// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/** Puts TLS in front of what a connection has so far. */
final class TlsHandlers {
    private TlsHandlers() {}

    /** From now on all is encrypted. */
    static void require(Channel channel, TlsSettings tls) {
        SslHandler handler = tls.context().newHandler(channel.alloc());
        handler.setHandshakeTimeout(tls.timeout().toNanos(), TimeUnit.NANOSECONDS);
        channel.pipeline().addFirst(handler);
    }

    /** From now on all is encrypted if what comes first looks like it. */
    static void offer(Channel channel, TlsSettings tls) {
        channel.pipeline().addFirst(new Optional(tls));
    }

    private static final class Optional extends OptionalSslHandler {
        private final TlsSettings tls;

        Optional(TlsSettings tls) {
            super(tls.context());
            this.tls = tls;
        }

        @Override
        protected SslHandler newSslHandler(ChannelHandlerContext context, SslContext sslContext) {
            SslHandler handler = sslContext.newHandler(context.alloc());
            handler.setHandshakeTimeout(tls.timeout().toNanos(), TimeUnit.NANOSECONDS);
            return handler;
        }
    }
}
