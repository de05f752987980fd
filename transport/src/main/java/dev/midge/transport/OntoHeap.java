// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Copies what was read into arrays, in front of the JDK's TLS: its ciphers take direct buffers in small steps through
 * arrays of their own. With records of 512 B this is a tenth of what receiving costs, with full ones no loss.
 */
@Sharable
final class OntoHeap extends ChannelInboundHandlerAdapter {
    static final OntoHeap INSTANCE = new OntoHeap();

    private OntoHeap() {}

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf in && !in.hasArray()) {
            ByteBuf copy;
            try {
                copy = ctx.alloc().heapBuffer(in.readableBytes()).writeBytes(in);
            } finally {
                in.release();
            }
            ctx.fireChannelRead(copy);
        } else {
            ctx.fireChannelRead(message);
        }
    }
}
