// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import dev.midge.protocol.Secret;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/** What is done with secrets: in arrays, which are wiped, as a String cannot be. */
final class Secrets {
    private Secrets() {}

    /** A copy without white space around it. */
    static char[] trim(char[] text) {
        int start = 0;
        int end = text.length;
        while (start < end && Character.isWhitespace(text[start])) {
            start++;
        }
        while (end > start && Character.isWhitespace(text[end - 1])) {
            end--;
        }
        return Arrays.copyOfRange(text, start, end);
    }

    /** The characters of UTF-8 bytes. */
    static char[] chars(byte[] utf8) {
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
        char[] chars = new char[decoded.remaining()];
        decoded.get(chars);
        Arrays.fill(decoded.array(), '\0');
        return chars;
    }

    /** A copy of one that may not be empty. */
    static char[] notEmpty(String name, char[] secret) {
        if (secret.length == 0) {
            throw new IllegalArgumentException(name + " is empty: must not be");
        }
        return secret.clone();
    }

    /** What the supplier returns, to be wiped by the caller. */
    static char[] get(Supplier<char[]> supplier, String name) {
        char[] secret = supplier.get();
        if (secret == null) {
            throw new IllegalStateException("the supplier of the " + name + " returned null");
        }
        return secret;
    }

    /** What the supplier returns, whose own array is wiped. */
    static Secret take(Supplier<char[]> supplier, String name) {
        char[] secret = get(supplier, name);
        try {
            return Secret.of(secret);
        } finally {
            wipe(secret);
        }
    }

    static void wipe(char[] secret) {
        Arrays.fill(secret, '\0');
    }

    static void wipe(byte[] secret) {
        Arrays.fill(secret, (byte) 0);
    }
}
