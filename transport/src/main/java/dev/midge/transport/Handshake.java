// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.Connect;
import dev.midge.protocol.FrameDecoder;
import dev.midge.protocol.FrameEncoder;
import dev.midge.protocol.FrameSink;
import dev.midge.protocol.Info;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.ProtocolException;
import dev.midge.protocol.ServerError;
import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The talk at the start of a connection, with a writer of its own: nothing of anybody else's can be written before it
 * is over.
 *
 * <pre>
 *         (proxy)             opens the way to the server, if there is one
 *         (TLS)               if the client is told so, or wants WebSocket with it
 *         (WebSocket)         for ws and wss servers: all behind this is inside of it
 * server: INFO {...}
 *         (TLS)               if one of the two asks for it, it was not there before, and there is no WebSocket
 * client: CONNECT {...}
 *         PING                both in one write
 * server: +OK                 if CONNECT says verbose
 *         INFO {...}          some servers, any number of times
 *         PING                at any time; answered, but never before CONNECT
 *         PONG                or -ERR and the end
 * </pre>
 *
 * Then the decoder, with what it holds, goes on to a {@link FrameHandler}. Everything here runs on the event loop.
 */
final class Handshake extends ChannelInboundHandlerAdapter implements FrameSink {
    private final Channel channel;
    private final ConnectRequest request;
    private final InetSocketAddress address;
    private final Executor blocking;
    private final long deadline;
    private final Promise<Link> promise;
    private final FrameDecoder decoder;

    private HandshakeState state = HandshakeState.AWAITING_INFO;
    private @Nullable Future<?> timer;
    private @Nullable Info info;
    private String name = "";
    private int bytes;
    private boolean encrypted;
    private int owedPongs;
    private long connectSent;
    private long pongReceived;

    /**
     * @param channel connected
     * @param address the peer
     * @param blocking reads certificates
     * @param deadline when to give up, as the event loop's ticker counts nanoseconds
     * @param promise of the event loop
     */
    Handshake(
            Channel channel,
            ConnectRequest request,
            InetSocketAddress address,
            Executor blocking,
            long deadline,
            Promise<Link> promise) {
        this.channel = channel;
        this.request = request;
        this.address = address;
        this.blocking = blocking;
        this.deadline = deadline;
        this.promise = promise;
        this.decoder = new FrameDecoder(request.limits(), channel.alloc());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        name = ctx.name();
        timer = channel.eventLoop().schedule(this::timedOut, deadline - now(), TimeUnit.NANOSECONDS);
        if (request.proxy() == null) {
            begin();
        } else {
            state = HandshakeState.PROXYING;
            channel.pipeline().get(ProxyTunnel.class).await(new Step(HandshakeState.PROXYING, this::begin));
        }
    }

    private void begin() {
        if (request.wantsTlsFirst()) {
            encrypt();
        } else {
            upgradeOrAwaitInfo();
        }
    }

    private void encrypt() {
        state = HandshakeState.ENCRYPTING;
        TlsUpgrade.start(channel, request.endpoint(), request.tlsOrDefault(), blocking, this::encrypted);
    }

    private void encrypted(@Nullable Throwable failure) {
        if (state != HandshakeState.ENCRYPTING) {
            return;
        }
        if (failure != null) {
            fail(Reason.TLS, "TLS failed: " + TlsFailures.describe(failure), failure);
            return;
        }
        encrypted = true;
        decoder.resume();
        Info known = info;
        if (known == null) {
            upgradeOrAwaitInfo();
        } else {
            makeConnect(known);
        }
    }

    private void upgradeOrAwaitInfo() {
        if (!request.isWebSocket()) {
            state = HandshakeState.AWAITING_INFO;
            return;
        }
        state = HandshakeState.UPGRADING;
        try {
            WebSocketUpgrade.start(
                    channel,
                    name,
                    request.endpoint(),
                    request.webSocket(),
                    blocking,
                    new Step(HandshakeState.UPGRADING, () -> state = HandshakeState.AWAITING_INFO));
        } catch (LinkageError e) {
            fail(Reason.NOT_SUPPORTED, OptionalJars.missing("WebSocket", "netty-codec-http", e), e);
        }
    }

    /** What comes before NATS. */
    private final class Step implements StepListener {
        private final HandshakeState during;
        private final Runnable next;

        Step(HandshakeState during, Runnable next) {
            this.during = during;
            this.next = next;
        }

        @Override
        public void done() {
            if (state == during) {
                next.run();
            }
        }

        @Override
        public void failed(Reason reason, String what, @Nullable Throwable cause) {
            if (state == during) {
                fail(reason, what, cause);
            }
        }
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }

