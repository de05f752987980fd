// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A MSG or HMSG frame as it lies in the receive buffer: nothing is decoded or copied until asked for. One view
 * serves all frames of a connection: it is valid only during the call that hands it out, and only on that thread.
 */
public final class MessageView {
    private static final byte[] NO_BYTES = {};

    private final ByteBufAllocator allocator;

    private byte[] line = NO_BYTES;
    private int subjectStart;
    private int subjectEnd;
    private int replyStart;
    private int replyEnd;
    private long sid;
    private int headerLength;
    private int bodyLength;

    /** The buffer that holds the body, or null when it lies in {@link #line}, behind the control line. */
    private @Nullable ByteBuf bodyBuffer;

    private int bodyIndex;

    /** What {@link #payload()} hands out when the body lies in {@link #line}. */
    private @Nullable ByteBuf lineAsBuffer;

    MessageView(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** The id of the subscription that this message was sent for. */
    public long sid() {
        return sid;
    }

    /** The subject, decoded anew at each call. */
    public String subject() {
        return new String(line, subjectStart, subjectEnd - subjectStart, UTF_8);
    }

    /** Whether the subject has exactly these UTF-8 bytes; allocates nothing. */
    public boolean subjectIs(byte[] utf8) {
        return Arrays.equals(line, subjectStart, subjectEnd, utf8, 0, utf8.length);
    }

    /** Whether the subject begins with these UTF-8 bytes; allocates nothing. */
    public boolean subjectStartsWith(byte[] utf8) {
        int end = subjectStart + utf8.length;
        return end <= subjectEnd && Arrays.equals(line, subjectStart, end, utf8, 0, utf8.length);
    }

    /** How many UTF-8 bytes the subject has. */
    public int subjectLength() {
        return subjectEnd - subjectStart;
    }

    /** One of the subject's UTF-8 bytes. */
    public byte subjectByte(int index) {
        return line[subjectStart + Objects.checkIndex(index, subjectLength())];
    }

    /** The subject's UTF-8 bytes. */
    public byte[] subjectBytes() {
        return Arrays.copyOfRange(line, subjectStart, subjectEnd);
    }

    /** Whether the message has a reply-to subject. */
    public boolean hasReplyTo() {
        return replyEnd > replyStart;
    }

    /** The reply-to subject, decoded anew at each call, or null when there is none. */
    public @Nullable String replyTo() {
        return hasReplyTo() ? new String(line, replyStart, replyEnd - replyStart, UTF_8) : null;
    }

    /** A copy of the reply-to subject's UTF-8 bytes, or null when there is none. */
    public byte @Nullable [] copyReplyTo() {
        return hasReplyTo() ? Arrays.copyOfRange(line, replyStart, replyEnd) : null;
    }

    /** How many UTF-8 bytes the reply-to subject has, 0 when there is none. */
    public int replyLength() {
        return replyEnd - replyStart;
    }

    /** One of the reply-to subject's UTF-8 bytes. */
    public byte replyByte(int index) {
        return line[replyStart + Objects.checkIndex(index, replyLength())];
    }

    /** The length of the header block in bytes, 0 when the message has none. */
    public int headerLength() {
        return headerLength;
    }

    /** The length of the payload in bytes. */
    public int payloadLength() {
        return bodyLength - headerLength;
    }

    /** The header block in an array of its own, empty when the message has none. */
    public byte[] copyHeaders() {
        return copy(0, headerLength);
    }

    /** The payload in an array of its own. */
    public byte[] copyPayload() {
        return copy(headerLength, payloadLength());
    }

    /**
     * The payload where it lies: from the reader index to the writer index of the buffer. Borrowed: valid during
     * this call only, not to be released, not to be written to. {@link #retainPayload()} gives one to keep. It is the
     * same buffer at each call, its indices set anew.
     */
    public ByteBuf payload() {
        ByteBuf buffer = bodyBuffer;
        if (buffer == null) {
            buffer = lineAsBuffer;
            if (buffer == null) {
                buffer = Unpooled.wrappedBuffer(line);
                lineAsBuffer = buffer;
            }
        }
        return buffer.setIndex(bodyIndex + headerLength, bodyIndex + bodyLength);
    }

    /** The header block where it lies, borrowed as {@link #payload()} is, but in a buffer object of its own. */
    public ByteBuf headers() {
        ByteBuf buffer = bodyBuffer;
        return buffer == null
                ? Unpooled.wrappedBuffer(line, bodyIndex, headerLength)
                : buffer.slice(bodyIndex, headerLength);
    }

    /**
     * The payload in a buffer that the caller owns and must release: a slice of the receive buffer where that is
     * large, a copy where it is small.
     */
    public ByteBuf retainPayload() {
        int length = payloadLength();
        ByteBuf buffer = bodyBuffer;
        if (buffer != null) {
            return buffer.retainedSlice(bodyIndex + headerLength, length);
        }
        return allocator.buffer(length, length).writeBytes(line, bodyIndex + headerLength, length);
    }

    private byte[] copy(int offset, int length) {
        if (length == 0) {
            return NO_BYTES;
        }
        byte[] copy = new byte[length];
        ByteBuf buffer = bodyBuffer;
        if (buffer == null) {
            System.arraycopy(line, bodyIndex + offset, copy, 0, length);
        } else {
            buffer.getBytes(bodyIndex + offset, copy);
        }
        return copy;
    }

    /** The decoder read a control line: {@code [reply]} is empty where the line has none. */
    void line(byte[] bytes, long sid, int subjectStart, int subjectEnd, int replyStart, int replyEnd) {
        if (bytes != line) {
            line = bytes;
            lineAsBuffer = null;
        }
        this.sid = sid;
        this.subjectStart = subjectStart;
        this.subjectEnd = subjectEnd;
        this.replyStart = replyStart;
        this.replyEnd = replyEnd;
    }

    /** The decoder read the lengths in a control line. */
    void lengths(int headerLength, int bodyLength) {
        this.headerLength = headerLength;
        this.bodyLength = bodyLength;
    }

    int bodyLength() {
        return bodyLength;
    }

    /** The decoder moved the control line by so many bytes towards the start of {@code bytes}. */
    void moved(byte[] bytes, int by) {
        line(bytes, sid, subjectStart - by, subjectEnd - by, replyStart - by, replyEnd - by);
    }

    /** The body lies in the buffer of the control line. */
    void bodyInLine(int index) {
        bodyBuffer = null;
        bodyIndex = index;
    }

    /** The body lies in this buffer, whose indices are the view's until it is told of the next body. */
    void bodyIn(ByteBuf buffer, int index) {
        bodyBuffer = buffer;
        bodyIndex = index;
    }

    /** The buffer that the body lay in is about to go. */
    void forgetBody() {
        bodyBuffer = null;
    }
}
