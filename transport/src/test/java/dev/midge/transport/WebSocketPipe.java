// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A WebSocketHandler on a channel in memory, in virtual time, and what comes out of it at both ends. */
final class WebSocketPipe extends ChannelInboundHandlerAdapter {
    final EmbeddedChannel channel = new EmbeddedChannel();
    final WebSocketHandler handler;
    final List<Throwable> failures = new ArrayList<>();
    /** What was passed on, piece by piece. */
    final List<byte[]> pieces = new ArrayList<>();

    WebSocketPipe(int maxFrame, boolean compression) {
        channel.freezeTime();
        handler = new WebSocketHandler(maxFrame, compression);
        channel.pipeline().addLast(WebSocketHandler.newEncoder(new SecureRandom()), handler, this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        byte[] piece = new byte[in.readableBytes()];
        in.readBytes(piece);
        in.release();
        pieces.add(piece);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failures.add(cause);
        close();
    }

    byte[] data() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.forEach(all::writeBytes);
        return all.toByteArray();
    }

    String text() {
        return new String(data(), ISO_8859_1);
    }

    void receive(byte[]... frames) {
        ByteBuf in = channel.alloc().directBuffer();
        in.writeBytes(WebSocketBytes.concat(frames));
        channel.writeInbound(in);
    }

    void receiveInPieces(int size, byte[] wire) {
        for (int i = 0; i < wire.length && channel.isOpen(); i += size) {
            receive(Arrays.copyOfRange(wire, i, Math.min(wire.length, i + size)));
        }
    }

    void send(byte[] data) {
        channel.writeOutbound(channel.alloc().directBuffer().writeBytes(data));
    }

    List<WebSocketBytes.Sent> sent() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            all.writeBytes(out);
            out.release();
        }
        return WebSocketBytes.sent(all);
    }

    void close() {
        var unused = channel.close();
    }

    void end() {
        channel.finishAndReleaseAll();
    }
}
