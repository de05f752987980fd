// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes the frames that a client sends. It checks nothing but what it must to stay in its buffers: validation is the
 * caller's, see {@code Subjects}. Control lines are put together in an array that the encoder keeps, so that nothing is
 * allocated for a frame in steady state.
 *
 * <p>Not thread-safe: one for each connection, under its lock.
 */
public final class FrameEncoder {
    private static final byte[] PING = "PING ".getBytes(US_ASCII);
    private static final byte[] PONG = "PONG ".getBytes(US_ASCII);
    private static final byte[] PUB = "PUB ".getBytes(US_ASCII);
    private static final byte[] HPUB = "HPUB ".getBytes(US_ASCII);
    private static final byte[] SUB = "SUB ".getBytes(US_ASCII);
    private static final byte[] UNSUB = "UNSUB ".getBytes(US_ASCII);
    private static final byte[] CONNECT = "CONNECT ".getBytes(US_ASCII);

    /** "\r\n" as a big-endian short. */
    private static final int CRLF = '\r' << 8 | '\n';

    /** How many subjects are remembered with their verb, so that publishing to one again does not encode it again. */
    private static final int REMEMBERED = 16;

    /** Longer ones are not. */
    private static final int REMEMBERED_LENGTH = 128;

    private static final int OTHER_LENGTH = 1024;

    private final LineWriter[] remembered = new LineWriter[REMEMBERED];
    private final LineWriter other = new LineWriter(OTHER_LENGTH);
    private LineWriter line = other;

    /** An encoder with an empty line. */
    public FrameEncoder() {}

    /** {@code PUB <subject> [reply-to] <#bytes>}, then the payload. */
    public void pub(ByteBuf out, String subject, @Nullable String replyTo, byte[] payload, int offset, int length) {
        int n = pubLine(subject, replyTo, length);
        out.ensureWritable(n + length + 2);
        writeLineAndPayload(out, n, payload, offset, length);
    }

    /** {@code PUB}, with a payload from the reader index on, which stays where it is. */
    public void pub(ByteBuf out, String subject, @Nullable String replyTo, ByteBuf payload) {
        int length = payload.readableBytes();
        int n = pubLine(subject, replyTo, length);
        out.ensureWritable(n + length + 2);
        out.writeBytes(line.bytes(), 0, n)
                .writeBytes(payload, payload.readerIndex(), length)
                .writeShort(CRLF);
    }

    /** {@code HPUB <subject> [reply-to] <#header bytes> <#total bytes>}, then the header block and the payload. */
    public void hpub(
            ByteBuf out,
            String subject,
            @Nullable String replyTo,
            byte[] headers,
            byte[] payload,
            int offset,
            int length) {
        int n = hpubLine(subject, replyTo, headers.length, length);
        out.ensureWritable(n + headers.length + length + 2);
        writeLineAndPayload(out, n, headers, payload, offset, length);
    }

    /** {@code SUB <subject> [queue] <sid>}. */
    public void sub(ByteBuf out, String subject, @Nullable String queue, long sid) {
        writeLine(out, subLine(subject, queue, sid));
    }

    /** {@code UNSUB <sid> [max]}: with a max above 0 the server ends the subscription after so many messages. */
    public void unsub(ByteBuf out, long sid, long max) {
        writeLine(out, unsubLine(sid, max));
    }

    /** {@code CONNECT <json>}. */
    public void connect(ByteBuf out, String json) {
        out.writeBytes(CONNECT);
        out.writeCharSequence(json, UTF_8);
        out.writeShort(CRLF);
    }

    /**
     * {@code CONNECT <json>}. Its secrets are copied into the buffer and nowhere else, and when they are the buffer has
     * room for a PING behind it. The caller wipes both.
     */
    public void connect(ByteBuf out, Connect connect) {
        out.writeBytes(CONNECT);
        ConnectJson.write(connect, out);
        out.writeShort(CRLF);
    }

    /** {@code PING}. */
    public void ping(ByteBuf out) {
        writeLine(out, pingLine());
    }

    /** {@code PONG}. */
    public void pong(ByteBuf out) {
        writeLine(out, pongLine());
    }

