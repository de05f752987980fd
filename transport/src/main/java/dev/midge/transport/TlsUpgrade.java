// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.channel.Channel;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Puts TLS in front of all that is in a channel's pipeline, in the middle of a conversation or before it. */
final class TlsUpgrade {
    private static final String TLS = "tls";
    private static final String HEAP = "heap";

    private final Channel channel;
    private final Endpoint endpoint;
    private final Tls tls;

    /** Told once, on the event loop: null when everything behind this is encrypted, else why it cannot be. */
    private final Consumer<@Nullable Throwable> ended;

    private TlsUpgrade(Channel channel, Endpoint endpoint, Tls tls, Consumer<@Nullable Throwable> ended) {
        this.channel = channel;
        this.endpoint = endpoint;
        this.tls = tls;
        this.ended = ended;
    }

    /** @param blocking reads files and asks suppliers */
    static void start(
            Channel channel, Endpoint endpoint, Tls tls, Executor blocking, Consumer<@Nullable Throwable> ended) {
        TlsUpgrade upgrade = new TlsUpgrade(channel, endpoint, tls, ended);
        try {
            blocking.execute(upgrade::makeContext);
        } catch (RejectedExecutionException e) {
            ended.accept(e);
        }
    }

    /** Whether the handler of this name in a pipeline is of TLS. */
    static boolean isOwn(String name) {
        return name.equals(TLS) || name.equals(HEAP);
    }

    private void makeContext() {
        try {
            SslContext context = tls.context();
            onLoop(() -> install(context));
        } catch (Throwable t) {
            onLoop(() -> ended.accept(t));
        }
    }

    private void onLoop(Runnable step) {
        if (channel.eventLoop().inEventLoop()) {
            step.run();
        } else {
            try {
                channel.eventLoop().execute(step);
            } catch (RejectedExecutionException e) {
                // the event loop has ended, and every connection on it
            }
        }
    }

    private void install(SslContext context) {
        if (!channel.isActive()) {
            return; // the attempt is over
        }
        SslHandler handler;
        try {
            handler = context.newHandler(channel.alloc(), endpoint.certificateHost(), endpoint.port());
            configure(handler.engine());
        } catch (RuntimeException e) {
            ended.accept(e);
            return;
        }
        handler.setHandshakeTimeoutMillis(0); // the attempt has a deadline of its own
        channel.pipeline().addFirst(TLS, handler);
        if (context instanceof JdkSslContext) {
            channel.pipeline().addFirst(HEAP, OntoHeap.INSTANCE);
        }
        handler.handshakeFuture().addListener(done -> ended.accept(done.isSuccess() ? null : done.cause()));
    }

    private void configure(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(tls.verifyHostName() ? "HTTPS" : "");
        List<String> protocols = tls.protocols();
        parameters.setProtocols(protocols.toArray(new String[0]));
        engine.setSSLParameters(parameters);
    }
}
