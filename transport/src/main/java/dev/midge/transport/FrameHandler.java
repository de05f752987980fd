// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.FrameDecoder;
import dev.midge.protocol.FrameSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Last in the pipeline of an established connection: decodes what arrives, holds it while reading is paused, and tells
 * the owner once how it ended. Everything here runs on the event loop.
 */
final class FrameHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(FrameHandler.class);

    private final Channel channel;
    private final FrameDecoder decoder;
    /** What arrived and is not decoded, because reading is paused or was a moment ago. */
    private final Deque<ByteBuf> held = new ArrayDeque<>(2);

    private @Nullable FrameSink sink;
    private @Nullable LinkListener listener;
    /** Bytes that came to be decoded and were not reported. */
    private int bytes;

    /** Something came, and was not reported. */
    private boolean heard;

    private boolean paused = true;
    private boolean decoding;
    private boolean inBurst;
    /** The peer is gone: what is held is delivered, paused or not. */
    private boolean ending;

    private boolean ended;
    private @Nullable Throwable endedBeforeStart;

    /**
     * Paused until started.
     *
     * @param decoder paused behind the last frame of the handshake
     * @param bytes how many bytes the handshake took from the socket
     */
    FrameHandler(Channel channel, FrameDecoder decoder, int bytes) {
        this.channel = channel;
        this.decoder = decoder;
        this.bytes = bytes;
        channel.config().setAutoRead(false);
    }

    /** Goes in front of handlers from which other bytes come than go in, or none. */
    ChannelInboundHandler ear() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                heard = true;
                ctx.fireChannelRead(message);
            }
        };
    }

    void start(FrameSink sink, LinkListener listener) {
        assert channel.eventLoop().inEventLoop();
        if (this.listener != null) {
            throw new IllegalStateException("started already");
        }
        this.sink = sink;
        this.listener = listener;
        if (ended) {
            channel.eventLoop().execute(() -> listener.onClosed(endedBeforeStart));
        } else {
            resume();
        }
    }

    boolean paused() {
        return paused;
    }

    void pause() {
        assert channel.eventLoop().inEventLoop();
        if (!ending) {
            paused = true;
            decoder.pause();
            channel.config().setAutoRead(false);
        }
    }

    void resume() {
        assert channel.eventLoop().inEventLoop();
        if (paused && !ended) {
            paused = false;
            decoder.resume();
            if (!decoding) {
                // Not at once: callers that pause and resume from a callback would pile up on the stack.
                channel.eventLoop().execute(this::takeUpAgain);
            } else if (held.isEmpty()) {
                channel.config().setAutoRead(true);
            }
        }
    }

    /** Keeps what arrived behind the handshake; owns it from now on. */
    void hold(ByteBuf in) {
        held.add(in);
    }

    private void takeUpAgain() {
        if (paused || ended) {
            return;
        }
        decodeHeld();
        if (!paused && !ended) {
            channel.config().setAutoRead(true);
        }
        endBurst();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ended || !(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
            return;
        }
        heard = true;
        bytes += in.readableBytes();
        if (paused || decoding || !held.isEmpty()) {
            held.add(in);
        } else {
            decode(in);
            decodeAllHeld(); // of what a sink that asked for more may have caused to arrive meanwhile
        }
    }

    /** Decodes what the decoder kept when it was paused, and then what is held. */
    private void decodeHeld() {
        decode(Unpooled.EMPTY_BUFFER);
        decodeAllHeld();
    }

    private void decodeAllHeld() {
        while (!paused && !ended) {
            ByteBuf in = held.poll();
            if (in == null) {
                return;
            }
            decode(in);
        }
    }

    private void decode(ByteBuf in) {
        FrameSink target = sink;
        LinkListener owner = listener;
        if (target == null || owner == null) {
            throw new IllegalStateException("not started");
        }
        decoding = true;
        try {
            if (!inBurst) {
                inBurst = true;
                owner.onReadStarted();
            }
            decoder.decode(in, target);
        } catch (Throwable t) {
            end(t);
        } finally {
            decoding = false;
        }
        if (in.isReadable() && !ended) {
            held.addFirst(in);
        } else {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        endBurst();
    }

    private void endBurst() {
        LinkListener owner = listener;
        if (owner != null && !ended && (inBurst || bytes > 0 || heard)) {
            boolean complete = inBurst || bytes > 0;
            boolean alive = heard;
            int count = bytes;
            inBurst = false;
            heard = false;
            bytes = 0;
            try {
                if (alive) {
                    owner.onHeard();
                }
                if (complete) {
                    owner.onReadComplete(count);
                }
            } catch (Throwable t) {
                end(t);
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        LinkListener owner = listener;
        if (owner != null && !ended) {
            try {
                owner.onWritabilityChanged(channel.isWritable());
            } catch (Throwable t) {
                end(t);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endByPeer(null);
    }

    /** What the socket reports, or a handler in front of this one. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (ended) {
            LOG.warn("exception behind the end of the connection to {}", channel.remoteAddress(), cause);
        } else {
            endByPeer(cause);
        }
    }

    private void endByPeer(@Nullable Throwable cause) {
        if (!ended && !ending) {
            ending = true;
            paused = false;
            decoder.resume();
            if (listener != null) {
                decodeHeld();
            }
            end(cause);
        }
    }

    /**
     * In order, handlers in front of this one say goodbye, behind all that was written. What is faulty may not take that,
     * and it is to be known at once what was not written.
     */
    private void close(boolean faulty) {
        ChannelHandlerContext first = faulty ? channel.pipeline().firstContext() : null;
        var unused = first != null ? first.close() : channel.close();
    }

    /** The first one wins. */
    void end(@Nullable Throwable cause) {
        assert channel.eventLoop().inEventLoop();
        if (ended) {
            return;
        }
        ended = true;
        decoder.pause(); // we may be in the middle of a decode
        decoder.close();
        for (ByteBuf in = held.poll(); in != null; in = held.poll()) {
            in.release();
        }
        close(cause != null);
        LinkListener owner = listener;
        if (owner == null) {
            endedBeforeStart = cause;
        } else {
            try {
                owner.onClosed(cause);
            } catch (Throwable t) {
                LOG.warn("the listener failed at the end of the connection to {}", channel.remoteAddress(), t);
            }
        }
    }
}