    /** Writes the PUB line in {@link #line()}, the payload and CRLF, for which there must be room. */
    public void writeLineAndPayload(ByteBuf out, int lineLength, byte[] payload, int offset, int length) {
        int start = out.writerIndex();
        int body = start + lineLength;
        line.copyTo(out, start, length);
        out.setBytes(body, payload, offset, length);
        endFrame(out, body + length);
    }

    /** Writes the HPUB line in {@link #line()}, the header block, the payload and CRLF, for which there must be room. */
    public void writeLineAndPayload(
            ByteBuf out, int lineLength, byte[] headers, byte[] payload, int offset, int length) {
        int start = out.writerIndex();
        int body = start + lineLength;
        line.copyTo(out, start, headers.length);
        out.setBytes(body, headers);
        out.setBytes(body + headers.length, payload, offset, length);
        endFrame(out, body + headers.length + length);
    }

    private static void endFrame(ByteBuf out, int end) {
        out.setShort(end, CRLF);
        out.writerIndex(end + 2);
    }

    /** Whether {@link #answer} may write such a frame where there is so much room. */
    public static boolean fitsAnswer(byte[] subject, byte[] payload, int room) {
        return LineWriter.fits(subject, payload, room);
    }

    /**
     * Writes {@code PUB <subject> <#bytes>}, to a subject that has been encoded, and the payload, and returns where the frame ends.
     * {@link #fitsAnswer} must have said that there is room for it.
     */
    public static int answer(byte[] out, int at, byte[] subject, byte[] payload) {
        return LineWriter.frame(out, at, subject, payload);
    }

    /** Puts a PUB line together in {@link #line()} and returns its length. */
    public int pubLine(String subject, @Nullable String replyTo, int payloadLength) {
        return message(PUB, subject, replyTo).end(payloadLength).length();
    }

    /** As the other, to a subject that has been encoded, and that is not remembered. */
    public int pubLine(byte[] subject, int payloadLength) {
        line = other.begin(PUB).token(subject);
        return line.end(payloadLength).length();
    }

    /** Puts a HPUB line together in {@link #line()} and returns its length. */
    public int hpubLine(String subject, @Nullable String replyTo, int headerLength, int payloadLength) {
        return message(HPUB, subject, replyTo)
                .number(headerLength)
                .end((long) headerLength + payloadLength)
                .length();
    }

    /** Puts a SUB line together in {@link #line()} and returns its length. */
    public int subLine(String subject, @Nullable String queue, long sid) {
        line = other.begin(SUB).token(subject);
        if (queue != null) {
            line.token(queue);
        }
        return line.end(sid).length();
    }

    /** Puts an UNSUB line together in {@link #line()} and returns its length. */
    public int unsubLine(long sid, long max) {
        line = other.begin(UNSUB).number(sid);
        return (max > 0 ? line.number(max) : line).end().length();
    }

    /** Puts a PING line in {@link #line()} and returns its length. */
    public int pingLine() {
        line = other.begin(PING);
        return line.end().length();
    }

    /** Puts a PONG line in {@link #line()} and returns its length. */
    public int pongLine() {
        line = other.begin(PONG);
        return line.end().length();
    }

    /** Holds the line that was put together last; the next one overwrites it. */
    public byte[] line() {
        return line.bytes();
    }

    private void writeLine(ByteBuf out, int length) {
        out.writeBytes(line.bytes(), 0, length);
    }

    private LineWriter message(byte[] verb, String subject, @Nullable String replyTo) {
        LineWriter writer = line;
        if (!writer.beginAgain(verb, subject)) {
            writer = writerFor(subject).begin(verb, subject);
            line = writer;
        }
        return replyTo == null ? writer : writer.token(replyTo);
    }

    /** The one that may remember the subject: found by what is cheap to look at and differs among most subjects. */
    private LineWriter writerFor(String subject) {
        int length = subject.length();
        if (length == 0 || length > REMEMBERED_LENGTH) {
            return other;
        }
        int slot = (31 * length + subject.charAt(length - 1)) & (REMEMBERED - 1);
        LineWriter writer = remembered[slot];
        if (writer == null) {
            writer = new LineWriter(REMEMBERED_LENGTH);
            remembered[slot] = writer;
        }
        return writer;
    }
}
