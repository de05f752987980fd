// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.PromiseCombiner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Between the frames of an upgraded connection and the bytes of NATS: messages and frames of the two begin and end
 * independently of each other. Behind an encoder that masks. All on the event loop.
 */
final class WebSocketHandler extends ChannelDuplexHandler implements WebSocketDecoder.Sink {
    /** The largest frame sent: each is copied as a whole when it is masked. */
    static final int MAX_SENT = 64 << 10;

    /** How long a close waits for a socket that does not take the close frame. */
    private static final int CLOSE_MILLIS = 1000;

    private static final int NORMAL = 1000;
    private static final int NO_STATUS = 1005;
    private static final int INVALID_DATA = 1007;
    private static final int MAX_CODE = 4999;

    /** The bit that says that a message is compressed, as Netty's frames have it. */
    private static final int RSV1 = 4;

    private static final int MASKS = 64;

    private final WebSocketDecoder decoder;
    private final @Nullable WebSocketDeflate deflate;
    private int maxDeflated = MAX_SENT;

    private @Nullable ChannelHandlerContext ctx;
    /** Of the close frame; nothing may be sent behind it. */
    private @Nullable ChannelFuture closeSent;

    private boolean over;

    WebSocketHandler(int maxFrame, boolean compression) {
        decoder = new WebSocketDecoder(this, maxFrame, compression);
        deflate = compression ? new WebSocketDeflate(maxFrame) : null;
    }

    /** Masks with keys that nobody can foresee, as RFC 6455, section 5.3, wants them. */
    static ChannelOutboundHandler newEncoder(SecureRandom random) {
        ByteBuffer masks = ByteBuffer.allocate(MASKS * Integer.BYTES);
        masks.position(masks.limit());
        return new WebSocket13FrameEncoder(() -> {
            if (!masks.hasRemaining()) {
                random.nextBytes(masks.array());
                masks.clear();
            }
            return masks.getInt();
        });
    }

    /** The server's max_payload, if above 0: nats-server inflates no message to more. */
    void maxPayload(int bytes) {
        maxDeflated = bytes > 0 ? Math.min(MAX_SENT, bytes) : MAX_SENT;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        over = true;
        decoder.stop();
        if (deflate != null) {
            deflate.close();
        }
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext known = ctx;
        if (known == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return known;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf in) {
            try {
                decoder.decode(in);
            } finally {
                in.release();
            }
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void onData(ByteBuf part, boolean compressed, boolean last) {
        WebSocketDeflate inflating = deflate;
        if (compressed && inflating != null) {
            try {
                if (!inflating.inflate(context().alloc(), part, last, this::passOn)) {
                    decoder.stop();
                    onViolation(WebSocketDecoder.TOO_BIG, "a message is inflated to more than maxFrameSize");
                }
            } catch (DataFormatException e) {
                decoder.stop();
                onViolation(INVALID_DATA, "a compressed message cannot be inflated: " + e.getMessage());
            } finally {
                part.release();
            }
        } else if (part.isReadable()) {
            passOn(part);
        } else {
            part.release();
        }
    }

    /** @return false if what is behind this has closed the connection */
    private boolean passOn(ByteBuf part) {
        context().fireChannelRead(part);
        return !over && closeSent == null;
    }

    @Override
    public void onControl(int opcode, byte[] payload) {
        switch (opcode) {
            case WebSocketDecoder.PING -> {
                // A server that pings and does not read gets no answers piled up for it.
                if (closeSent == null && context().channel().isWritable()) {
                    var unused = context().writeAndFlush(new PongWebSocketFrame(Unpooled.wrappedBuffer(payload)));
                }
            }
            case WebSocketDecoder.CLOSE -> closedByServer(payload);
            default -> {
                // a pong: any inbound byte counts as life elsewhere
            }
        }
    }

    private void closedByServer(byte[] payload) {
        decoder.stop();
        if (payload.length == 1) {
            onViolation(WebSocketDecoder.PROTOCOL_ERROR, "a close frame has 1 byte");
            return;
        }
        int code = payload.length == 0 ? NO_STATUS : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        if (payload.length > 0 && (code > MAX_CODE || !WebSocketCloseStatus.isValidStatusCode(code))) {
            onViolation(WebSocketDecoder.PROTOCOL_ERROR, "a close frame has the code " + code);
            return;
        }
        String reason = "";
        if (payload.length > 2) {
            try {
                reason = UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(payload, 2, payload.length - 2))
                        .toString();
            } catch (CharacterCodingException e) {
                onViolation(INVALID_DATA, "the reason in a close frame is not UTF-8");
                return;
            }
        }
        var unused = sendClose(payload.length == 0 ? NORMAL : code);
        String name = code == NO_STATUS
                ? "no status"
                : WebSocketCloseStatus.valueOf(code).reasonText();
        String text = reason.isEmpty() ? name : WebSocket.escaped(reason);
        context()
                .fireExceptionCaught(
                        new IOException("the server closed the WebSocket with code " + code + ": " + text));
    }

    @Override
    public void onViolation(int code, String what) {
        var unused = sendClose(code);
        context().fireExceptionCaught(new ProtocolException("WebSocket: " + what));
    }

    private ChannelFuture sendClose(int code) {
        ChannelFuture sent = closeSent;
        if (sent == null) {
            sent = context().writeAndFlush(new CloseWebSocketFrame(true, 0, code, ""));
            closeSent = sent;
        }
        return sent;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf data)) {
            var unused = context.write(message, promise);
            return;
        }
        int limit = deflate == null ? MAX_SENT : maxDeflated;
        if (closeSent != null) {
            data.release();
            promise.tryFailure(new ClosedChannelException());
        } else if (data.readableBytes() <= limit) {
            var unused = context.write(frame(context, data), promise);
        } else {
            PromiseCombiner all = new PromiseCombiner(context.executor());
            try {
                while (data.isReadable()) {
                    ByteBuf part = data.readRetainedSlice(Math.min(limit, data.readableBytes()));
                    all.add((Future<?>) context.write(frame(context, part)));
                }
            } finally {
                data.release();
            }
            all.finish(promise);
        }
    }

    /** Takes the buffer over, also if it throws. */
    private WebSocketFrame frame(ChannelHandlerContext context, ByteBuf data) {
        ByteBuf deflated = null;
        if (deflate != null && data.readableBytes() >= WebSocketDeflate.MIN_BYTES) {
            try {
                deflated = deflate.deflate(context.alloc(), data);
            } catch (Throwable t) {
                data.release();
                throw t;
            }
        }
        if (deflated == null) {
            return new BinaryWebSocketFrame(data);
        }
        data.release();
        return new BinaryWebSocketFrame(true, RSV1, deflated);
    }

    /** Says so to the server, behind all that was written, and does not wait for its answer. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        decoder.stop();
        ChannelFuture sent = sendClose(NORMAL);
        if (sent.isDone()) {
            var unused = context.close(promise);
            return;
        }
        boolean[] closing = {false};
        Runnable close = () -> {
            if (!closing[0]) {
                closing[0] = true;
                var unused = context.close(promise);
            }
        };
        Future<?> timer = context.executor().schedule(close, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        sent.addListener(done -> {
            timer.cancel(false);
            close.run();
        });
    }
}
