// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Encodes messages into the chunks of an {@link OutboundBuffer}, under its lock: the line first, whose length says what
 * room the frame takes, then all of it.
 */
final class MessageEncoder {
    /** A payload in a ByteBuf is written by reference from this size on: below, copying costs less than a chunk more. */
    static final int BY_REFERENCE = 16 << 10;

    /** "\r\n" as a big-endian short. */
    private static final int CRLF = '\r' << 8 | '\n';

    private static final byte[] NO_HEADERS = {};

    private final FrameEncoder encoder = new FrameEncoder();

    /** Of the line that was begun last. */
    private int line;

    static boolean isByReference(ByteBuf payload) {
        return payload.readableBytes() >= BY_REFERENCE && payload.isDirect();
    }

    /** For frames that are a line and no more. */
    FrameEncoder control() {
        return encoder;
    }

    /** Encodes the line, and says how many bytes the frame has. */
    long begin(String subject, @Nullable String replyTo, byte @Nullable [] headers, int length) {
        if (headers == null) {
            line = encoder.pubLine(subject, replyTo, length);
            return (long) line + length + 2;
        }
        line = encoder.hpubLine(subject, replyTo, headers.length, length);
        return (long) line + headers.length + length + 2;
    }

    /** As the other, of a PUB to a subject that has been encoded. */
    long begin(byte[] subject, int length) {
        line = encoder.pubLine(subject, length);
        return (long) line + length + 2;
    }

    void write(Chunk chunk, byte @Nullable [] headers, byte[] payload, int offset, int length) {
        if (headers == null) {
            encoder.writeLineAndPayload(chunk.buffer, line, payload, offset, length);
        } else {
            encoder.writeLineAndPayload(chunk.buffer, line, headers, payload, offset, length);
        }
    }

    // What can fail comes before the first byte: half a frame must not stay in the chunk.

    void write(Chunk chunk, byte @Nullable [] headers, ByteBuf payload, int from, int length) {
        byte[] block = headers == null ? NO_HEADERS : headers;
        ByteBuf out = chunk.buffer;
        out.setBytes(out.writerIndex() + line + block.length, payload, from, length);
        out.writeBytes(encoder.line(), 0, line).writeBytes(block);
        out.writerIndex(out.writerIndex() + length).writeShort(CRLF);
    }

    void writeByReference(Chunk chunk, byte @Nullable [] headers, ByteBuf payload, int from, int length) {
        payload.retain();
        chunk.buffer.writeBytes(encoder.line(), 0, line).writeBytes(headers == null ? NO_HEADERS : headers);
        chunk.insert(payload, from, length);
        chunk.buffer.writeShort(CRLF);
    }
}
