// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts a control line together in an array that it keeps. A line that begins with the verb and subject of the last one
 * goes on behind them.
 */
final class LineWriter {
    /** What two numbers, a blank, CRLF and the overhang of a word take. */
    private static final int SPARE = 64;

    private static final int BILLION = 1_000_000_000;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Each number below 1024 with CRLF behind it, the first byte lowest, and in the highest byte how many they are. */
    private static final long[] TAILS = new long[1024];

    private static final int TAIL_LENGTH_SHIFT = 56;

    static {
        for (int i = 0; i < TAILS.length; i++) {
            byte[] text = (i + "\r\n").getBytes(UTF_8);
            for (int j = 0; j < text.length; j++) {
                TAILS[i] |= (long) text[j] << (Byte.SIZE * j);
            }
            TAILS[i] |= (long) text.length << TAIL_LENGTH_SHIFT;
        }
    }

    private byte[] bytes;
    private int length;

    private byte @Nullable [] verb;
    private @Nullable String subject;
    private int subjectEnd;

    /**
     * The end of the line, of {@link #TAILS}, that the array still lacks, or 0. Where it goes straight from here into a
     * buffer, the processor need not wait to read from the array what has just been written there.
     */
    private long tail;

    /** "PUB ", and room behind it. */
    private static final long PUB = 'P' | 'U' << 8 | 'B' << 16 | ' ' << 24;

    private static final int PUB_LENGTH = 4;

    /** Whether {@link #frame} may write such a PUB frame where there is so much room. */
    static boolean fits(byte[] subject, byte[] payload, int room) {
        return payload.length < TAILS.length && subject.length + payload.length + SPARE <= room;
    }

    /** Writes a PUB frame that {@link #fits}, and returns where it ends. */
    static int frame(byte[] out, int at, byte[] subject, byte[] payload) {
        LONGS.set(out, at, PUB);
        int end = at + PUB_LENGTH;
        System.arraycopy(subject, 0, out, end, subject.length);
        end += subject.length;
        out[end++] = ' ';
        long tail = TAILS[payload.length];
        LONGS.set(out, end, tail);
        end += (int) (tail >>> TAIL_LENGTH_SHIFT);
        System.arraycopy(payload, 0, out, end, payload.length);
        end += payload.length;
        out[end++] = '\r';
        out[end++] = '\n';
        return end;
    }

    /** A line that needs no larger array up to this size. */
    LineWriter(int size) {
        bytes = new byte[size + SPARE];
    }

    /** Begins a line as {@link #begin(byte[], String)} does if the last one had the very same verb and subject. */
    @SuppressWarnings("ReferenceEquality") // the quickest look there is; who looks closer is begin
    boolean beginAgain(byte[] verb, String subject) {
        if (subject != this.subject || verb != this.verb) {
            return false;
        }
        length = subjectEnd;
        return true;
    }

    int length() {
        return length;
    }

    /** Holds the line, until something is added to it. */
    byte[] bytes() {
        if (tail != 0) {
            LONGS.set(bytes, length - (int) (tail >>> TAIL_LENGTH_SHIFT), tail);
            tail = 0;
        }
        return bytes;
    }

    /**
     * Copies the line to an index of a buffer.
     *
     * @param behind how many bytes the caller is going to set behind it, all of which this may overwrite
     */
    void copyTo(ByteBuf out, int index, int behind) {
        long end = tail;
        if (end != 0 && behind >= Long.BYTES) {
            int start = length - (int) (end >>> TAIL_LENGTH_SHIFT);
            out.setBytes(index, bytes, 0, start);
            out.setLongLE(index + start, end);
        } else {
            out.setBytes(index, bytes(), 0, length);
        }
    }

    /** Begins a line with a verb, which ends with a blank, and nothing else. */
    LineWriter begin(byte[] verb) {
        subject = null;
        System.arraycopy(verb, 0, bytes, 0, verb.length);
        length = verb.length;
        return this;
    }

    /** Begins a line with a verb, which ends with a blank, a subject, and a blank. */
    LineWriter begin(byte[] verb, String subject) {
        if (verb == this.verb && subject.equals(this.subject)) {
            length = subjectEnd;
            return this;
        }
        begin(verb).token(subject);
        this.verb = verb;
        this.subject = subject;
        subjectEnd = length;
        return this;
    }

    /** Goes on with the UTF-8 bytes of a token, and a blank. */
    LineWriter token(String token) {
        int at = length;
        int characters = token.length();
        ensure(at + characters);
        byte[] target = bytes;
        int all = 0;
        for (int i = 0; i < characters; i++) {
            char c = token.charAt(i);
            target[at + i] = (byte) c;
            all |= c;
        }
        if (all < 0x80) {
            length = at + characters;
        } else {
            encoded(at, token.getBytes(UTF_8));
        }
        bytes[length++] = ' ';
        return this;
    }

    /** Goes on with a token that has been encoded, and a blank. */
    LineWriter token(byte[] utf8) {
        encoded(length, utf8);
        bytes[length++] = ' ';
        return this;
    }

    private void encoded(int at, byte[] utf8) {
        ensure(at + utf8.length);
        System.arraycopy(utf8, 0, bytes, at, utf8.length);
        length = at + utf8.length;
    }

    /** Goes on with a number, 0 or above, and a blank. */
    LineWriter number(long value) {
        length = digits(length, value);
        bytes[length++] = ' ';
        return this;
    }

    /** Ends the line: CRLF instead of the last blank. */
    LineWriter end() {
        bytes[length - 1] = '\r';
        bytes[length++] = '\n';
        tail = 0;
        return this;
    }

    /** Ends the line with a number, 0 or above, and CRLF. */
    LineWriter end(long value) {
        if (value >= TAILS.length) {
            return number(value).end();
        }
        long end = TAILS[(int) value];
        tail = end;
        length += (int) (end >>> TAIL_LENGTH_SHIFT);
        return this;
    }

    private int digits(int at, long value) {
        if (value >= BILLION) {
            int end = digits(at, value / BILLION) + 9;
            fill(end - 9, end, (int) (value % BILLION));
            return end;
        }
        int small = (int) value;
        int end = at + 1;
        for (int limit = 10; small >= limit && limit < BILLION; limit *= 10) {
            end++;
        }
        fill(at, end, small);
        return end;
    }

    /** Fills [from, to) with the last digits of a number. */
    private void fill(int from, int to, int value) {
        byte[] target = bytes;
        int rest = value;
        for (int i = to - 1; i >= from; i--) {
            int tenth = rest / 10;
            target[i] = (byte) ('0' + rest - tenth * 10);
            rest = tenth;
        }
    }

    private void ensure(int end) {
        if (end + SPARE > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * end + SPARE);
        }
    }
}
