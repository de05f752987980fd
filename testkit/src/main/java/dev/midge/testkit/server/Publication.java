// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

/** The control line of a message from a client: offsets into the bytes of its arguments. One for each client. */
final class Publication {
    private static final int MAX_ARGUMENTS = 4;
    private static final byte[] NOTHING = {};

    /** Where the offsets are offsets in. */
    byte[] line = NOTHING;

    int subjectFrom;
    int subjectTo;
    /** Equal to {@link #replyTo} when there is no reply-to subject. */
    int replyFrom;

    int replyTo;

    /** The digits of the header length, as sent, zeros in front included: that is how they are passed on. */
    int headerDigitsFrom;

    int headerDigitsTo;
    /** The digits of the total length, likewise. */
    int sizeDigitsFrom;

    int sizeDigitsTo;

    /** Whether it is a HPUB. */
    boolean withHeaders;

    /** Bytes of the header block; 0 when there is none. */
    int headerLength;

    /** Bytes of header block and payload. */
    int size;

    private final int[] starts = new int[MAX_ARGUMENTS];
    private final int[] ends = new int[MAX_ARGUMENTS];

    /** What HMSG from a client amounts to. */
    void setEmpty() {
        line = NOTHING;
        subjectFrom = subjectTo = replyFrom = replyTo = 0;
        headerDigitsFrom = headerDigitsTo = sizeDigitsFrom = sizeDigitsTo = 0;
        headerLength = size = 0;
        withHeaders = false;
    }

    /**
     * Reads {@code <subject> [reply-to] <#bytes>}, or with headers {@code <subject> [reply-to] <#header bytes> <#total
     * bytes>}.
     *
     * @return whether that is what there was
     */
    boolean parse(byte[] bytes, int from, int to, boolean headers) {
        int count = split(bytes, from, to);
        int numbers = headers ? 2 : 1;
        if (count < numbers + 1 || count > numbers + 2) {
            return false;
        }
        line = bytes;
        withHeaders = headers;
        subjectFrom = starts[0];
        subjectTo = ends[0];
        boolean reply = count == numbers + 2;
        replyFrom = reply ? starts[1] : subjectTo;
        replyTo = reply ? ends[1] : subjectTo;
        sizeDigitsFrom = starts[count - 1];
        sizeDigitsTo = ends[count - 1];
        size = Arguments.number(bytes, sizeDigitsFrom, sizeDigitsTo);
        headerLength = 0;
        if (headers) {
            headerDigitsFrom = starts[count - 2];
            headerDigitsTo = ends[count - 2];
            headerLength = Arguments.number(bytes, headerDigitsFrom, headerDigitsTo);
        }
        return headerLength >= 0 && size >= headerLength;
    }

    /** Copies the arguments to where they stay while the rest of the message is to arrive. */
    void moveTo(byte[] other, int otherFrom) {
        int shift = otherFrom - subjectFrom;
        int end = sizeDigitsTo;
        System.arraycopy(line, subjectFrom, other, otherFrom, end - subjectFrom);
        line = other;
        subjectFrom += shift;
        subjectTo += shift;
        replyFrom += shift;
        replyTo += shift;
        headerDigitsFrom += shift;
        headerDigitsTo += shift;
        sizeDigitsFrom += shift;
        sizeDigitsTo += shift;
    }

    /** How many bytes {@link #moveTo} copies. */
    int lineLength() {
        return sizeDigitsTo - subjectFrom;
    }

    String subject() {
        return Arguments.text(line, subjectFrom, subjectTo);
    }

    boolean hasReply() {
        return replyTo > replyFrom;
    }

    String reply() {
        return Arguments.text(line, replyFrom, replyTo);
    }

    /** Whether the subject begins so, and goes on. */
    boolean subjectBeginsWith(byte[] prefix) {
        return Arguments.beginsWith(line, subjectFrom, subjectTo, prefix);
    }

    /** Whether the reply-to subject begins so, and goes on. */
    boolean replyBeginsWith(byte[] prefix) {
        return Arguments.beginsWith(line, replyFrom, replyTo, prefix);
    }

    private int split(byte[] bytes, int from, int to) {
        int count = 0;
        int i = from;
        while (true) {
            while (i < to && isBlank(bytes[i])) {
                i++;
            }
            if (i == to) {
                return count;
            }
            if (count == MAX_ARGUMENTS) {
                return count + 1;
            }
            starts[count] = i;
            while (i < to && !isBlank(bytes[i])) {
                i++;
            }
            ends[count++] = i;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
