// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads control lines in an array: finds their end, and the arguments of MSG and HMSG. */
final class ControlLine {
    /** How far behind the last byte {@link #indexOfLineFeed} may read: arrays given to it have this much to spare. */
    static final int SLACK = Long.BYTES;

    /** A sid has at most this many digits: what always fits a long. */
    private static final int MAX_SID_DIGITS = 18;

    /** A length has at most this many digits: what always fits an int. */
    private static final int MAX_LENGTH_DIGITS = 9;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** Clears the bit that tells a lower-case letter from its upper-case one, in each of four bytes. */
    private static final int UPPER_CASE = 0xdfdfdfdf;

    private static final int MSG = 'M' | 'S' << 8 | 'G' << 16;
    private static final int HMSG = 'H' | 'M' << 8 | 'S' << 16 | 'G' << 24;
    private static final String[] VERBS = {"MSG", "HMSG", "PING", "PONG", "INFO", "+OK", "-ERR"};
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = '\n' * LOW_BITS;

    /** Where the last number that {@link #digits} read ended. */
    private int position;

    /** The index of the first line feed in [from, to), or -1; looks at eight bytes at a time. */
    static int indexOfLineFeed(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i += Long.BYTES) {
            long word = (long) LONGS.get(bytes, i) ^ LINE_FEEDS;
            long zeros = (word - LOW_BITS) & ~word & HIGH_BITS;
            if (zeros != 0) {
                int index = i + (Long.numberOfTrailingZeros(zeros) >>> 3);
                return index < to ? index : -1;
            }
        }
        return -1;
    }

    /**
     * Reads {@code MSG <subject> <sid> [reply-to] <#bytes>} or {@code HMSG <subject> <sid> [reply-to] <#header bytes>
     * <#total bytes>} into a view. The line ends with CR LF, so no loop below can run past it.
     *
     * @param from the index behind the verb
     * @param cr the index of the carriage return
     * @return false if the line is not of this form
     */
    boolean message(byte[] bytes, int from, int cr, boolean headers, MessageView view) {
        int subjectStart = skipBlanks(bytes, from);
        int subjectEnd = skipToken(bytes, subjectStart);
        int i = skipBlanks(bytes, subjectEnd);
        if (subjectStart == from || subjectEnd == subjectStart || i == subjectEnd) {
            return false;
        }
        long sid = digits(bytes, i, MAX_SID_DIGITS);
        int last = position;
        i = skipBlanks(bytes, last);
        if (sid < 0 || i == last) {
            return false;
        }
        int replyStart = i;
        int replyEnd = i;
        int wanted = headers ? 2 : 1;
        if (countTokens(bytes, i) == wanted + 1) {
            replyEnd = skipToken(bytes, i);
            i = skipBlanks(bytes, replyEnd);
        }
        long length = digits(bytes, i, MAX_LENGTH_DIGITS);
        long headerLength = 0;
        if (headers) {
            headerLength = length;
            i = skipBlanks(bytes, position);
            if (headerLength < 0 || i == position) {
                return false;
            }
            length = digits(bytes, i, MAX_LENGTH_DIGITS);
        }
        if (length < 0 || skipBlanks(bytes, position) != cr) {
            return false;
        }
        view.line(bytes, sid, subjectStart, subjectEnd, replyStart, replyEnd);
        view.lengths((int) headerLength, (int) length);
        return true;
    }

    /** Whether the line that starts here has the verb MSG, whatever comes behind it. */
    static boolean isMsg(byte[] bytes, int start) {
        return ((int) INTS.get(bytes, start) & UPPER_CASE & 0xffffff) == MSG;
    }

    /** Whether the line that starts here has the verb HMSG, whatever comes behind it. */
    static boolean isHMsg(byte[] bytes, int start) {
        return ((int) INTS.get(bytes, start) & UPPER_CASE) == HMSG;
    }

    /** Whether the line [start, end) consists of this verb, in any case, and blanks. */
    static boolean is(String verb, byte[] bytes, int start, int end) {
        return matches(verb, bytes, start, end) == verb.length() && skipBlanks(bytes, start + verb.length()) == end;
    }

    /** Whether the line [start, end) begins with this verb, in any case, and a blank. */
    static boolean startsWith(String verb, byte[] bytes, int start, int end) {
        int behind = start + verb.length();
        return matches(verb, bytes, start, end) == verb.length() && skipBlanks(bytes, behind) > behind;
    }

    /** Whether an incomplete line of at least one byte can still become one that a server sends. */
    static boolean mayBegin(byte[] bytes, int start, int end) {
        for (String verb : VERBS) {
            if (matches(verb, bytes, start, end) == Math.min(verb.length(), end - start)) {
                return true;
            }
        }
        return false;
    }

    /** How many characters of the upper-case verb stand at the start of [start, end), in any case. */
    private static int matches(String verb, byte[] bytes, int start, int end) {
        int length = Math.min(verb.length(), end - start);
        for (int i = 0; i < length; i++) {
            byte b = bytes[start + i];
            if ((b >= 'a' && b <= 'z' ? b - 0x20 : b) != verb.charAt(i)) {
                return i;
            }
        }
        return length;
    }

    private static int skipBlanks(byte[] bytes, int from) {
        int i = from;
        while (bytes[i] == ' ' || bytes[i] == '\t') {
            i++;
        }
        return i;
    }

    /** The index behind the token that starts here: a token is of anything but white space and control characters. */
    private static int skipToken(byte[] bytes, int from) {
        int i = from;
        while ((bytes[i] & 0xff) > ' ' && bytes[i] != 127) {
            i++;
        }
        return i;
    }

    private static int countTokens(byte[] bytes, int from) {
        int count = 0;
        int i = from;
        for (int end = skipToken(bytes, i); end > i; end = skipToken(bytes, i)) {
            count++;
            i = skipBlanks(bytes, end);
        }
        return count;
    }

    /** The number that starts here, or -1 if there is none or it has more digits than allowed. */
    private long digits(byte[] bytes, int from, int maxDigits) {
        long value = 0;
        int i = from;
        for (int digit = bytes[i] - '0'; digit >= 0 && digit <= 9; digit = bytes[i] - '0') {
            value = value * 10 + digit;
            i++;
        }
        position = i;
        return i == from || i - from > maxDigits ? -1 : value;
    }
}