    private void timedOut() {
        String what = state.overdue() + (state == HandshakeState.AWAITING_INFO ? bytesCame() : "");
        fail(Reason.TIMEOUT, what + " within the " + request.timeout().toMillis() + " ms of the attempt", null);
    }

    private String bytesCame() {
        return bytes == 0 ? "nothing came at all" : "only " + bytes + " bytes of it came";
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (state == HandshakeState.OVER || !(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (state == HandshakeState.PROXYING) {
            in.release(); // what is left of an answer that was none; the failure follows
            return;
        }
        if (state == HandshakeState.UPGRADING) {
            in.release(); // before HTTP was in the pipeline: as of a server's port for nats
            fail(
                    Reason.PROTOCOL,
                    "what listens there speaks before it is asked for WebSocket, so it is not HTTP",
                    null);
            return;
        }
        if (state == HandshakeState.ENCRYPTING) {
            in.release(); // before TLS was in the pipeline: else this would not have come here
            fail(Reason.TLS, "TLS failed: the server sent something before it that is not encrypted", null);
            return;
        }
        bytes += in.readableBytes();
        try {
            decoder.decode(in, this);
        } catch (ProtocolException e) {
            fail(Reason.PROTOCOL, notNats(e), e);
        } catch (Throwable t) {
            fail(Reason.FAILED, t.toString(), t);
        }
        if (state == HandshakeState.ESTABLISHED) {
            handOver(ctx, in);
            return;
        }
        if (state == HandshakeState.ENCRYPTING && (in.isReadable() || !decoder.isAtStart())) {
            // Whoever stands in between could slip something in that would be taken for the server's own, encrypted
            // word.
            fail(Reason.PROTOCOL, "the server sent something behind INFO that is not encrypted", null);
        }
        in.release();
    }

    private String notNats(ProtocolException e) {
        return (state == HandshakeState.AWAITING_INFO ? "what listens there is not a NATS server: " : "")
                + e.getMessage();
    }

    @Override
    public void onInfo(String json) {
        Info received = Info.parse(json);
        Info before = info;
        info = before == null ? received : before.updatedBy(received);
        if (state == HandshakeState.AWAITING_INFO) {
            infoCame(received);
        }
    }

    private void infoCame(Info received) {
        if (request.isWebSocket()) {
            // What INFO says of TLS is about the server's other port.
            channel.pipeline().get(WebSocketHandler.class).maxPayload(received.maxPayload());
            makeConnect(received);
        } else if (encrypted || !(request.wantsTls() || received.tlsRequired())) {
            makeConnect(received);
        } else if (received.tlsRequired() || received.tlsAvailable()) {
            decoder.pause();
            encrypt();
        } else {
            fail(Reason.TLS, "TLS was asked for, and the server does not offer it", null);
        }
    }

    private void makeConnect(Info received) {
        state = HandshakeState.MAKING_CONNECT;
        CompletionStage<Connect> stage;
        try {
            stage = request.connect().apply(received);
        } catch (Throwable t) {
            connectNotMade(t);
            return;
        }
        stage.whenComplete((connect, failure) -> {
            if (channel.eventLoop().inEventLoop()) {
                connectMade(connect, failure);
            } else {
                try {
                    channel.eventLoop().execute(() -> connectMade(connect, failure));
                } catch (RejectedExecutionException e) {
                    // the event loop has ended, and every connection on it
                }
            }
        });
    }

    private void connectMade(@Nullable Connect connect, @Nullable Throwable failure) {
        if (connect == null) {
            if (state == HandshakeState.MAKING_CONNECT) {
                connectNotMade(failure == null ? new NullPointerException("connect") : failure);
            }
            return;
        }
        try (connect) {
            if (state == HandshakeState.MAKING_CONNECT) {
                send(connect);
            }
        } catch (Throwable t) {
            connectNotMade(t);
        }
    }

    /** {@code CONNECT {...}\r\nPING\r\n} and what PONGs are owed. */
    private void send(Connect connect) {
        FrameEncoder encoder = new FrameEncoder();
        ByteBuf out = channel.alloc().ioBuffer();
        try {
            encoder.connect(out, connect);
            encoder.ping(out);
        } catch (Throwable t) {
            wipe(out);
            throw t;
        }
        state = connect.verbose() ? HandshakeState.AWAITING_OK : HandshakeState.AWAITING_PONG;
        connectSent = now();
        write(out.retain(), () -> wipe(out));
        for (; owedPongs > 0; owedPongs--) {
            pong();
        }
    }

    private static void wipe(ByteBuf secrets) {
        secrets.setZero(0, secrets.capacity());
        secrets.release();
    }

    private void pong() {
        ByteBuf out = channel.alloc().ioBuffer();
        new FrameEncoder().pong(out);
        write(out, () -> {});
    }

    private void connectNotMade(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException wrapper && wrapper.getCause() != null) {
            cause = wrapper.getCause();
        }
        fail(Reason.FAILED, "CONNECT could not be made: " + cause, cause);
    }

    private void write(ByteBuf out, Runnable behind) {
        channel.writeAndFlush(out).addListener(written -> {
            behind.run();
            if (!written.isSuccess()) {
                fail(Reason.PEER_CLOSED, "writing to the server failed: " + written.cause(), written.cause());
            }
        });
    }

    @Override
    public void onPing() {
        switch (state) {
            case AWAITING_INFO -> unexpected("PING");
            // A server that wants credentials takes anything before CONNECT for a lack of them.
            case MAKING_CONNECT -> owedPongs++;
            default -> pong();
        }
    }

    @Override
    public void onOk() {
        if (state == HandshakeState.AWAITING_OK) {
            state = HandshakeState.AWAITING_PONG;
        } else {
            unexpected("+OK");
        }
    }

    @Override
    public void onPong() {
        if (state == HandshakeState.AWAITING_PONG) {
            pongReceived = now();
            state = HandshakeState.ESTABLISHED;
            decoder.pause();
        } else {
            unexpected("PONG");
        }
    }

    @Override
    public void onMessage(MessageView message) {
        unexpected("MSG");
    }

    @Override
    public void onError(String text) {
        ServerError error = ServerError.parse(text);
        String what = request.described("the server says -ERR " + text);
        fail(
                error.isAuthError()
                        ? new AuthenticationException(request.endpoint(), server(), phase(), what, error)
                        : new ConnectFailedException(
                                request.endpoint(), server(), phase(), Reason.SERVER_ERROR, what, null, error));
    }

    /** Its address, where it is known. */
    private @Nullable InetSocketAddress server() {
        return request.proxy() == null ? address : null;
    }

    private void unexpected(String frame) {
        String expected = switch (state) {
            case AWAITING_INFO -> "INFO";
            case AWAITING_OK -> "+OK";
            default -> "PONG";
        };
        fail(Reason.PROTOCOL, "the server sent " + frame + " where " + expected + " must come", null);
    }

    /** Puts the handler of an established connection in the place of this one. */
    private void handOver(ChannelHandlerContext ctx, ByteBuf rest) {
        stopTimer();
        FrameHandler frames = new FrameHandler(channel, decoder, bytes);
        frames.hold(rest);
        ctx.pipeline().replace(this, "frames", frames);
        if (ctx.pipeline().first() != frames) {
            ctx.pipeline().addFirst("ear", frames.ear());
        }
        Info known = info;
        if (known == null) {
            throw new IllegalStateException("established without INFO");
        }
        Duration rtt = Duration.ofNanos(pongReceived - connectSent);
        Link link = new Link(channel, frames, request.endpoint(), address, known, rtt);
        if (!promise.trySuccess(link)) {
            link.close(); // cancelled in the last moment
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(Reason.PEER_CLOSED, "the server closed the connection, " + until(), null);
    }

    private String until() {
        return state == HandshakeState.AWAITING_INFO ? bytesCame() : state.until();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (state == HandshakeState.ENCRYPTING || TlsFailures.isOne(cause)) {
            // TLS 1.3 lets the client finish before the server has looked at its certificate
            fail(Reason.TLS, "TLS failed: " + TlsFailures.describe(cause), cause);
        } else if (cause instanceof ProtocolException) {
            fail(Reason.PROTOCOL, String.valueOf(cause.getMessage()), cause);
        } else if (cause instanceof IOException) {
            fail(Reason.PEER_CLOSED, "the connection broke, " + until() + ": " + cause.getMessage(), cause);
        } else {
            fail(Reason.FAILED, cause.toString(), cause);
        }
    }

    private Phase phase() {
        return state.phase();
    }

    private void fail(Reason reason, String what, @Nullable Throwable cause) {
        fail(new ConnectFailedException(request.endpoint(), server(), phase(), reason, request.described(what), cause));
    }

    private void fail(ConnectFailedException failure) {
        if (state != HandshakeState.OVER && state != HandshakeState.ESTABLISHED) {
            end();
            promise.tryFailure(failure);
        }
    }

    /** Frees what the handshake holds and closes the socket, unless it has become a link. */
    void end() {
        if (state != HandshakeState.OVER && state != HandshakeState.ESTABLISHED) {
            state = HandshakeState.OVER;
            stopTimer();
            decoder.pause(); // we may be in the middle of a decode
            decoder.close();
            var unused = channel.close();
        }
    }

    private void stopTimer() {
        Future<?> scheduled = timer;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
