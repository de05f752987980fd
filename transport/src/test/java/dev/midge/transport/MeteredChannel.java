// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A channel whose socket takes as many bytes as it is allowed to, across any number of buffers, and can break there. */
final class MeteredChannel extends EmbeddedChannel {
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private long allowance = Long.MAX_VALUE;
    private boolean breaks;
    private int gatheringWrites;

    MeteredChannel(ChannelHandler... handlers) {
        super(handlers);
    }

    /** The socket takes so many bytes more and then no more. */
    MeteredChannel allow(long bytes) {
        allowance = bytes;
        flush();
        runPendingTasks();
        return this;
    }

    /** The socket takes what it still may, and fails the first write that is for more. */
    MeteredChannel breakWhenExhausted() {
        breaks = true;
        flush();
        runPendingTasks();
        return this;
    }

    byte[] wire() {
        return wire.toByteArray();
    }

    String text() {
        return wire.toString(StandardCharsets.UTF_8);
    }

    int gatheringWrites() {
        return gatheringWrites;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        while (!in.isEmpty()) {
            long before = allowance;
            in.forEachFlushedMessage(message -> {
                ByteBuf piece = (ByteBuf) message;
                int length = (int) Math.min(piece.readableBytes(), allowance);
                piece.getBytes(piece.readerIndex(), wire, length);
                allowance -= length;
                return allowance > 0;
            });
            if (before == allowance) {
                if (breaks) {
                    throw new IOException("Connection reset by peer");
                }
                return;
            }
            gatheringWrites++;
            in.removeBytes(before - allowance);
        }
    }
}
