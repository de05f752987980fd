// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads arguments of control lines. Subjects, queue names and sids are any bytes to the server; as Strings they have
 * one character for each byte, whatever the bytes mean.
 */
final class Arguments {
    /** parseSize of nats-server's util.go takes no more, zeros in front included. */
    private static final int MAX_DIGITS = 9;

    private Arguments() {}

    static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** The number written there, or -1 if it is none or has too many digits. */
    static int number(byte[] bytes, int from, int to) {
        if (from == to || to - from > MAX_DIGITS) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** Whether there are more bytes than these, which come first. */
    static boolean beginsWith(byte[] bytes, int from, int to, byte[] prefix) {
        return to - from > prefix.length && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
    }

    /** The arguments of SUB and UNSUB, between any white space. */
    static List<String> split(byte[] bytes, int from, int to) {
        List<String> arguments = new ArrayList<>(3);
        int start = -1;
        for (int i = from; i <= to; i++) {
            boolean white = i == to || isWhite(bytes[i]);
            if (white && start >= 0) {
                arguments.add(text(bytes, start, i));
                start = -1;
            } else if (!white && start < 0) {
                start = i;
            }
        }
        return arguments;
    }

    private static boolean isWhite(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
