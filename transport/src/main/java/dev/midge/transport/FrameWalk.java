// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.ByteBuf;

/** Goes over the frames of a {@link Chunk}, which we wrote ourselves: PUB, HPUB, SUB, UNSUB, PING and PONG. */
final class FrameWalk {
    private final Chunk chunk;
    private final ByteBuf buffer;
    private int start;
    private int end;
    private long wireEnd;
    private int payload;
    private boolean message;
    private boolean ping;

    FrameWalk(Chunk chunk) {
        this.chunk = chunk;
        this.buffer = chunk.buffer;
    }

    /** Goes to the next one; false if there is none. */
    boolean next() {
        start = end;
        if (start >= buffer.writerIndex()) {
            return false;
        }
        int line = buffer.indexOf(start, buffer.writerIndex(), (byte) '\n') + 1 - start;
        byte first = buffer.getByte(start);
        byte second = buffer.getByte(start + 1);
        message = first == 'H' || (first == 'P' && second == 'U');
        ping = first == 'P' && second == 'I';
        int body = message ? bodyLength(start + line - 2) + 2 : 0;
        int elsewhere = 0;
        if (payload < chunk.inserted() && chunk.place(payload) < start + line + body) {
            elsewhere = chunk.insertedLength(payload);
            payload++;
        }
        wireEnd += line + body;
        end = start + line + body - elsewhere;
        return true;
    }

    /** The last number of the control line whose CR is here. */
    private int bodyLength(int carriageReturn) {
        int length = 0;
        int scale = 1;
        for (int i = carriageReturn - 1; buffer.getByte(i) != ' '; i--) {
            length += (buffer.getByte(i) - '0') * scale;
            scale *= 10;
        }
        return length;
    }

    /** PUB or HPUB. */
    boolean isMessage() {
        return message;
    }

    /** PING. */
    boolean isPing() {
        return ping;
    }

    /** Its first byte, in the chunk's buffer. */
    int start() {
        return start;
    }

    /** Behind its last byte, in the chunk's buffer. */
    int end() {
        return end;
    }

    /** How many bytes the chunk has for the socket up to there. */
    long wireEnd() {
        return wireEnd;
    }
}
