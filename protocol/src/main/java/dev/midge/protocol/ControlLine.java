// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads control lines in an array: finds their end, and the arguments of MSG and HMSG. */
final class ControlLine {
    /**
     * How far behind the last byte this class may read, so that it need not look where it is before it reads a word:
     * arrays given to it have this much to spare. Three numbers in a row with what is between them take most.
     */
    static final int SLACK = 32;

    /** A sid has at most this many digits: what always fits a long. */
    private static final int MAX_SID_DIGITS = 18;

    /** A length has at most this many digits: what always fits an int. */
    private static final int MAX_LENGTH_DIGITS = 9;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** "MSG " as it lies in the array. */
    private static final int MSG_BLANK = 'M' | 'S' << 8 | 'G' << 16 | ' ' << 24;

    /** A number of fewer digits ends in the word that it starts in. */
    private static final int DIGITS_IN_WORD = Long.BYTES;

    /** Clears the bit that tells a lower-case letter from its upper-case one, in each of four bytes. */
    private static final int UPPER_CASE = 0xdfdfdfdf;

    private static final int MSG = 'M' | 'S' << 8 | 'G' << 16;
    private static final int HMSG = 'H' | 'M' << 8 | 'S' << 16 | 'G' << 24;
    private static final String[] VERBS = {"MSG", "HMSG", "PING", "PONG", "INFO", "+OK", "-ERR"};
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = '\n' * LOW_BITS;
    private static final long EXCLAMATION_MARKS = '!' * LOW_BITS;
    private static final long ZEROS = '0' * LOW_BITS;

    /** What lifts 10 and more, but no digit, to the high bit. */
    private static final long OVER_NINE = (0x80 - 10) * LOW_BITS;

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
     * Reads a line that is written as all known servers write it: capitals, one space between arguments, numbers of at
     * most seven digits. It knows the end of the line when it gets there, so there is no search for it, and it has few
     * branches that depend on the length of something. What it does not take may be right nevertheless, or incomplete.
     *
     * @return the index behind the line, or -1 if {@link #message} must have a look at it
     */
    static int plainMessage(byte[] bytes, int start, int end, MessageView view) {
        int verb = (int) INTS.get(bytes, start);
        if (verb == MSG_BLANK) {
            return plainMessage(bytes, start + 4, end, false, view);
        }
        return verb == HMSG && bytes[start + 4] == ' ' ? plainMessage(bytes, start + 5, end, true, view) : -1;
    }

    private static int plainMessage(byte[] bytes, int subjectStart, int end, boolean headers, MessageView view) {
        int subjectEnd = plainTokenEnd(bytes, subjectStart, end);
        if (subjectEnd == subjectStart || subjectEnd >= end || bytes[subjectEnd] != ' ') {
            return -1;
        }
        int i = subjectEnd + 1;
        long word = (long) LONGS.get(bytes, i);
        int digits = countDigits(word);
        if (digits == 0 || digits == DIGITS_IN_WORD || bytes[i + digits] != ' ') {
            return -1;
        }
        long sid = number(word, digits);
        i += digits + 1;
        int replyStart = i;
        int replyEnd = i;
        word = (long) LONGS.get(bytes, i);
        digits = countDigits(word);
        byte behind = headers ? (byte) ' ' : (byte) '\r';
        if (digits == 0 || digits == DIGITS_IN_WORD || bytes[i + digits] != behind) {
            replyEnd = plainTokenEnd(bytes, i, end);
            if (replyEnd == replyStart || replyEnd >= end || bytes[replyEnd] != ' ') {
                return -1;
            }
            i = replyEnd + 1;
            word = (long) LONGS.get(bytes, i);
            digits = countDigits(word);
            if (digits == 0 || digits == DIGITS_IN_WORD || bytes[i + digits] != behind) {
                return -1;
            }
        }
        int length = (int) number(word, digits);
        int headerLength = 0;
        i += digits;
        if (headers) {
            headerLength = length;
            i++;
            word = (long) LONGS.get(bytes, i);
            digits = countDigits(word);
            if (digits == 0 || digits == DIGITS_IN_WORD || bytes[i + digits] != '\r') {
                return -1;
            }
            length = (int) number(word, digits);
            i += digits;
        }
        if (bytes[i + 1] != '\n' || i + 1 >= end) {
            return -1;
        }
        view.line(bytes, sid, subjectStart, subjectEnd, replyStart, replyEnd);
        view.lengths(headerLength, length);
        return i + 2;
    }

    /**
     * The index of the first byte from here on that is white space or a control character, or some index from {@code
     * end} on. Behind a byte of 255, which is nowhere in UTF-8, it may take another one for a control character.
     */
    private static int plainTokenEnd(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i += Long.BYTES) {
            long word = (long) LONGS.get(bytes, i);
            long ends = ((word - EXCLAMATION_MARKS) | (word + LOW_BITS)) & ~word & HIGH_BITS;
            if (ends != 0) {
                return i + (Long.numberOfTrailingZeros(ends) >>> 3);
            }
        }
        return end;
    }

    /** How many of the eight characters, the first one in the lowest byte, are digits before the first other one. */
    private static int countDigits(long word) {
        long values = word ^ ZEROS;
        long others = ((values + OVER_NINE) | values) & HIGH_BITS;
        return Long.numberOfTrailingZeros(others) >>> 3; // 64 when there is no other one
    }

    /** The number that the first one to seven of eight characters make: pairs, then fours, then all at once. */
    private static long number(long word, int digits) {
        long values = (word ^ ZEROS) << (Long.SIZE - Byte.SIZE * digits); // now with leading zeros
        long pairs = (values * 10 + (values >>> 8)) & 0x00ff00ff00ff00ffL;
        long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000ffff0000ffffL;
        return (fours * 10_000 + (fours >>> 32)) & 0xffffffffL;
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
        if (end - start >= Integer.BYTES && (isMsg(bytes, start) || isHMsg(bytes, start))) {
            return true;
        }
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
