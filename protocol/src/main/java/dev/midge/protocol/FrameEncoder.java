// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the frames that a client sends. It checks nothing but what it must to stay in its buffers: validation is the
 * caller's, see {@code Subjects}. Control lines are put together in an array that the encoder keeps, so that nothing is
 * allocated for a frame in steady state.
 *
 * <p>Not thread-safe: one for each connection, under its lock.
 */
public final class FrameEncoder {
    private static final byte[] PING = "PING\r\n".getBytes(US_ASCII);
    private static final byte[] PONG = "PONG\r\n".getBytes(US_ASCII);
    private static final byte[] PUB = "PUB ".getBytes(US_ASCII);
    private static final byte[] HPUB = "HPUB ".getBytes(US_ASCII);
    private static final byte[] SUB = "SUB ".getBytes(US_ASCII);
    private static final byte[] UNSUB = "UNSUB ".getBytes(US_ASCII);
    private static final byte[] CONNECT = "CONNECT ".getBytes(US_ASCII);
    private static final byte[] NO_BYTES = {};

    /** "\r\n" as a big-endian short. */
    private static final int CRLF = '\r' << 8 | '\n';

    /** A frame up to this size is put together in {@link #line} and copied once. */
    private static final int SMALL_FRAME = 1024;

    private static final int INITIAL_LINE = 2048;

    /** Subjects up to this many bytes are remembered, so that publishing to one again does not encode it again. */
    private static final int REMEMBERED_SUBJECT = 256;

    /** What the longest verb, the blanks, three numbers and CRLF take. */
    private static final int OVERHEAD = 64;

    private byte[] line = new byte[INITIAL_LINE];
    private @Nullable String lastSubject;
    private byte[] lastSubjectBytes = NO_BYTES;
    private int lastSubjectLength;

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
        out.writeBytes(line, 0, n)
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
        out.writeBytes(line, 0, n)
                .writeBytes(headers)
                .writeBytes(payload, offset, length)
                .writeShort(CRLF);
    }

    /** {@code SUB <subject> [queue] <sid>}. */
    public void sub(ByteBuf out, String subject, @Nullable String queue, long sid) {
        int n = subLine(subject, queue, sid); // before line is read: it may be another one afterwards
        out.writeBytes(line, 0, n);
    }

    /** {@code UNSUB <sid> [max]}: with a max above 0 the server ends the subscription after so many messages. */
    public void unsub(ByteBuf out, long sid, long max) {
        int n = unsubLine(sid, max);
        out.writeBytes(line, 0, n);
    }

    /** {@code CONNECT <json>}. */
    public void connect(ByteBuf out, String json) {
        out.writeBytes(CONNECT);
        out.writeCharSequence(json, UTF_8);
        out.writeShort(CRLF);
    }

    /** {@code PING}. */
    public void ping(ByteBuf out) {
        out.writeBytes(line, 0, pingLine());
    }

    /** {@code PONG}. */
    public void pong(ByteBuf out) {
        out.writeBytes(line, 0, pongLine());
    }

    /** Writes the line in {@link #line()}, the payload and the CRLF behind it. */
    public void writeLineAndPayload(ByteBuf out, int lineLength, byte[] payload, int offset, int length) {
        int frame = lineLength + length + 2;
        if (frame <= SMALL_FRAME) {
            System.arraycopy(payload, offset, line, lineLength, length);
            line[frame - 2] = '\r';
            line[frame - 1] = '\n';
            out.writeBytes(line, 0, frame);
        } else {
            out.writeBytes(line, 0, lineLength)
                    .writeBytes(payload, offset, length)
                    .writeShort(CRLF);
        }
    }

    /** Puts a PUB line together in {@link #line()} and returns its length. */
    public int pubLine(String subject, @Nullable String replyTo, int payloadLength) {
        int n = message(PUB, subject, replyTo);
        return endLine(number(n, payloadLength));
    }

    /** Puts a HPUB line together in {@link #line()} and returns its length. */
    public int hpubLine(String subject, @Nullable String replyTo, int headerLength, int payloadLength) {
        int n = number(message(HPUB, subject, replyTo), headerLength);
        line[n++] = ' ';
        return endLine(number(n, (long) headerLength + payloadLength));
    }

    /** Puts a SUB line together in {@link #line()} and returns its length. */
    public int subLine(String subject, @Nullable String queue, long sid) {
        return endLine(number(message(SUB, subject, queue), sid));
    }

    /** Puts an UNSUB line together in {@link #line()} and returns its length. */
    public int unsubLine(long sid, long max) {
        int n = number(verb(UNSUB), sid);
        if (max > 0) {
            line[n++] = ' ';
            n = number(n, max);
        }
        return endLine(n);
    }

    /** Puts a PING line in {@link #line()} and returns its length. */
    public int pingLine() {
        return verb(PING);
    }

    /** Puts a PONG line in {@link #line()} and returns its length. */
    public int pongLine() {
        return verb(PONG);
    }

    /** Holds the line that was put together last; the next one overwrites it. */
    public byte[] line() {
        return line;
    }

    /** The verb, the subject and, where there is one, the second token, each with a blank behind it. */
    private int message(byte[] verb, String subject, @Nullable String second) {
        int n = verb(verb);
        if (subject.equals(lastSubject)) {
            ensureLine(n + lastSubjectLength + OVERHEAD);
            System.arraycopy(lastSubjectBytes, 0, line, n, lastSubjectLength);
            n += lastSubjectLength;
        } else {
            int from = n;
            n = token(n, subject);
            remember(subject, from, n);
        }
        line[n++] = ' ';
        if (second != null) {
            n = token(n, second);
            line[n++] = ' ';
        }
        return n;
    }

    private void remember(String subject, int from, int to) {
        int length = to - from;
        if (length <= REMEMBERED_SUBJECT) {
            if (lastSubjectBytes.length == 0) {
                lastSubjectBytes = new byte[REMEMBERED_SUBJECT];
            }
            System.arraycopy(line, from, lastSubjectBytes, 0, length);
            lastSubjectLength = length;
            lastSubject = subject;
        }
    }

    private int verb(byte[] verb) {
        System.arraycopy(verb, 0, line, 0, verb.length);
        return verb.length;
    }

    private int token(int at, String token) {
        int length = token.length();
        ensureLine(at + length + OVERHEAD);
        byte[] bytes = line;
        for (int i = 0; i < length; i++) {
            char c = token.charAt(i);
            if (c >= 0x80) {
                return encodedToken(at, token);
            }
            bytes[at + i] = (byte) c;
        }
        return at + length;
    }

    private int encodedToken(int at, String token) {
        byte[] utf8 = token.getBytes(UTF_8);
        ensureLine(at + utf8.length + OVERHEAD);
        System.arraycopy(utf8, 0, line, at, utf8.length);
        return at + utf8.length;
    }

    private int number(int at, long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            line[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    private int endLine(int at) {
        line[at] = '\r';
        line[at + 1] = '\n';
        return at + 2;
    }

    private void ensureLine(int length) {
        if (length > line.length) {
            line = Arrays.copyOf(line, length * 2);
        }
    }
}
