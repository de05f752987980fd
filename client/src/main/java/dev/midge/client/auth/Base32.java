// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import java.util.Arrays;

/** Base32 of RFC 4648 without padding, in arrays that can be wiped. */
final class Base32 {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS = 5;
    private static final byte[] VALUES = values();

    private Base32() {}

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            values[ALPHABET.charAt(i)] = (byte) i;
        }
        return values;
    }

    static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder((bytes.length * 8 + BITS - 1) / BITS);
        int buffer = 0;
        int bits = 0;
        for (byte b : bytes) {
            buffer = ((buffer << 8) | (b & 0xff)) & 0xfff;
            for (bits += 8; bits >= BITS; bits -= BITS) {
                text.append(ALPHABET.charAt((buffer >> (bits - BITS)) & 31));
            }
        }
        if (bits > 0) {
            text.append(ALPHABET.charAt((buffer << (BITS - bits)) & 31));
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException if it is no such text; the exception does not show it */
    static byte[] decode(char[] text) {
        byte[] bytes = new byte[text.length * BITS / 8];
        int buffer = 0;
        int bits = 0;
        int length = 0;
        for (int i = 0; i < text.length; i++) {
            int value = text[i] < VALUES.length ? VALUES[text[i]] : -1;
            if (value < 0) {
                Arrays.fill(bytes, (byte) 0);
                throw new IllegalArgumentException("character " + (i + 1) + " is none of base32 (A-Z, 2-7)");
            }
            buffer = ((buffer << BITS) | value) & 0xfff;
            bits += BITS;
            if (bits >= 8) {
                bits -= 8;
                bytes[length++] = (byte) (buffer >> bits);
            }
        }
        return bytes;
    }
}
