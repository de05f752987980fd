// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.CharBuffer;
import java.util.Arrays;

/**
 * A password, token or the like, in an array that can be wiped, as a String cannot be. Shown by no {@code toString}. Not
 * thread-safe: whoever has it passes it on.
 */
public final class Secret implements AutoCloseable {
    /** An escaped character takes 6 bytes, {@code \}{@code u0000}; in UTF-8 none takes more than 3. */
    private static final int MAX_BYTES_PER_CHAR = 6;

    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

    private final char[] text;

    private Secret(char[] text) {
        this.text = text;
    }

    /** A copy of the array, which stays the caller's to wipe. */
    public static Secret of(char[] text) {
        return new Secret(text.clone());
    }

    /** What came as a String, of which there is nothing that could be wiped. */
    public static Secret of(String text) {
        return new Secret(text.toCharArray());
    }

    /** One of its own, for somebody who wipes it. */
    public Secret copy() {
        return new Secret(text.clone());
    }

    /** A copy of its characters, which is the caller's to wipe. */
    public char[] chars() {
        return text.clone();
    }

    /** How many characters there are. */
    public int length() {
        return text.length;
    }

    /** Overwrites it with zeros. */
    @Override
    public void close() {
        Arrays.fill(text, '\0');
    }

    /** No more than so many bytes are what {@link #writeJson} writes. */
    int maxJsonLength() {
        return text.length * MAX_BYTES_PER_CHAR + 2;
    }

    /** As a JSON string, with its quotes, in UTF-8; makes no copy of it anywhere else. */
    void writeJson(ByteBuf out) {
        out.writeByte('"');
        int plain = 0;
        for (int i = 0; i < text.length; i++) {
            char c = text[i];
            if (c < ' ' || c == '"' || c == '\\') {
                ByteBufUtil.writeUtf8(out, CharBuffer.wrap(text, plain, i - plain));
                plain = i + 1;
                out.writeByte('\\');
                if (c < ' ') {
                    out.writeByte('u').writeByte('0').writeByte('0').writeByte(HEX[c >> 4]);
                    out.writeByte(HEX[c & 0xf]);
                } else {
                    out.writeByte(c);
                }
            }
        }
        ByteBufUtil.writeUtf8(out, CharBuffer.wrap(text, plain, text.length - plain));
        out.writeByte('"');
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && Arrays.equals(text, secret.text);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(text);
    }

    /** Three asterisks, whatever it is. */
    @Override
    public String toString() {
        return "***";
    }
}
